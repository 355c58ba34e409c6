"""What a `requirements.txt` names, for packages that state it themselves."""

from ._read import read_requirements

__all__ = ["read_requirements"]

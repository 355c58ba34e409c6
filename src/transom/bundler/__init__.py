"""`transom build`: from a project to what its users install, made from the fields of `bundle` in `tauri.conf.json`."""

from ._build import TARGETS, build
from ._ci import write_workflow
from ._plan import BundlePlan, plan_of
from ._signer import SecretKey, secret_text, sign_file, write_keys

__all__ = [
    "TARGETS",
    "BundlePlan",
    "SecretKey",
    "build",
    "plan_of",
    "secret_text",
    "sign_file",
    "write_keys",
    "write_workflow",
]

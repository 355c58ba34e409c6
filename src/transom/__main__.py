"""Run the command line with `python -m transom`."""

import sys

from .cli import main

sys.exit(main())

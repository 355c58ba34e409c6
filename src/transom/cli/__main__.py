"""Run the command line with `python -m transom.cli`."""

import sys

from . import main

sys.exit(main())

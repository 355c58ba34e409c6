"""Run the command line with `python -m transom.cli`."""

import sys

from ._main import main

sys.exit(main())

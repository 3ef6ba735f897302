"""``python -m XAICLIPLib.cli``."""

import sys

from XAICLIPLib.cli import main

sys.exit(main())

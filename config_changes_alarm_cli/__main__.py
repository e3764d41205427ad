"""`python -m config_changes_alarm_cli`, where the console script is not installed."""

import sys

from . import main

sys.exit(main())

"""For processes whose clock is to jump: theirs is ahead by as many seconds as the file says.

Python reads this at its start where the folder stands in PYTHONPATH; only the portal's own clock is moved.
"""

import os
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from portal.kernel import clock

AHEAD = Path(os.environ["FAULTS_AHEAD"])


class Moved(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "Moved":
        return super().now(tz) + timedelta(seconds=float(AHEAD.read_text()))


clock.datetime = Moved  # type: ignore[misc]

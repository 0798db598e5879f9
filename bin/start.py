"""The command line, such that Ctrl-C while the libraries are still loading leaves no traceback.

What is loaded stays: to look for garbage in it meanwhile takes a sixth of the time.
"""

import gc
import signal
import sys

signal.signal(signal.SIGINT, signal.SIG_DFL)
gc.disable()

from portal.command_line import main  # noqa: E402

gc.enable()
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.argv[0] = "portal"
main()

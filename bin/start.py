"""The command line, such that Ctrl-C while the libraries are still loading leaves no traceback."""

import signal
import sys

signal.signal(signal.SIGINT, signal.SIG_DFL)

from portal.command_line import main  # noqa: E402

signal.signal(signal.SIGINT, signal.default_int_handler)
sys.argv[0] = "portal"
main()

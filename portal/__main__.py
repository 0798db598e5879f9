"""`python -m portal` is the command line."""

from portal.command_line import main

main()

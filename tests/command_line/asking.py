"""One command of the command line, in this process."""

from click.testing import CliRunner, Result
from flask import has_app_context

from portal.command_line import main
from portal.kernel.db import db


def portal(*words: object) -> Result:
    if has_app_context():
        db.session.remove()  # what the command wrote is read anew
    return CliRunner().invoke(main, [str(word) for word in words])

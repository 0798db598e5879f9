"""Pages of answers."""

from flask import Blueprint
from werkzeug import Response

from portal.web.responses import page

answers = Blueprint("answers", __name__)


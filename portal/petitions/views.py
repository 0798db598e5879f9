"""Pages of petitions."""

from flask import Blueprint
from werkzeug import Response

from portal.web.responses import page

petitions = Blueprint("petitions", __name__)


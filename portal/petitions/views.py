"""Pages of petitions."""

from flask import Blueprint

petitions = Blueprint("petitions", __name__)

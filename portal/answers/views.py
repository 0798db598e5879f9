"""Pages of answers."""

from flask import Blueprint

answers = Blueprint("answers", __name__)

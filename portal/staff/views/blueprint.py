"""What all pages of officials stand on."""

from flask import Blueprint

staff = Blueprint("staff", __name__)

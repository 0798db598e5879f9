"""What a page is held against: a Flask route that answers with as many bytes and does nothing else."""

import os
from pathlib import Path

from flask import Flask, Response

app = Flask(__name__)
PAGES = {path.stem: path.read_text() for path in Path(os.environ["BARE_PAGES"]).glob("*.html")}


@app.get("/<name>")
def page(name: str) -> Response:
    return Response(PAGES[name], mimetype="text/html")

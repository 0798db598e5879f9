"""For a WSGI server: `gunicorn wsgi:app`."""

from portal import create_app
from portal.kernel.measures import share

app = create_app()
share(app)

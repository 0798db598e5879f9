"""For a WSGI server: `gunicorn wsgi:app`."""

from portal import create_app
from portal.kernel.process import begin

app = create_app()
begin(app)

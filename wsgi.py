"""For a WSGI server: `gunicorn wsgi:app`. What is loaded stays: nobody looks for garbage in it."""

import gc

gc.disable()

from portal import create_app  # noqa: E402
from portal.kernel.process import begin  # noqa: E402

app = create_app()
begin(app)
gc.collect()
gc.freeze()
gc.enable()

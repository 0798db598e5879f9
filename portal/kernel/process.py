"""What each process of the portal begins with: where its log goes, its figures, and its errors."""

from flask import Flask

from portal.kernel import logs, measures, reports


def begin(app: Flask) -> None:
    logs.configure(app)
    reports.configure(app)
    measures.share(app)

"""What the operator chose, for those who know no Flask."""

from typing import Any

from flask import current_app


def setting(name: str) -> Any:
    """The value of a setting of portal/settings.py."""
    return current_app.config[name]

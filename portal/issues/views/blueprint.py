"""The blueprint, and what every step needs: the draft of this visitor."""

from typing import Any

from flask import Blueprint, Response, session

from portal.issues import commands, queries, texts
from portal.issues.forms import ConfirmForm
from portal.issues.models import Draft
from portal.web.forms import new_key
from portal.web.responses import invalid, page
from portal.web.visitor import me

issues = Blueprint("issues", __name__)

DRAFT, REPORTED = "draft", "reported"
"""In the visitor's session: the key of what they are writing, and the number of what they sent last."""


def own_draft() -> Draft | None:
    """What this visitor is writing; not what somebody else left behind on the same device."""
    draft = queries.draft(session.get(DRAFT))
    if draft is not None and not draft.is_of(me()):
        session.pop(DRAFT)
        return None
    return draft


def own_key() -> str:
    """The key of what this visitor writes: made early, so that a form sent twice is one draft."""
    return str(session.setdefault(DRAFT, new_key()))


def save(**given: Any) -> Draft:
    """Write down what was filled in; `given` as for the command."""
    saved: Draft = commands.save_draft(me(), None, key=own_key(), **given)
    return saved


def asked(template: str, *fragments: str, **context: Any) -> Response:
    """The page of a step."""
    return page(template, *fragments, **_frame(), **context)


def refused(template: str, *fragments: str, **context: Any) -> Response:
    """The page of a step again, with what is not right yet."""
    return invalid(template, *fragments, **_frame(), **context)


def _frame() -> dict[str, Any]:
    """What stands around every step; `since`: when the server last wrote down what is typed."""
    draft, key = own_draft(), own_key()
    others = [other for other in queries.drafts_of(me()) if other.key != key]
    button = ConfirmForm(formdata=None)
    return {
        "steps": texts.STEPS,
        "draft": draft,
        "since": draft.changed_at if draft else None,
        "others": len(others),
        "button": button,
    }

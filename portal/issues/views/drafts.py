"""Reports that were begun: going on with one from another device, and throwing one away."""

from flask import session, url_for
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug import Response

from portal.issues import commands, forms, queries
from portal.issues.models import Draft
from portal.issues.views.blueprint import DRAFT, issues, own_draft
from portal.web.responses import done
from portal.web.visitor import me


@issues.get("/report/drafts/<int:number>")
@login_required
def resume(number: int) -> Response:
    """Go on with this one here, at the first step that is not done."""
    draft = queries.own_draft(me(), number)
    session[DRAFT] = draft.key
    return done(url_for(".step", step=queries.first_missing(draft)))


@issues.post("/report/discard")
def discard() -> Response:
    """Throw away what this visitor is writing here, or the one of their drafts that the form names."""
    form = forms.DiscardForm()
    draft = meant(form)
    if draft is not None:
        commands.discard(me(), draft)
    back = "accounts.me" if form.number.data else "home.index"
    return done(url_for(back), _("Thrown away. Nothing of it is kept."))


def meant(form: forms.DiscardForm) -> Draft | None:
    number = form.number.data or ""
    if number:
        return next((draft for draft in queries.drafts_of(me()) if str(draft.id) == number), None)
    here = own_draft()
    session.pop(DRAFT, None)
    return here

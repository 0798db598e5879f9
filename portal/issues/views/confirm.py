"""After it was sent: the thanks, and the link in the mail."""

from flask import redirect, session, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.issues import commands, forms, queries
from portal.issues.views.blueprint import REPORTED, issues
from portal.web.responses import done, page
from portal.web.visitor import me


@issues.get("/report/thanks")
def thanks() -> Response:
    """What this visitor reported just now."""
    dossier = queries.reported(session.get(REPORTED))
    if dossier is None:
        return redirect(url_for(".start"), 303)
    return page("issues/thanks.html", dossier=dossier)


@issues.route("/r/<ticket>", methods=["GET", "POST"])
def confirm(ticket: str) -> Response:
    """Mail scanners open the page; only a person presses its button."""
    dossier = queries.report_of(ticket)
    form = forms.ConfirmForm()
    if not form.validate_on_submit():
        return page("issues/confirm.html", form=form, dossier=dossier)
    commands.confirm_report(dossier.opener or me(), dossier)
    return done(url_for("dossiers.show", ref=dossier.ref), _("Thank you. Everybody can see your report now."))

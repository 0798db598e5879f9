"""What waits for a look, what came with a mail, and the page behind the link in the mail that goes back."""

from io import BytesIO
from typing import Any

from flask import Blueprint, request, send_file, url_for
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug import Response

from portal.answers.forms import PREVIEW, SEND
from portal.answers.texts import came_along
from portal.dossiers.texts import shown
from portal.kernel import storage
from portal.kernel.policy import SYSTEM, allowed, require
from portal.kernel.tickets import For, read
from portal.mailroom import commands, own_data, panels, queries  # noqa: F401 (register themselves)
from portal.mailroom.forms import LetInForm, NameForm
from portal.mailroom.models import Mail, MailState
from portal.mailroom.policy import Do
from portal.mailroom.texts import WHYS, stands_as
from portal.notices.queries import unreachable
from portal.web.forms import OnceForm
from portal.web.responses import done, invalid, page
from portal.web.visitor import me

mailroom = Blueprint("mailroom", __name__)
mailroom.add_app_template_global(lambda: queries.number_waiting(me()), "mails_waiting")
TYPES = {"pdf": "application/pdf", "webp": "image/webp", "txt": "text/plain; charset=utf-8"}
COMPOSER = "answers/_composer.html"


@mailroom.get("/mail")
@login_required
def pen() -> Response:
    returned = queries.pen(me(), MailState.RETURNED)
    context: dict[str, Any] = {
        "returned": returned,
        "unreachable": unreachable(me()),
        "whys": WHYS,
        "came_along": came_along,
        "form": OnceForm(),
        "Do": Do,
    }
    return page("mailroom/pen.html", mails=queries.pen(me()), **context)


@mailroom.route("/mail/<int:mail_id>/let-in", methods=["GET", "POST"])
@login_required
def let_in(mail_id: int) -> Response:
    mail = queries.mail(mail_id)
    form = LetInForm(kind=request.args.get("kind")).of_mail(mail)
    if (unfinished := _unfinished("mailroom/let_in.html", mail, form, me(), Do.LET_IN)) is not None:
        return unfinished
    commands.let_in(me(), mail, once=form.once.data, **form.given)
    ref = mail.addressee.dossier.ref
    return done(url_for(".pen"), _("It stands on the timeline of %(ref)s now.", ref=ref))


@mailroom.post("/mail/<int:mail_id>/throw-away")
@login_required
def throw_away(mail_id: int) -> Response:
    mail, form = queries.mail(mail_id), OnceForm()
    require(me(), Do.THROW_AWAY, mail)
    commands.throw_away(me(), mail, once=form.once.data)
    return done(url_for(".pen"), _("Thrown away. Nothing of it is kept."))


@mailroom.get("/mail/files/<key>")
def file(key: str) -> Response:
    """To be kept on one's own device: nothing in it is opened as a page of ours."""
    found = queries.file(me(), key)
    saved = found.kind != "webp"
    word = _("attachment")
    name = f"{word}-{found.id}.{found.kind}"
    answer = send_file(BytesIO(storage.get(key)), TYPES[found.kind], as_attachment=saved, download_name=name)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@mailroom.route("/mail/<ticket>", methods=["GET", "POST"])
def name(ticket: str) -> Response:
    """The link in the mail that goes back. Mail scanners open the page; only a person presses its buttons."""
    mail = queries.mail(read(For.ANSWER, ticket))
    given = {"kind": request.args.get("kind"), "text": queries.words_of(mail)}
    form = NameForm(**given).of(mail.addressee.organisation)
    if not allowed(SYSTEM, Do.NAME, mail):
        return _no_more(mail)
    if (unfinished := _unfinished("mailroom/name.html", mail, form, SYSTEM, Do.NAME)) is not None:
        return unfinished
    entry = commands.name(SYSTEM, mail, once=form.once.data, **form.given)
    back = url_for("dossiers.show", ref=entry.dossier.ref, _anchor=f"e{entry.seq}")
    return done(back, _("Your answer stands on the page of %(ref)s.", ref=entry.dossier.ref))


def _unfinished(template: str, mail: Mail, form: NameForm, actor: Any, do: Do) -> Response | None:
    """The form in the step it is in: being filled in, with what is wrong, or as others will read it.

    None when it is right and was sent: the command asks the policy, and knows a submit that it had before.
    """
    step, dossier = request.form.get("step"), mail.addressee.dossier
    wrong = step in {PREVIEW, SEND} and not form.right()
    if step == SEND and not wrong:
        return None
    require(actor, do, mail)
    preview = shown(form.entry(me(), dossier)) if step == PREVIEW and not wrong else None
    context: dict[str, Any] = {"mail": mail, "dossier": dossier, "preview": preview, "whys": WHYS}
    answer = invalid if wrong else page
    more: dict[str, Any] = {"form": form, "stands_as": stands_as(mail), "action": request.path}
    return answer(template, COMPOSER, **context, **more)


def _no_more(mail: Mail) -> Response:
    """It was said before, or too long ago, or the dossier moved on."""
    dossier = mail.addressee.dossier
    if mail.named_at is not None:
        return done(url_for("dossiers.show", ref=dossier.ref))
    return page("mailroom/no_more.html", status=409, dossier=dossier)

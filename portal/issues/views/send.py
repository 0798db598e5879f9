"""The last step: a look at all of it, at what is alike nearby, and sending it."""

from typing import Any

from flask import session, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug import Response

from portal.dossiers.models import Dossier, Kind
from portal.dossiers.texts import held
from portal.issues import commands, forms, queries, texts
from portal.issues.models import Draft
from portal.issues.questions import answered_in, in_words
from portal.issues.views.blueprint import DRAFT, REPORTED, asked, refused, save
from portal.issues.views.what import alike, instead
from portal.kernel.errors import Invalid
from portal.ties.forms import after, pressed
from portal.ties.models import Says
from portal.ties.queries import named
from portal.web.responses import done
from portal.web.visitor import locale, me

SEND = "issues/send.html"


def send(draft: Draft) -> Response:
    form = forms.SendForm(known=me().is_authenticated)
    if queries.signpost(draft):
        return done(url_for(".signpost"))
    if (answer := pressed()) is not None:
        if answer.says == Says.ME_TOO:
            return instead(draft, answer)
        draft = save(**after(draft.values, answer))
    if not form.is_submitted() or (answer is not None and answer.says == Says.DIFFERENT):
        return asked(SEND, form=form, **summary(draft))
    return send_it(form, draft)


def send_it(form: forms.SendForm, draft: Draft) -> Response:
    if not form.validate():
        return refused(SEND, form=form, **summary(draft))
    try:
        dossier = commands.report(me(), draft, once=form.once.data, locale=locale(), **form.given)
    except Invalid as error:
        form.refuse(error)
        return refused(SEND, form=form, **summary(draft))
    return sent(dossier.id, form.given.get("email", ""))


def summary(draft: Draft) -> dict[str, Any]:
    """All that will be sent, for a last look, and what is open nearby."""
    return {
        "kind": dict(texts.KINDS)[draft.values["kind"]],
        "category": queries.category(draft.values["category"]),
        "answers": in_words(draft.values["category"], answered_in(draft.values), str(get_locale())),
        "place": queries.place_in_words(draft.values),
        **alike(draft.values, queries.meant(draft)),
        "belonging": named(draft.values.get(Says.BELONGS, ())),
        "day": held(draft.begins_at, draft.ends_at) if draft.values["kind"] == Kind.PLAN else "",
        "clashes": clashes(draft),
    }


def clashes(draft: Draft) -> list[tuple[Dossier, str]]:
    """Plans near this one in time and place, each with the reason."""
    found = queries.clashing(draft) if draft.values["kind"] == Kind.PLAN else []
    return [(clash.dossier, texts.clash(clash)) for clash in found]


def sent(dossier_id: int, email: str = "") -> Response:
    """To the thanks; the address is shown once, so that a typing error in it is seen."""
    session.pop(DRAFT, None)
    session[REPORTED] = dossier_id
    message = _("We sent a mail to %(address)s.", address=email) if email else ""
    return done(url_for(".thanks"), message)

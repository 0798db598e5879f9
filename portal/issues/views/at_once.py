"""A whole report in one form: written on a device without network, sent when there is network again."""

from hashlib import sha256
from typing import Any

from flask import current_app, session, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.dossiers import pictures
from portal.dossiers.models import Attachment, Dossier
from portal.dossiers.queries import categories
from portal.issues import commands, forms, queries, texts
from portal.issues.models import Draft
from portal.issues.pictures import add_photo
from portal.issues.views.blueprint import REPORTED, issues
from portal.kernel.errors import Invalid, NotFound
from portal.places.queries import neighbourhoods
from portal.web.responses import done, invalid, page
from portal.web.visitor import locale, me

OFFLINE = "issues/offline.html"


def at_once_form() -> forms.AtOnceForm:
    code = current_app.config["NEIGHBOURHOOD"]
    form = forms.AtOnceForm(known=me().is_authenticated, data={"neighbourhood": code})
    form.category.choices = forms.options(texts.category_choices(categories()))
    near = neighbourhoods(queries.district_of(code))
    form.neighbourhood.choices = [forms.SelectChoice(one.code, one.name) for one in near]
    return form


@issues.get("/report/offline")
def offline() -> Response:
    return page(OFFLINE, form=at_once_form(), hints=texts.KIND_HINTS)


@issues.post("/report/at-once")
def at_once() -> Response:
    """As the steps, with the same checks. A second submit of the same form leads where the first one led."""
    form = at_once_form()
    email = form.given.get("email", "")
    if (known := queries.sent(form.once.data)) is not None:
        return opened(known, email)
    if not form.validate():
        return invalid(OFFLINE, form=form, hints=texts.KIND_HINTS)
    try:
        return opened(report(form), email)
    except Invalid as error:
        form.refuse(texts.worded(error))
        return invalid(OFFLINE, form=form, hints=texts.KIND_HINTS)


def report(form: forms.AtOnceForm) -> Dossier:
    """Write the draft and send it. Of two at the same moment the second finds what the first one made."""
    once = str(form.once.data)
    spot = queries.spot(form.chosen, texts.called, {})
    photos = [pictures.keep(file.read()) for file in form.photo.data or [] if file]
    draft = written(sha256(f"at-once {once}".encode()).hexdigest(), photos, **form.typed, **spot)
    try:
        made: Dossier = commands.report(me(), draft, once=once, locale=locale(), **form.given)
        return made
    except NotFound:
        if (made_before := queries.sent(once)) is not None:
            return made_before
        raise


def written(key: str, photos: list[Attachment], **told: Any) -> Draft:
    """All of it as a draft; what was written of it before, by the same form, stays once."""
    draft: Draft = commands.save_draft(me(), None, key=key, **told)
    for photo in photos:
        add_photo(me(), None, key=key, picture=photo)
    return draft


def opened(dossier: Dossier, email: str) -> Response:
    session[REPORTED] = dossier.id
    if not email:
        return done(url_for("dossiers.show", ref=dossier.ref), _("Your report is on its page."))
    return done(url_for(".thanks"), _("We sent a mail to %(address)s.", address=email))

"""A whole report in one form: written on a device without network, sent when there is network again."""

from flask import current_app, session, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.dossiers.models import Dossier
from portal.dossiers.pictures import keep
from portal.dossiers.queries import categories
from portal.issues import commands, forms, guessing, pictures, queries, texts
from portal.issues.models import Draft
from portal.issues.views.blueprint import REPORTED, issues
from portal.kernel.errors import Invalid
from portal.places.queries import neighbourhoods
from portal.web.forms import new_key
from portal.web.responses import done, invalid, page
from portal.web.visitor import locale, me

OFFLINE = "issues/offline.html"
SOMETHING_ELSE = "overig-openbare-ruimte"
NUMBERS = {guessing.DANGER: "112", guessing.CRIME: "0900 8844, 0800 7000"}


def at_once_form() -> forms.AtOnceForm:
    code = current_app.config["NEIGHBOURHOOD"]
    form = forms.AtOnceForm(known=me().is_authenticated, data={"neighbourhood": code})
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
    if (known := queries.sent(form.once.data)) is not None:
        return opened(known, form.given.get("email", ""))
    if not form.validate():
        return invalid(OFFLINE, form=form, hints=texts.KIND_HINTS)
    try:
        return opened(report(form), form.given.get("email", ""))
    except Invalid as error:
        form.refuse(error)
        return invalid(OFFLINE, form=form, hints=texts.KIND_HINTS)


def report(form: forms.AtOnceForm) -> Dossier:
    """Write the draft and send it. Each try has its own draft: one that is refused goes after a week."""
    spot = queries.spot(form.chosen, texts.called, {})
    files = [file.read(pictures.MOST_READ) for file in form.photo.data or [] if file]
    photos = [keep(content) for content in files]
    key = new_key()
    draft = commands.save_draft(me(), None, key=key, category=category(form), **form.typed, **spot)
    for photo in photos:
        draft = pictures.add_photo(me(), None, key=key, picture=photo)
    look_elsewhere(form, draft)
    made: Dossier = commands.report(me(), draft, once=form.once.data, locale=locale(), **form.given)
    return made


def category(form: forms.AtOnceForm) -> str:
    """What its words speak of, where nobody chose; else something else on the street, until somebody does."""
    likely = guessing.likely(form.title.data, form.body.data, categories())
    return str(form.category.data or next(iter(likely), SOMETHING_ELSE))


def look_elsewhere(form: forms.AtOnceForm, draft: Draft) -> None:
    """Refuse danger and crime, which are told elsewhere, unless their writer says that they are misread."""
    kind = queries.signpost(draft)
    if kind and not form.misread.data:
        raise Invalid("misread", " ".join([*map(str, texts.SIGNPOSTS[kind]), NUMBERS[kind]]))


def opened(dossier: Dossier, email: str) -> Response:
    session[REPORTED] = dossier.id
    if not email:
        return done(url_for("dossiers.show", ref=dossier.ref), _("Your report is on its page."))
    return done(url_for(".thanks"), _("We sent a mail to %(address)s.", address=email))

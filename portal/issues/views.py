"""Reporting, in four steps; what is filled in stays in a draft until it is sent."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, current_app, redirect, request, session, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.dossiers import pictures
from portal.dossiers.models import Attachment
from portal.dossiers.queries import categories
from portal.issues import commands, forms, queries, texts
from portal.issues.models import Draft
from portal.kernel.errors import Invalid
from portal.web.forms import new_key
from portal.web.responses import done, invalid, page
from portal.web.visitor import locale, me

issues = Blueprint("issues", __name__)

DRAFT, REPORTED = "draft", "reported"
"""In the visitor's session: the key of what they are writing, and the number of what they sent last."""
WHAT, WHERE, MATCHES, YOU = "issues/what.html", "issues/where.html", "issues/_matches.html", "issues/you.html"


@issues.get("/report")
def start() -> Response:
    return redirect(url_for(".step", step="what"), 303)


@issues.route("/report/<any(what, where, similar, you, thanks):step>", methods=["GET", "POST"])
def step(step: str) -> Response:
    """One step, when those before it are done."""
    if step == "thanks":
        return thanks()
    draft = own_draft()
    if (earlier := queries.too_early(draft, step)) is None:
        return PAGES[step](draft)
    if (dossier := queries.sent(request.form.get("once"))) is not None:
        return sent(dossier.id)
    return redirect(url_for(".step", step=earlier), 303)


def own_draft() -> Draft | None:
    """What this visitor is writing; not what somebody else left behind on the same device."""
    draft = queries.draft(session.get(DRAFT))
    if draft is not None and not draft.is_of(me()):
        session.pop(DRAFT)
        return None
    return draft


def save(**given: Any) -> Draft:
    key = session.setdefault(DRAFT, new_key())
    saved: Draft = commands.save_draft(me(), None, key=key, **given)
    return saved


def what(draft: Draft | None) -> Response:
    session.setdefault(DRAFT, new_key())  # so that a form sent twice writes one draft
    form = forms.WhatForm(data=draft.values if draft else None)
    form.category.choices = forms.options(texts.category_choices(categories()))
    if not form.is_submitted():
        return page(WHAT, form=form, draft=draft, hints=texts.KIND_HINTS, steps=texts.STEPS)
    right = form.validate()
    picture = sent_picture(form)
    draft = save(picture=picture, without_picture=form.without_photo.data, **form.typed)
    if not right or form.photo.errors:
        form.without_photo.data = False
        return invalid(WHAT, form=form, draft=draft, hints=texts.KIND_HINTS, steps=texts.STEPS)
    return done(url_for(".step", step="where"))


def sent_picture(form: forms.WhatForm) -> Attachment | None:
    if not form.photo.data:
        return None
    try:
        return pictures.keep(form.photo.data.read())
    except Invalid as error:
        form.refuse(texts.worded(error))
        return None


def where(draft: Draft) -> Response:
    form = forms.WhereForm(data={"place": request.args.get("place", draft.values.get("place", ""))})
    if not form.is_submitted():
        return page(WHERE, MATCHES, **around(form, draft))
    if form.is_search(draft.values):
        save(place=form.place.data)
        return done(url_for(".step", step="where", _anchor="place"))
    try:
        spot = queries.spot(form.chosen, texts.called)
    except Invalid as error:
        form.forget_device()
        form.refuse(texts.worded(error))
        return invalid(WHERE, **around(form, draft))
    save(place=form.place.data, **spot)
    return done(url_for(".step", step="where" if form.located else "similar"))


def around(form: forms.WhereForm, draft: Draft) -> dict[str, Any]:
    """What the page of the place shows beside what was typed."""
    district = queries.district_of(current_app.config["NEIGHBOURHOOD"])
    found = queries.matches(form.place.data, draft)
    groups = texts.neighbourhood_choices(queries.neighbourhoods(district))
    form.neighbourhood.choices = forms.options(groups)
    return {
        "form": form,
        "matches": [m for m in found if texts.called(m[0]) != draft.values.get("place_name")],
        "called": texts.called,
        "here": queries.place_in_words(draft.values),
        "steps": texts.STEPS,
    }


def similar(draft: Draft) -> Response:
    form, found = forms.SimilarForm(), queries.similar(draft)
    if form.validate_on_submit():
        save(compared=True)
        return done(url_for(".step", step="you"))
    if not found:
        return redirect(url_for(".step", step="you"), 303)
    return page("issues/similar.html", form=form, found=found, reason=texts.reason, steps=texts.STEPS)


def you(draft: Draft) -> Response:
    form = forms.YouForm(known=me().is_authenticated)
    if not form.is_submitted():
        return page(YOU, form=form, **summary(draft))
    if not form.validate():
        return invalid(YOU, form=form, **summary(draft))
    try:
        dossier = commands.report(me(), draft, once=form.once.data, locale=locale(), **form.given)
    except Invalid as error:
        form.refuse(texts.worded(error))
        return invalid(YOU, form=form, **summary(draft))
    return sent(dossier.id, form.given.get("email", ""))


def summary(draft: Draft) -> dict[str, Any]:
    """All that will be sent, for a last look."""
    return {
        "draft": draft,
        "kind": dict(texts.KINDS)[draft.values["kind"]],
        "category": queries.category(draft.values["category"]),
        "place": queries.place_in_words(draft.values),
        "steps": texts.STEPS,
    }


def sent(dossier_id: int, email: str = "") -> Response:
    """To the thanks; the address is shown once, so that a typing error in it is seen."""
    session.pop(DRAFT, None)
    session[REPORTED] = dossier_id
    message = _("We sent a mail to %(address)s.", address=email) if email else ""
    return done(url_for(".step", step="thanks"), message)


def thanks() -> Response:
    if request.method == "POST":
        abort(405)
    dossier = queries.reported(session.get(REPORTED))
    if dossier is None:
        return redirect(url_for(".start"), 303)
    return page("issues/thanks.html", dossier=dossier)


PAGES: dict[str, Callable[..., Response]] = {"what": what, "where": where, "similar": similar, "you": you}


@issues.route("/r/<ticket>", methods=["GET", "POST"])
def confirm(ticket: str) -> Response:
    """Mail scanners open the page; only a person presses its button."""
    dossier = queries.report_of(ticket)
    form = forms.ConfirmForm()
    if not form.validate_on_submit():
        return page("issues/confirm.html", form=form, dossier=dossier)
    commands.confirm_report(dossier.opener or me(), dossier)
    return done(url_for("dossiers.show", ref=dossier.ref), _("Thank you. Everybody can see your report now."))

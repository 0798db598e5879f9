"""The third step: what it is, in words; what that may be about; and what is better told elsewhere."""

from typing import Any

from flask import request, url_for
from flask_babel import get_locale
from werkzeug import Response

from portal.dossiers.models import Category
from portal.dossiers.queries import categories
from portal.issues import forms, guessing, queries, texts
from portal.issues.models import Draft, DraftMeaning
from portal.issues.questions import LONGEST, Question, questions
from portal.issues.views.blueprint import asked, issues, own_draft, refused, save
from portal.ties.forms import Answer, after, pressed
from portal.ties.models import Says
from portal.ties.texts import reason
from portal.ties.views import join_instead
from portal.web.responses import done, page
from portal.web.visitor import locale

WHAT, ABOUT, SIMILAR, CLASHES = (
    "issues/what.html",
    "issues/_about.html",
    "ties/_similar.html",
    "issues/_clashes.html",
)


def what(draft: Draft) -> Response:
    form = forms.WhatForm.of(draft.begins_at, draft.ends_at, **_typed(draft.values))
    if not form.is_submitted():
        return asked(WHAT, form=form, **about(draft))
    right = form.validate()
    draft = save(answers=answers(draft.values), **form.typed)
    if (answer := pressed()) is not None:
        if answer.says == Says.ME_TOO:
            return instead(draft, answer)
        draft = save(**after(draft.values, answer))
    if form.suggest.data or (answer is not None and answer.says == Says.DIFFERENT):
        form.category.errors = form.title.errors = form.body.errors = ()
        return asked(WHAT, ABOUT, SIMILAR, CLASHES, form=form, **about(draft))
    return on(draft) if right else wrong(form, draft)


def wrong(form: forms.WhatForm, draft: Draft) -> Response:
    around = about(draft)
    form.say_beside(likely=bool(around["likely"]))
    return refused(WHAT, form=form, **around)


def on(draft: Draft) -> Response:
    return done(url_for(".signpost") if queries.signpost(draft) else url_for(".step", step="send"))


def instead(draft: Draft, answer: Answer) -> Response:
    """They join what is there already; the draft stays."""
    new = queries.sketched(draft.values, locale())
    return join_instead(answer.number, new, draft.values.get("neighbourhood"), once=draft.key[:40])


@issues.route("/report/signpost", methods=["GET", "POST"])
def signpost() -> Response:
    """Where to go with danger and crime; and the way on for whose words were misread."""
    draft, form = own_draft(), forms.ConfirmForm()
    kind = queries.signpost(draft) if draft else ""
    if not kind:
        return done(url_for(".step", step="send"))
    if form.validate_on_submit():
        save(misread=kind)
        return done(url_for(".step", step="send"))
    return page("issues/signpost.html", form=form, kind=kind, said=texts.SIGNPOSTS[kind])


def answers(kept: dict[str, Any]) -> dict[str, str]:
    """What was answered to the questions about a category: their names are its slug and their own key."""
    given = {name[2:]: request.form[name][:LONGEST] for name in request.form if name.startswith("q:")}
    return {**kept.get("answers", {}), **given}


def _typed(values: dict[str, Any]) -> dict[str, Any]:
    """What is filled in again; the category is chosen among the likely ones."""
    return {name: values.get(name, "") for name in ("kind", "title", "body") if name in values}


def about(draft: Draft) -> dict[str, Any]:
    """The categories to choose from: the chosen one, and those that the words speak of; and other plans."""
    values = draft.values
    return {
        "likely": _likely(values),
        "chosen": values.get("category", ""),
        "answers": values.get("answers", {}),
        "language": str(get_locale()),
        "hints": texts.KIND_HINTS,
        "clashes": [(clash.dossier, texts.clash(clash)) for clash in queries.clashing(draft)],
        **alike(values, queries.meant(draft)),
    }


def alike(values: dict[str, Any], meant: DraftMeaning | None = None) -> dict[str, Any]:
    """What ties/_similar.html needs: what may be the same, and what was said of it."""
    found = queries.similar(values, locale(), meant)
    return {"found": found, "reason": reason, "said": after(values, None), "in_form": False}


def _likely(values: dict[str, Any]) -> list[tuple[Category, list[Question]]]:
    """The categories to offer, each with the questions about it."""
    known = {category.slug: category for category in categories()}
    found = guessing.likely(values.get("title", ""), values.get("body", ""), known.values())
    chosen = values.get("category", "")
    slugs = ([chosen] if chosen in known and chosen not in found else []) + found
    return [(known[slug], [q for q in questions() if slug in q.categories]) for slug in slugs]

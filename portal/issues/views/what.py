"""The third step: what it is, in words."""

from flask import url_for
from werkzeug import Response

from portal.dossiers.queries import categories
from portal.issues import forms, texts
from portal.issues.models import Draft
from portal.issues.views.blueprint import asked, refused, save
from portal.web.responses import done

WHAT = "issues/what.html"


def what(draft: Draft) -> Response:
    form = forms.WhatForm(data=draft.values)
    form.category.choices = forms.options(texts.category_choices(categories()))
    if not form.is_submitted():
        return asked(WHAT, form=form, hints=texts.KIND_HINTS)
    right = form.validate()
    save(**form.typed)
    if not right:
        return refused(WHAT, form=form, hints=texts.KIND_HINTS)
    return done(url_for(".step", step="send"))

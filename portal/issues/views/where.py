"""The second step: where it is."""

from typing import Any

from flask import current_app, request, url_for
from werkzeug import Response

from portal.issues import forms, queries, texts
from portal.issues.models import Draft
from portal.issues.views.blueprint import asked, refused, save
from portal.kernel.errors import Invalid
from portal.web.responses import done

WHERE, MATCHES = "issues/where.html", "issues/_matches.html"


def where(draft: Draft | None) -> Response:
    values = draft.values if draft else {}
    form = forms.WhereForm(data={"place": request.args.get("place", values.get("place", ""))})
    if not form.is_submitted():
        return asked(WHERE, MATCHES, **around(form, values))
    if form.is_search(values):
        save(place=form.place.data)
        return done(url_for(".step", step="where", _anchor="place"))
    return chosen(form, values)


def chosen(form: forms.WhereForm, values: dict[str, Any]) -> Response:
    try:
        spot = queries.spot(form.chosen, texts.called, values)
    except Invalid as error:
        form.forget_device()
        form.refuse(texts.worded(error))
        return refused(WHERE, **around(form, values))
    save(place=form.place.data, **spot)
    return done(url_for(".step", step="where" if form.located else "what"))


def around(form: forms.WhereForm, values: dict[str, Any]) -> dict[str, Any]:
    """What the page of the place shows beside what was typed."""
    district = queries.district_of(current_app.config["NEIGHBOURHOOD"])
    found = queries.matches(form.place.data, values)
    groups = texts.neighbourhood_choices(queries.neighbourhoods(district))
    form.neighbourhood.choices = forms.options(groups)
    return {
        "form": form,
        "matches": [m for m in found if texts.called(m[0]) != values.get("place_name")],
        "called": texts.called,
        "here": queries.place_in_words(values),
    }

"""The second step: where it is."""

from typing import Any

from flask import current_app, request, url_for
from werkzeug import Response

from portal.issues import forms, queries, texts
from portal.issues.models import Draft
from portal.issues.views.blueprint import asked, refused, save
from portal.kernel.errors import Invalid
from portal.places.queries import buildings_in, neighbourhood
from portal.web.responses import done

WHERE, MATCHES = "issues/where.html", "issues/_matches.html"


def where(draft: Draft | None) -> Response:
    values = draft.values if draft else {}
    form = forms.WhereForm(data={"place": request.args.get("place", values.get("place", ""))})
    if not form.is_submitted():
        return asked(WHERE, MATCHES, **around(form, values))
    if form.by_photo.data and (spot := queries.photographed(values, texts.called)):
        save(searching=False, **spot)
        return done(url_for(".step", step="where"))
    if form.is_search(values):
        save(place=form.place.data, searching=True)
        return done(url_for(".step", step="where", _anchor="place"))
    return chosen(form, values)


def chosen(form: forms.WhereForm, values: dict[str, Any]) -> Response:
    try:
        spot = queries.spot(form.chosen, texts.called, values)
    except Invalid as error:
        form.forget_device()
        form.refuse(error)
        return refused(WHERE, **around(form, values))
    save(place=form.place.data, searching=False, **spot)
    return done(url_for(".step", step="where" if form.located else "what"))


def around(form: forms.WhereForm, values: dict[str, Any]) -> dict[str, Any]:
    """What the page of the place shows beside what was typed."""
    own, here = current_app.config["NEIGHBOURHOOD"], queries.place_in_words(values)
    pairs = [(one.code, one.name) for one in queries.around(own)]
    form.neighbourhood.choices = forms.options(texts.choices(pairs))
    buildings = buildings_in(neighbourhood(own))
    form.building.choices = forms.options(texts.choices((name, name) for name in buildings))
    return found(form.place.data, values) | {
        "form": form,
        "called": texts.called,
        "here": here,
        "photo": queries.place_in_words(queries.photographed(values, texts.called)),
        "point": (values.get("lat"), values.get("lon")),
    }


def found(words: str, values: dict[str, Any]) -> dict[str, Any]:
    """What is called like these words, without the place that is chosen already."""
    places = queries.matches(words, values)
    matches = [match for match in places if texts.called(match[0]) != values.get("place_name")]
    return {"searching": values.get("searching"), "matches": matches, "areas": queries.areas(words)}

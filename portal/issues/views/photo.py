"""The first step: photos, or none; and covering what nobody should see on them."""

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from portal.dossiers.pictures import Box, Told, cover, keep, told
from portal.issues import forms, pictures
from portal.issues.models import Draft
from portal.issues.views.blueprint import asked, issues, own_draft, own_key, refused
from portal.kernel.errors import Invalid
from portal.web.responses import done
from portal.web.visitor import me

PHOTO, PHOTOS, COVER = "issues/photo.html", "issues/_photos.html", "issues/cover.html"


def photo(draft: Draft | None) -> Response:
    form = forms.PhotoForm()
    if not form.is_submitted():
        return asked(PHOTO, PHOTOS, **shown(form))
    if draft is not None:
        pictures.change_photos(me(), draft, **form.changes)
    added = add(form)
    if form.photo.errors:
        return refused(PHOTO, PHOTOS, **shown(form))
    if form.covers is not None:
        return done(url_for(".cover_photo", number=form.covers))
    if not added and not form.acts:
        return done(url_for(".step", step="where"))
    return done(url_for(".step", step="photo", _anchor="issues-photos"), news(added), PHOTOS, **shown(form))


def shown(form: forms.PhotoForm) -> dict[str, Any]:
    draft = own_draft()
    photos = draft.photos if draft else []
    return {"form": form, "photos": photos, "more": pictures.MOST - len(photos), "longest": pictures.ALT}


def news(added: int) -> str:
    if not added:
        return ""
    return ngettext("The photo is added.", "%(num)s photos are added.", added)


def add(form: forms.PhotoForm) -> int:
    """Keep the files that were sent; what is wrong with one of them stands beside the field."""
    files = [file for file in form.photo.data or [] if file]
    added = 0
    for file in files:
        try:
            add_one(file.read(pictures.MOST_READ), form.noted if len(files) == 1 else Told())
            added += 1
        except Invalid as error:
            form.refuse_file(error, file.filename or "", alone=len(files) == 1)
    return added


def add_one(content: bytes, noted: Told) -> None:
    """What the file itself tells goes before what the device read from it."""
    picture = keep(content)
    found = told(content)
    made = found if found != Told() else noted
    pictures.add_photo(me(), None, key=own_key(), picture=picture, told=made)


@issues.route("/report/photos/<int:number>", methods=["GET", "POST"])
def cover_photo(number: int) -> Response:
    draft = own_draft()
    picture = pictures.photo_of(draft, number)
    form = forms.CoverForm()
    if not form.is_submitted():
        return asked(COVER, form=form, photo=picture, cells=forms.cells(picture.width, picture.height))
    boxes = [box for box in map(Box.of, request.form.getlist("box")) if box]
    if boxes:
        files = cover(picture, boxes)
        pictures.cover_photo(me(), draft, photo=number, large=picture.large, files=files)
    message = _("What you covered cannot be seen any more.") if boxes else _("Nothing was covered.")
    return done(url_for(".step", step="photo", _anchor=f"photo-{number}"), message)

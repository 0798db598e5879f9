"""The first step: a photo, or none."""

from flask import url_for
from werkzeug import Response

from portal.dossiers import pictures
from portal.dossiers.models import Attachment
from portal.issues import forms, texts
from portal.issues.models import Draft
from portal.issues.views.blueprint import asked, refused, save
from portal.kernel.errors import Invalid
from portal.web.responses import done

PHOTO = "issues/photo.html"


def photo(draft: Draft | None) -> Response:
    form = forms.PhotoForm()
    if not form.is_submitted():
        return asked(PHOTO, form=form, draft=draft)
    picture = None if form.skip.data else sent_picture(form)
    if form.photo.errors:
        return refused(PHOTO, form=form, draft=draft)
    save(picture=picture, without_picture=form.skip.data or form.without_photo.data)
    return done(url_for(".step", step="where"))


def sent_picture(form: forms.PhotoForm) -> Attachment | None:
    if not form.photo.data:
        return None
    try:
        return pictures.keep(form.photo.data.read())
    except Invalid as error:
        form.refuse(texts.worded(error))
        return None

"""A photo that came with a report stands on its timeline, and goes when the report is hidden."""

from io import BytesIO

from PIL import Image

from portal.accounts.models import Role
from portal.dossiers.commands import hide
from portal.dossiers.models import Dossier
from portal.dossiers.pictures import keep
from portal.kernel.commands import transaction
from portal.kernel.db import db
from tests.browser import Browser
from tests.factories import a_person, an_issue


def with_photo() -> Dossier:
    drawn = BytesIO()
    Image.new("RGB", (640, 360), "navy").save(drawn, "JPEG")
    issue = an_issue()
    picture = keep(drawn.getvalue(), "A dark square")
    with transaction():
        picture.dossier_id = issue.id
        db.session.add(picture)
    return issue


def test_the_photo_stands_with_the_first_entry(browser: Browser) -> None:
    issue = with_photo()
    seen = browser.get(f"/d/{issue.ref}")
    (photo,) = seen.select("#e1 img")
    assert photo["alt"] == "A dark square"
    assert (photo["width"], photo["height"]) == ("480", "270")
    browser.get(str(photo["src"]))
    assert browser.headers["Content-Type"] == "image/webp"


def test_a_hidden_dossier_shows_no_photo(browser: Browser) -> None:
    issue = with_photo()
    hide(a_person(Role.MODERATOR), issue, reason="A face can be seen.")
    assert browser.get(f"/d/{issue.ref}").select("main img") == []

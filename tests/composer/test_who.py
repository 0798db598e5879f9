"""Who sees and does what, through address, fragment and command.

Two officials at one dossier; one of another authority; one whose membership ended this minute; a committee
member; a neighbour.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.accounts import commands as accounts
from portal.accounts.models import Person, Role
from portal.composer import commands, queries
from portal.dossiers.models import Dossier
from portal.kernel import clock
from portal.kernel.errors import NotAllowed, NotFound
from portal.kernel.policy import NOBODY, SYSTEM
from tests.answers.making import Case, answers
from tests.browser import Browser
from tests.composer.making import SAID, a_document, a_draft, a_template, drafts, files, sent
from tests.factories import a_person

OURS = "What only colleagues read."


@pytest.fixture
def case(app: Flask) -> Case:
    made = Case()
    a_draft(made, OURS)
    return made


def others(case: Case) -> dict[str, Person]:
    """Who may do nothing here."""
    ended = a_person(Role.OFFICIAL, of=case.authority)
    accounts.end_membership(SYSTEM, ended.memberships[0])
    return {
        "of another authority": a_person(Role.OFFICIAL),
        "ended this minute": ended,
        "committee": a_person(Role.MEMBER),
        "neighbour": a_person(),
        "opener": case.organiser,
        "moderator": a_person(Role.MODERATOR),
    }


def test_colleagues_see_each_other(app: Flask, case: Case) -> None:
    colleague = a_person(Role.OFFICIAL, of=case.authority, name="Colleague")
    first, second = (Browser(app).signs_in(person) for person in (case.official, colleague))
    url = f"/staff/{case.dossier.ref}"
    assert "open too" not in first.get(url).select_one("#composer-here").text
    assert (
        f"{case.official.name} has this dossier open too."
        in second.get(url).select_one("#composer-here").text
    )
    poll = first.seen.select_one("#composer-here")["data-hx-post"]
    first.js = True
    first._open("POST", str(poll), "form#composer-here")
    assert "Colleague has this dossier open too." in first.seen.select_one("#composer-here").text
    with clock.at(clock.now() + timedelta(minutes=3)):
        first._open("POST", str(poll), "form#composer-here")
        assert "Colleague had this dossier open 3 minutes ago." in first.seen.text
    with clock.at(clock.now() + timedelta(minutes=6)):
        first._open("POST", str(poll), "form#composer-here")
        assert "Colleague" not in first.seen.text


def test_of_another_authority_that_was_asked_too_the_authority_alone_is_told(app: Flask) -> None:
    case = Case(authorities=2)
    other = a_person(Role.OFFICIAL, of=case.authorities[1], name="Of the other one")
    Browser(app).signs_in(other).get(f"/staff/{case.dossier.ref}")
    seen = Browser(app).signs_in(case.official).get(f"/staff/{case.dossier.ref}").select_one("#composer-here")
    assert f"Somebody of {case.authorities[1].name} has this dossier open too." in seen.text
    assert "Of the other one" not in seen.text


def attempts(case: Case, who: Any) -> list[Callable[[], Any]]:
    """Every command of the composer on this dossier."""
    dossier: Dossier = case.dossier
    own = {"organisation": case.authority}
    return [
        lambda: commands.save(who, dossier, values=SAID, form="by hand", **own),
        lambda: commands.arrange(who, dossier, names={}, **own),
        lambda: commands.be_here(who, case.addressee()),
        lambda: commands.send(who, dossier, kind="done", text="Ours.", level="decision", **own),
        lambda: commands.write_template(who, case.authority, name="Ours", text="Ours."),
        lambda: queries.around(who, dossier),
        lambda: queries.templates(who, case.authority),
        lambda: queries.chosen(who, case.authority, [str(dossier.ref)]),
    ]


def test_through_every_command(case: Case) -> None:
    for name, person in {**others(case), "nobody": NOBODY, "the portal itself": SYSTEM}.items():
        for number, attempt in enumerate(attempts(case, person)):
            with pytest.raises(NotAllowed) as refused:
                attempt()
            assert str(refused.value), f"{name}: {number}"
    assert [draft.values["text"] for draft in drafts()] == [OURS]
    assert not answers(case.dossier)


def test_through_every_address_and_fragment(app: Flask, case: Case) -> None:
    template, ref = a_template(case, OURS), case.dossier.ref
    gets = [f"/staff/{ref}", f"/staff/{ref}/answer", f"/staff/templates/{template.id}"]
    posts = [f"/staff/{ref}/{deed}" for deed in ("answer", "draft", "here")]
    posts += [f"/staff/templates/{template.id}", f"/staff/templates/{template.id}/retire"]
    targets = ["", "div#staff-case", "div#answers-composer", "div#composer-saved", "fieldset#composer-files"]
    targets += ["form#composer-here"]
    for name, person in others(case).items():
        for target in targets:
            browser = Browser(app, js=bool(target)).signs_in(person)
            for method, urls in (("GET", gets), ("POST", posts)):
                for url in urls:
                    how = {"data": SAID | {"step": "send"}} if method == "POST" else {}
                    browser._open(method, url, target, **how)
                    assert browser.status == 403, f"{name}: {method} {url} {target}"
                    assert OURS not in str(browser.response and browser.response.text)
    assert [draft.values["text"] for draft in drafts()] == [OURS]
    assert not answers(case.dossier)
    anonymous = Browser(app)
    for url in gets:
        anonymous.get(url)
        assert anonymous.url.startswith("/sign-in")


def test_what_is_with_a_draft_is_the_authoritys(app: Flask, case: Case) -> None:
    browser = Browser(app).signs_in(case.official)
    browser.get(f"/staff/{case.dossier.ref}")
    press = "#composer-files button[formenctype]"
    browser.submit("form.compose", press=press, file=sent(a_document(), "secret.pdf"))
    url = f"/d/{case.dossier.ref}/files/{files()[0].large}"
    browser.get(url)
    assert browser.status == 200
    for name, person in others(case).items():
        stranger = Browser(app).signs_in(person)
        stranger.get(url)
        assert stranger.status == 404, name
        with pytest.raises(NotFound):
            queries.file(person, case.dossier, files()[0].large)


def test_one_whose_membership_ends_while_they_write(app: Flask, case: Case) -> None:
    browser = Browser(app).signs_in(case.official)
    browser.get(f"/staff/{case.dossier.ref}")
    browser.submit("form.compose", press="button.preview", **SAID)
    accounts.end_membership(SYSTEM, case.official.memberships[0])
    page = browser.seen
    for form in ("form.send", "form.change"):
        browser.seen = page
        browser.submit(form)
        assert browser.status == 403
    assert not answers(case.dossier)

"""Ready-made helpers, and what they do in a browser."""

from datetime import timedelta
from typing import Any

from portal.accounts.models import Organisation, OrganisationKind, Person, Role
from portal.assistance import commands
from portal.assistance.models import Mandate
from portal.dossiers.models import Dossier
from portal.kernel import clock
from portal.kernel.clock import ZONE, now
from tests.browser import Browser
from tests.factories import a_person, an_organisation

MANDATES = ["works", "later", "ended", "withdrawn"]
CATEGORY = "lantaarnpaal-straatverlichting"
FORM = "main form.panel"
LOCAL = "%Y-%m-%dT%H:%M"


def a_mandate(
    person: Person | None = None,
    of: Organisation | None = None,
    *,
    state: str = "works",
    **given: Any,
) -> Mandate:
    """Given by an organiser of the platform, for two hours that began an hour ago."""
    of = of or an_organisation(OrganisationKind.PLATFORM)
    organiser = a_person(Role.ORGANISER, of=of)
    begin = now() + timedelta(hours=1 if state == "later" else -1)
    term = {"starts_at": begin, "ends_at": begin + timedelta(minutes=30 if state == "ended" else 120)}
    known = {"name": "Helper", "email": (person or a_person()).email, **term}
    made: Mandate = commands.give_mandate(organiser, of, **known | given)
    if state == "withdrawn":
        commands.withdraw_mandate(organiser, made, reason="Moved away.")
    return made


def a_term() -> dict[str, str]:
    """As the form of the desk wants it."""
    begin = now().astimezone(ZONE)
    return {
        "starts": begin.strftime(LOCAL),
        "ends": (begin + timedelta(days=30)).strftime(LOCAL),
        "most": "10",
    }


def signs_for(helper: Browser, dossier: Dossier, name: str = "Old Neighbour", **given: Any) -> str:
    """A helper opens the form and signs for somebody; the code that is shown, empty when none is."""
    helper.get(f"/help/sign/{dossier.ref}")
    return fills_in(helper, name, **given)


def fills_in(helper: Browser, name: str, **given: Any) -> str:
    helper.submit(FORM, **{"name": name, "heard": "y", **given})
    return code_on(helper)


def code_on(helper: Browser) -> str:
    shown = helper.seen.select_one(".slip .code")
    return shown.text.strip() if shown else ""


def types_code(browser: Browser, code: str) -> None:
    browser.get("/receipt")
    browser.submit("#assistance-receipt form", code=code)


def later(**how: float) -> Any:
    """A while from now."""
    return clock.at(now() + timedelta(**how))

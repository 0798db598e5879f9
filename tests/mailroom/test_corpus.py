"""Every mail of the corpus, one after the other at one dossier: right text, right dossier, right decision."""

import re
from datetime import timedelta
from typing import Any

from flask import Flask

from portal.dossiers.models import AddresseeState, State
from portal.dossiers.timeline import Entry, first_broken
from portal.kernel.clock import at, now
from portal.kernel.db import db
from portal.mailroom import intake
from portal.mailroom.intake import take_in
from portal.mailroom.models import Mail, MailState
from tests.answers.making import answers
from tests.mailroom.making import EXPECTED, MailCase, filled_in, mails

APART = timedelta(hours=3)
"""More in a day would be those of a machine."""
ANY_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.\w+")


def found(mail: Mail | None) -> dict[str, Any]:
    """What became of it, as expected.json has it."""
    if mail is None:
        return {}
    text = mail.entry.text if mail.entry is not None else mail.text
    seen: dict[str, Any] = {"text": text} if mail.state in {MailState.PLACED, MailState.WAITING} else {}
    seen |= {"why": mail.why} if mail.why else {}
    seen |= {"files": [one.kind for one in mail.files]} if mail.files else {}
    return seen | ({"left_out": mail.left_out} if mail.left_out else {})


def test_each_mail_of_the_corpus(app: Flask) -> None:
    """In one go: a mail that comes among many others is read as well as one alone."""
    case = MailCase(app)
    beside = case.another()
    (other,) = beside.addressees
    wrong, known = [], set[int]()
    start = now()
    for place, (name, expected) in enumerate(EXPECTED.items()):
        with at(start + place * APART):
            came = take_in(filled_in(name, case, other), envelope_sender=expected.get("envelope"))
        new = [mail for mail in mails() if mail.id not in known]
        known |= {mail.id for mail in new}
        seen = {"came": str(came), **found(next(iter(new), None))}
        wanted = {key: value for key, value in expected.items() if key not in {"dossier", "grow", "envelope"}}
        if "text" in wanted and wanted["text"] is None:
            assert seen["text"]
            wanted["text"] = seen["text"]
        elif "text" in wanted:
            wanted["text"] = wanted["text"].replace("@@REF@@", case.dossier.ref or "")
        if seen != wanted:
            wrong.append(f"{name}:\n  wanted {wanted}\n  got    {seen}")
        right = beside.id if expected.get("dossier") == "B" else case.dossier.id
        if any(mail.addressee.dossier_id != right for mail in new):
            wrong.append(f"{name}: another dossier")
    assert not wrong, "\n".join(wrong)
    _and_afterwards(case)


def _and_afterwards(case: MailCase) -> None:
    """No clock was stopped, no address stands anywhere, and each timeline holds."""
    assert len(EXPECTED) >= 60
    placed = [name for name, expected in EXPECTED.items() if expected["came"] == "placed"]
    assert len(answers(case.dossier)) == len(placed) - 1
    assert {entry.data["kind"] for entry in answers(case.dossier)} == {"acknowledgement"}
    assert (case.place.state, case.dossier.state) == (AddresseeState.WAITING, State.HANDED_OVER)
    assert first_broken(case.dossier) is None
    for entry in db.session.scalars(db.select(Entry)):
        assert not ANY_ADDRESS.findall(f"{entry.text} {entry.data}"), entry.text
    for mail in mails():
        assert not ANY_ADDRESS.findall(mail.text)
        if mail.state in {MailState.AUTOMATIC, MailState.RETURNED}:
            assert (mail.sender, mail.text, mail.files, mail.entry) == ("", "", [], None)
    assert sum(mail.state == MailState.WAITING for mail in mails()) < intake.MOST_WAITING

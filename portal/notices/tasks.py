"""Mails and messages to devices, sent by the worker. The features queue these by name and know no more."""

from datetime import timedelta

from flask_babel import force_locale

from portal.dossiers.models import SignatureState
from portal.dossiers.policy import Do as DossierDo
from portal.dossiers.texts import shown
from portal.kernel import jobs
from portal.kernel.clock import now
from portal.kernel.policy import NOBODY, SYSTEM, allowed
from portal.kernel.tickets import For
from portal.notices import commands, push, queries
from portal.notices.delivery import forget_mails
from portal.notices.policy import Do
from portal.notices.writing import mail, mail_to, ticket_link
from portal.web.paths import public_url

TITLE = 200
"""Most characters of a line of a message; a phone shows fewer."""


MAILS_STAY = timedelta(days=30)
"""Those that are written as files, where no mail server is set up."""


@jobs.task("notices.purge")
def purge(*, job_id: int) -> None:
    forget_mails(now() - MAILS_STAY)


@jobs.task("notices.sign_in")
def sign_in(*, job_id: int, sign_in_id: int) -> None:
    asked = queries.sign_in(sign_in_id)
    enter = ticket_link("accounts.enter", For.SIGN_IN, asked.id)
    mail_to(asked.email, asked.locale, "sign_in", number=job_id, enter=enter)


@jobs.task("notices.signature")
def signature(*, job_id: int, signature_id: int, number: int, third: bool = False) -> None:
    """Ask to confirm; who confirmed before is told that it counts already, or that a third one tried."""
    signed = queries.signature(signature_id)
    if signed.person is None or signed.state in {SignatureState.WITHDRAWN, SignatureState.ANONYMISED}:
        return
    template = "confirm_signature" if signed.state == SignatureState.PENDING else "signed_already"
    open_it = ticket_link("dossiers.signature", For.SIGNATURE, signed.id)
    mail(
        signed.person,
        "household_full" if third else template,
        number=job_id,
        name=signed.name or signed.person.name,
        dossier=signed.dossier,
        open_it=open_it,
    )


@jobs.task("notices.report")
def report(*, job_id: int, dossier_id: int) -> None:
    dossier = queries.dossier(dossier_id)
    if dossier.opener is not None:
        open_it = ticket_link("issues.confirm", For.REPORT, dossier.id)
        mail(dossier.opener, "confirm_report", number=job_id, dossier=dossier, open_it=open_it)


@jobs.task("notices.consent")
def consent(*, job_id: int, lineage_id: int, person_id: int) -> None:
    """Ask who may say so whether a dossier may join a petition."""
    asked = queries.lineage(lineage_id)
    mail(
        queries.person(person_id),
        "consent",
        number=job_id,
        dossier=asked.dossier,
        petition=asked.petition,
        demands=queries.demands(asked.petition),
        open_it=ticket_link("petitions.consent", For.CONSENT, asked.id),
    )


@jobs.task("notices.carried")
def carried(*, job_id: int, signature_id: int) -> None:
    """Tell somebody who ticked "count me too" that they are counted, with one tap to step out."""
    signed = queries.signature(signature_id)
    if signed.person is not None and signed.state == SignatureState.CONFIRMED and signed.via is not None:
        mail(
            signed.person,
            "carried",
            number=job_id,
            petition=signed.dossier,
            via=signed.via,
            open_it=ticket_link("dossiers.signature", For.SIGNATURE, signed.id),
        )


@jobs.task("notices.moving")
def moving(*, job_id: int, succession_id: int) -> None:
    """One mail to each supporter of a petition that goes on as another one, each a job of its own."""
    named = queries.succession(succession_id)
    supporters = queries.signatures_with_person(named.petition)
    key = f"move:{succession_id}"
    jobs.each("notices.move", "signature_id", supporters, key=key, succession_id=succession_id)


@jobs.task("notices.move")
def move(*, job_id: int, signature_id: int, succession_id: int) -> None:
    """Ask whether they move along. Who stepped out meanwhile, or signed there too, is not asked."""
    signed, named = queries.signature(signature_id), queries.succession(succession_id)
    person, successor = signed.person, named.successor
    if person is None or signed.state != SignatureState.CONFIRMED or queries.signs_too(person, successor):
        return
    if allowed(person, DossierDo.SIGN, successor):
        mail(
            person,
            "move",
            number=job_id,
            name=signed.name or person.name,
            petition=named.petition,
            successor=successor,
            demands=queries.demands(successor),
            open_it=ticket_link("petitions.move", For.MOVE, signed.id),
        )
@jobs.task("notices.take_over")
def take_over(*, job_id: int, take_over_id: int) -> None:
    """Ask whether the address is theirs who has the code; nothing when the link was used or is too old."""
    asked = queries.take_over(take_over_id)
    if asked is not None and asked.works:
        open_it = ticket_link("assistance.take_over", For.TAKE_OVER, asked.id)
        dossier = asked.receipt.signature.dossier
        mail_to(asked.email, asked.locale, "take_over", number=job_id, dossier=dossier, open_it=open_it)


@jobs.task("notices.answered")
def answered(*, job_id: int, entry_id: int) -> None:
    """One mail to each supporter and one message to each device that follows, each a job of its own."""
    told = queries.entry(entry_id)
    devices = queries.device_ids(told)
    jobs.each("notices.push", "subscription_id", devices, key=f"push:{entry_id}", entry_id=entry_id)
    jobs.each(
        "notices.answer",
        "person_id",
        queries.supporter_ids(told),
        key=f"answer:{entry_id}",
        entry_id=entry_id,
    )


@jobs.task("notices.answer")
def answer(*, job_id: int, entry_id: int, person_id: int) -> None:
    told, person = queries.entry(entry_id), queries.person(person_id)
    signed = queries.signature_behind(person_id, told)
    if signed is None:
        return
    with force_locale(person.locale):
        words = shown(told)
    mail(
        person,
        "answer",
        number=job_id,
        dossier=told.dossier,
        entry=words,
        page=public_url("dossiers.show", ref=told.dossier.ref, _anchor=f"e{told.seq}"),
        open_it=ticket_link("dossiers.signature", For.SIGNATURE, signed.id),
    )


@jobs.task("notices.push")
def push_one(*, job_id: int, entry_id: int, subscription_id: int) -> None:
    """Title, line and link, all of it public. What was hidden meanwhile is not told, nor is anybody gone."""
    told, device = queries.entry(entry_id), queries.device(subscription_id)
    dossier = told.dossier
    if device is None or not push.may_be_sent_to(device.endpoint) or not allowed(NOBODY, Do.FOLLOW, dossier):
        return
    with force_locale(device.locale):
        words = shown(told)
    page = public_url("dossiers.show", ref=dossier.ref, _anchor=f"e{told.seq}")
    message = {"title": dossier.title[:TITLE], "line": f"{words.who}: {words.title}"[:TITLE], "url": page}
    body = push.sealed({**message, "tag": f"{dossier.ref}"}, device.p256dh, device.auth)
    if not push.send(device.endpoint, body, topic=f"{dossier.ref}"):
        commands.forget(SYSTEM, device)

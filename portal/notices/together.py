"""Mails to those who do the same and could do it together, and to those whose words change by it."""

from flask_babel import force_locale

from portal.dossiers.models import Dossier, SignatureState
from portal.kernel import jobs, series
from portal.kernel.policy import allowed
from portal.kernel.tickets import For
from portal.notices import queries
from portal.notices.writing import mail, ticket_link
from portal.together.policy import Do
from portal.together.queries import partners as partners_of
from portal.together.texts import named, reason
from portal.web.paths import public_url

TOGETHER = {"asked": "together", "again": "together", "agreed": "agreed", "refused": "refused"}
"""What those who could do it together are told -> the mail that says so."""


@jobs.task("notices.together")
def together(*, job_id: int, party_id: int, person_id: int, what: str) -> None:
    """Ask whether two do it together, or say what came of it; nobody is asked when it is over meanwhile."""
    party, person = queries.party(party_id), queries.person(person_id)
    if TOGETHER[what] == "together" and not allowed(person, Do.ANSWER, party):
        return
    asked = party.proposal
    with force_locale(person.locale):
        why = reason(asked.why)
        partners = [(named(partner), partner.note) for partner in partners_of(asked.host)]
    mail(
        person,
        TOGETHER[what],
        number=job_id,
        again=what == "again",
        dossier=party.dossier,
        others=[side.dossier for side in asked.parties if side.id != party.id],
        other=party.other,
        host=asked.host,
        guest=asked.guest,
        why=why,
        partners=partners,
        page=page_of,
        open_it=ticket_link("together.answer", For.TOGETHER, party.id),
    )


@jobs.task("notices.parted")
def parted(*, job_id: int, dossier_id: int, left_id: int, person_id: int) -> None:
    """Who did it together hears that one of them goes on alone."""
    dossier, left = queries.dossier(dossier_id), queries.dossier(left_id)
    mail(queries.person(person_id), "parted", number=job_id, dossier=dossier, left=left, page=page_of)


@jobs.task("notices.rewording")
def rewording(*, job_id: int, entry_id: int) -> None:
    """What people signed says something else since it is done together: one mail to each."""
    key, lot = f"reworded:{entry_id}", queries.behind(queries.entry(entry_id))
    series.queue("notices.reworded", key=key, lot=lot, entry_id=entry_id)


@jobs.task("notices.reworded")
def reworded(*, job_id: int, signature_id: int) -> None:
    """With one tap to step out; who wants no mails about it gets none of these either."""
    signed = queries.signature(signature_id)
    counts = signed.state == SignatureState.CONFIRMED and not signed.quiet
    if signed.person is None or not counts or signed.dossier.hidden_at is not None:
        return
    mail(
        signed.person,
        "reworded",
        number=job_id,
        stop=ticket_link("notices.quiet", For.QUIET, signed.id),
        name=signed.name or signed.person.name,
        dossier=signed.dossier,
        demands=queries.demands(signed.dossier),
        open_it=ticket_link("dossiers.signature", For.SIGNATURE, signed.id),
    )


def page_of(dossier: Dossier) -> str:
    """Its address, for a mail."""
    return public_url("dossiers.show", ref=dossier.ref)

"""Mails about coming in: a link, a code, and that there is another password or a passkey."""

from portal.accounts.codes import mailed
from portal.kernel import jobs
from portal.kernel.tickets import For
from portal.notices import queries
from portal.notices.writing import mail, mail_to_whoever, ticket_link


@jobs.task("notices.sign_in", rank=jobs.FIRST)
def sign_in(*, job_id: int, sign_in_id: int) -> None:
    asked = queries.sign_in(sign_in_id)
    enter = ticket_link("accounts.enter", For.SIGN_IN, asked.id)
    mail_to_whoever(asked.email, asked.locale, "sign_in", number=job_id, enter=enter)


@jobs.task("notices.proof", rank=jobs.FIRST)
def proof(*, job_id: int, session_id: int) -> None:
    """The code that was asked for in a session; none when it ended or the code was used meanwhile."""
    session = queries.session(session_id)
    if session is not None and session.asked_at is not None:
        person = queries.person(session.person_id)
        code = mailed(session.id, session.asked_at)
        mail(person, "proof", number=job_id, code=f"{code[:4]} {code[4:]}", device=session.device)


@jobs.task("notices.factor")
def factor(*, job_id: int, person_id: int) -> None:
    """Tell who works here that a password and an app were chosen: it may have been somebody else."""
    mail(queries.person(person_id), "factor", number=job_id)


@jobs.task("notices.passkey")
def passkey(*, job_id: int, passkey_id: int) -> None:
    """The same of a passkey; none when it was removed meanwhile."""
    added = queries.passkey(passkey_id)
    if added is not None:
        mail(queries.person(added.person_id), "passkey", number=job_id, name=added.name)

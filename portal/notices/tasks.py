"""Mails and messages to devices, sent by the worker. The features queue these by name and know no more."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import force_locale

from portal.accounts.models import Role
from portal.dossiers.models import SignatureState
from portal.dossiers.policy import Do as DossierDo
from portal.dossiers.texts import Shown, shown, when
from portal.dossiers.timeline import Entry
from portal.kernel import jobs, series
from portal.kernel.clock import ZONE, now, today
from portal.kernel.commands import transaction
from portal.kernel.policy import NOBODY, SYSTEM, allowed
from portal.kernel.tickets import For
from portal.notices import commands, push, queries
from portal.notices.delivery import forget_mails
from portal.notices.policy import Do
from portal.notices.writing import mail, mail_to_whoever, ticket_link
from portal.promises import queries as promises
from portal.promises.commands import note_told
from portal.promises.models import RUNNING, Promise, Voice
from portal.promises.policy import Do as PromiseDo
from portal.questions.policy import Do as QuestionDo
from portal.questions.queries import words_of
from portal.verdicts.queries import asked_with, began_today
from portal.verdicts.texts import SAYS
from portal.web.paths import public_url

TITLE = 200
"""Most characters of a line of a message; a phone shows fewer."""
MORNING = time(7)
"""When a mail is sent that was put off to the next day."""
MAILS_STAY = timedelta(days=30)
"""Those that are written as files, where no mail server is set up."""


@jobs.task("notices.purge")
def purge(*, job_id: int) -> None:
    forget_mails(now() - MAILS_STAY)


@jobs.task("notices.signature", rank=jobs.FIRST)
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


@jobs.task("notices.report", rank=jobs.FIRST)
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
            stop=ticket_link("notices.quiet", For.QUIET, signed.id),
            petition=signed.dossier,
            via=signed.via,
            open_it=ticket_link("dossiers.signature", For.SIGNATURE, signed.id),
        )


@jobs.task("notices.moving")
def moving(*, job_id: int, succession_id: int) -> None:
    """One mail to each supporter of a petition that goes on as another one."""
    named = queries.succession(succession_id)
    if named is not None:
        key, lot = f"move:{succession_id}", queries.on_behalf_of(named.petition)
        series.queue("notices.move", key=key, lot=lot, succession_id=succession_id)


@jobs.task("notices.move")
def move(*, job_id: int, signature_id: int, succession_id: int) -> None:
    """Ask whether they move along. Who stepped out meanwhile, or signed there too, is not asked.

    Nor is who wants no mails about it.
    """
    signed, named = queries.signature(signature_id), queries.succession(succession_id)
    if named is None:
        return
    person, successor = signed.person, named.successor
    if person is None or signed.quiet or signed.state != SignatureState.CONFIRMED:
        return
    if queries.signs_too(person, successor):
        return
    if allowed(person, DossierDo.SIGN, successor):
        mail(
            person,
            "move",
            number=job_id,
            stop=ticket_link("notices.quiet", For.QUIET, signed.id),
            name=signed.name or person.name,
            petition=named.petition,
            together=named.together,
            successor=successor,
            demands=queries.demands(successor),
            open_it=ticket_link("petitions.move", For.MOVE, signed.id),
        )


@jobs.task("notices.take_over", rank=jobs.FIRST)
def take_over(*, job_id: int, take_over_id: int) -> None:
    """Ask whether the address is theirs who has the code; nothing when the link was used or is too old."""
    asked = queries.take_over(take_over_id)
    if asked is not None and asked.works:
        open_it = ticket_link("assistance.take_over", For.TAKE_OVER, asked.id)
        dossier = asked.receipt.signature.dossier
        mail_to_whoever(
            asked.email, asked.locale, "take_over", number=job_id, dossier=dossier, open_it=open_it
        )


@jobs.task("notices.answered")
def answered(*, job_id: int, entry_id: int) -> None:
    """One mail to each supporter, and one message to each device that follows."""
    told = queries.entry(entry_id)
    devices = queries.device_ids(told)
    jobs.each("notices.push", "subscription_id", devices, key=f"push:{entry_id}", entry_id=entry_id)
    series.queue("notices.answer", key=f"answer:{entry_id}", lot=queries.behind(told), entry_id=entry_id)


@jobs.task("notices.answer")
def answer(*, job_id: int, entry_id: int, person_id: int, others: Sequence[int] = ()) -> None:
    """What was said; to "done" they are asked in the same mail whether it is solved.

    That mail also asks what is to be asked about a promise. Who was asked about one today hears tomorrow: no
    two mails about a dossier that want to know something come on one day.
    """
    told = queries.entry(entry_id)
    asked = asked_with(told) if told.data.get("kind") == "done" else None
    if asked is None:
        _to_supporter(job_id, told, person_id, "answer", others=queries.entries(others))
    elif promises.told_today(told.dossier_id, person_id):
        _tomorrow("notices.answer", entry_id=entry_id, person_id=person_id)
    else:
        voices = promises.unasked(told.dossier_id, person_id)
        kept = [_about_promise(voice) for voice in voices]
        if _to_supporter(job_id, told, person_id, "solved", until=asked.ends_on, kept=kept):
            note_told(SYSTEM, None, voices=[voice.id for voice in voices])


def _tomorrow(task: str, **arguments: int) -> None:
    with transaction():
        jobs.later(task, due=datetime.combine(today() + timedelta(days=1), MORNING, ZONE), **arguments)


def _about_promise(voice: Voice) -> tuple[Promise, str]:
    """What was promised, and where to say whether it was kept."""
    return voice.promise, ticket_link("promises.kept", For.KEPT, voice.id)


@jobs.task("notices.judged")
def judged(*, job_id: int, entry_id: int) -> None:
    """What supporters said together: a mail to each of them, a message to each device that follows."""
    told = queries.entry(entry_id)
    devices = queries.device_ids(told)
    jobs.each("notices.push", "subscription_id", devices, key=f"push:{entry_id}", entry_id=entry_id)
    series.queue("notices.judgement", key=f"judged:{entry_id}", lot=queries.behind(told), entry_id=entry_id)


@jobs.task("notices.judgement")
def judgement(*, job_id: int, entry_id: int, person_id: int) -> None:
    _to_supporter(job_id, queries.entry(entry_id), person_id, "judged")


def _to_supporter(
    job_id: int,
    told: Entry,
    person_id: int,
    template: str,
    until: date | None = None,
    others: Sequence[Entry] = (),
    **more: Any,
) -> bool:
    """One mail about an entry to somebody who still supports its dossier, or one that joined it.

    None once a moderator took its words away, or they want no mails about it. Returns whether it was sent.
    """
    person, signed = queries.person(person_id), queries.signature_behind(person_id, told)
    if signed is None or signed.quiet or told.dossier.hidden_at is not None:
        return False
    with force_locale(person.locale):
        words, day = [shown(entry) for entry in (told, *others)], until and when(until)
    vote = ticket_link("verdicts.answer", For.VERDICT, signed.id)
    mail(
        person,
        template,
        number=job_id,
        stop=ticket_link("notices.quiet", For.QUIET, signed.id),
        dossier=told.dossier,
        entry=words[0],
        entries=words,
        until=day,
        choices=[(label, f"{vote}?say={says}") for says, (label, _icon) in SAYS.items()],
        page=public_url("dossiers.show", ref=told.dossier.ref, _anchor=f"e{told.seq}"),
        open_it=ticket_link("dossiers.signature", For.SIGNATURE, signed.id),
        **more,
    )
    return True


@jobs.task("notices.official")
def official(*, job_id: int, entry_id: int, organisation_id: int, person_id: int) -> None:
    """What neighbours said back, to an official who works on it. One who left meanwhile hears nothing."""
    told, person = queries.entry(entry_id), queries.person(person_id)
    if organisation_id not in person.organisation_ids(Role.OFFICIAL) or told.dossier.hidden_at is not None:
        return
    if queries.wants_news(person):
        with force_locale(person.locale):
            words = shown(told)
        mail(
            person,
            "official",
            number=job_id,
            stop=ticket_link("notices.news", For.NEWS, person.id),
            dossier=told.dossier,
            entry=words,
            contested=told.verb == "judged",
            page=public_url("staff.show", ref=told.dossier.ref),
        )


@jobs.task("notices.question")
def question(*, job_id: int, asked_id: int, again: bool = False) -> None:
    """Put an official's question to somebody; nothing once it waits for no reply, or its words are hidden."""
    asked = queries.asked(asked_id)
    if asked is None or not allowed(asked.person, QuestionDo.REPLY, asked.question):
        return
    with force_locale(asked.person.locale):
        words, until = shown(words_of(asked.question)), when(asked.question.ends_on)
    mail(
        asked.person,
        "question",
        number=job_id,
        dossier=asked.question.dossier,
        authority=asked.question.organisation.name,
        entry=words,
        until=until,
        again=again,
        reply=ticket_link("questions.answer", For.QUESTION, asked.id),
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


DIGEST_FROM = timedelta(hours=MORNING.hour)
"""On Monday, from this hour on: whoever was told on Sunday night would read it asleep."""
DIGEST_MOST = 20
"""Dossiers in a mail; more are counted."""


def week_of(moment: datetime) -> str:
    """The week whose digest is due at this moment: "2026-W48"."""
    year, week, _day = (moment.astimezone(ZONE) - DIGEST_FROM).isocalendar()
    return f"{year}-W{week:02}"


@jobs.task("notices.digest")
def digest(*, job_id: int) -> None:
    """Looked at once an hour: each week has one."""
    commands.gather(SYSTEM, None, week=week_of(now()))


@jobs.task("notices.silences")
def silences(*, job_id: int, person_id: int, week: str) -> None:
    """One mail about all that is still not answered; none for whoever wants none, or when answers came."""
    person, about = queries.person(person_id), queries.silences_for(person_id, week)
    if not about or not queries.wants_digest(person):
        return
    with force_locale(person.locale):
        told: dict[int, list[Shown]] = {}
        for one in about:
            told.setdefault(one.dossier_id, []).append(shown(one.entry))
    dossiers = {one.dossier_id: one.dossier for one in about}
    lines = [(dossiers[number], words) for number, words in told.items()]
    mail(
        person,
        "silences",
        number=job_id,
        lines=lines[:DIGEST_MOST],
        others=len(lines[DIGEST_MOST:]),
        stop=ticket_link("notices.digest", For.DIGEST, person.id),
    )


@jobs.task("notices.promise_reminder")
def promise_reminder(*, job_id: int, promise_id: int) -> None:
    """One mail to each who can speak for the authority that promised it, each a job of its own."""
    promise = promises.promise(promise_id)
    key = f"promise_reminder:{promise_id}:{promise.by_on}"
    makers = promises.makers(promise)
    jobs.each("notices.promise_soon", "person_id", makers, key=key, promise_id=promise_id)


@jobs.task("notices.promise_soon")
def promise_soon(*, job_id: int, promise_id: int, person_id: int) -> None:
    """Nothing when it was settled meanwhile, or when the day was changed."""
    promise, person = promises.promise(promise_id), queries.person(person_id)
    runs = promise.state in RUNNING and promise.dossier.hidden_at is None
    if runs and promise.by_on == promise.reminded_for and queries.wants_news(person):
        stop = ticket_link("notices.news", For.NEWS, person.id)
        mail(person, "promise_soon", number=job_id, stop=stop, promise=promise, dossier=promise.dossier)


@jobs.task("notices.promise_day")
def promise_day(*, job_id: int, promise_id: int) -> None:
    """On its day each supporter is asked whether it was kept."""
    promise = promises.promise(promise_id)
    key, lot = f"promise_kept:{promise_id}:{promise.asked_for}", queries.on_behalf_of(promise.dossier)
    series.queue("notices.promise_kept", key=key, lot=lot, promise_id=promise_id)


@jobs.task("notices.promise_kept")
def promise_kept(*, job_id: int, voice_id: int) -> None:
    """Who stepped out meanwhile, wants no mails, said it already or was asked in another mail is not asked.

    All that is to be asked about promises of this dossier stands in one mail.
    """
    voice = promises.voice(voice_id)
    signed, dossier = voice.signature, voice.dossier
    person = signed.person if signed is not None else None
    if signed is None or person is None or signed.quiet or voice.told:
        return
    if voice.said is not None or not allowed(person, PromiseDo.SAY, voice):
        return
    if promises.told_today(dossier.id, person.id) or began_today(dossier.id):
        _tomorrow("notices.promise_kept", voice_id=voice_id)
        return
    voices = promises.unasked(dossier.id, person.id)
    mail(
        person,
        "promise_kept",
        number=job_id,
        stop=ticket_link("notices.quiet", For.QUIET, signed.id),
        name=signed.name or person.name,
        dossier=dossier,
        kept=[_about_promise(one) for one in voices],
    )
    note_told(SYSTEM, None, voices=[one.id for one in voices])

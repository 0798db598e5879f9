"""Every route and who may call it: the one written list, against which the tests hold the routes."""

from dataclasses import dataclass

from portal.accounts.models import Seen
from portal.web.keeping import FILE, PAGE

ANYONE = "anyone"
SIGNED_IN = "signed in"
TICKET = "ticket"
"""Whoever holds the link from a mail; it stands for one row, and only POST changes anything."""

OPERATOR = "operator"
"""A program of this machine, or one with the word of the setting METRICS_TOKEN; others are told 404."""


@dataclass(frozen=True)
class Access:
    """`who` is one of the words above or a permission (a `Do`), asked about a `subject` of this kind."""

    methods: str
    who: str
    subject: str = ""
    fresh: str = ""
    """Methods for which one must have shown a short while ago that it is oneself: what cannot be undone."""
    look: Seen | None = None
    """What of neighbours stands in its answer that is not public: each look is written down."""
    kept: str = ""
    """PAGE: the same for all who have not signed in, so that it may be kept for all of them; FILE: the same
    for everybody, whoever asks (portal/web/keeping.py)."""


ROUTES: dict[str, Access] = {
    "static": Access("GET", ANYONE, kept=FILE),
    "web.bundle": Access("GET", ANYONE, kept=FILE),
    "web.language": Access("POST", ANYONE),
    "web.styleguide": Access("GET", ANYONE),
    # for programs that watch
    "operations.alive": Access("GET", ANYONE),
    "operations.ready": Access("GET", ANYONE),
    "operations.metrics": Access("GET", OPERATOR),
    # what a device keeps of it, to be read and written without network
    "device.worker": Access("GET", ANYONE, kept=FILE),
    "device.manifest": Access("GET", ANYONE, kept=FILE),
    "device.outbox": Access("GET", ANYONE),
    "device.token": Access("GET", ANYONE),
    "home.index": Access("GET", ANYONE, kept=PAGE),
    "home.preview": Access("GET", ANYONE, "neighbourhood", kept=FILE),
    "home.neighbourhood": Access("GET", ANYONE, "neighbourhood", kept=PAGE),
    "search.index": Access("GET", ANYONE, kept=PAGE),
    "maps.index": Access("GET", ANYONE, kept=PAGE),
    "maps.data": Access("GET", ANYONE, kept=PAGE),
    "maps.pick": Access("GET", ANYONE, kept=PAGE),
    "maps.land": Access("GET", ANYONE, kept=FILE),
    # accounts
    "accounts.sign_in": Access("GET POST", "accounts.ask_sign_in"),
    "accounts.check_mail": Access("GET", ANYONE),
    "accounts.enter": Access("GET POST", TICKET, "sign-in"),
    "accounts.sign_out": Access("POST", ANYONE),
    "accounts.ask_provider": Access("GET", ANYONE),
    "accounts.back_from_provider": Access("GET", ANYONE),
    "accounts.left": Access("GET", ANYONE),
    "accounts.me": Access("GET POST", "accounts.change", "oneself"),
    "accounts.export": Access("GET", "accounts.see", "oneself"),
    "accounts.erase": Access("GET POST", "accounts.erase", "oneself", fresh="POST"),
    "accounts.hide": Access("GET POST", "accounts.hide_traces", "oneself"),
    "accounts.sign_in_here": Access("GET POST", ANYONE),
    "accounts.prove": Access("GET POST", "accounts.prove", "oneself"),
    "accounts.factor": Access("GET POST", "accounts.set_factor", "oneself", fresh="GET POST"),
    "accounts.new_codes": Access("POST", "accounts.set_factor", "oneself", fresh="POST"),
    "accounts.own_passkeys": Access("GET POST", "accounts.set_factor", "oneself", fresh="POST"),
    "accounts.remove_passkey": Access("POST", "accounts.remove_passkey", "passkey", fresh="POST"),
    "accounts.end_session": Access("POST", "accounts.end_session", "session"),
    "accounts.sessions": Access("GET POST", "accounts.end_sessions", "oneself"),
    # dossiers of every kind
    "dossiers.index": Access("GET", ANYONE, kept=PAGE),
    "dossiers.show": Access("GET", "dossiers.read", "dossier", kept=PAGE),
    "dossiers.photo": Access("GET", "dossiers.see", "photo", kept=FILE),
    "dossiers.preview": Access("GET", "dossiers.share", "dossier", kept=FILE),
    "dossiers.short": Access("GET", ANYONE),
    "dossiers.sign": Access("POST", "dossiers.sign", "dossier"),
    "dossiers.signatures": Access("GET", ANYONE),
    "dossiers.signature": Access("GET POST", TICKET, "signature"),
    "dossiers.withdraw_signature": Access("POST", TICKET, "signature"),
    "dossiers.rename_signature": Access("GET POST", TICKET, "signature"),
    "dossiers.quieten_signature": Access("POST", TICKET, "signature"),
    "dossiers.rename_own": Access("POST", "dossiers.rename_signature", "own signature"),
    "dossiers.step_out": Access("POST", "dossiers.withdraw_signature", "own signature"),
    "dossiers.tell": Access("GET POST", "dossiers.tell", "dossier"),
    "dossiers.hand_over": Access("GET POST", "dossiers.hand_over", "dossier"),
    "dossiers.withdraw": Access("GET POST", "dossiers.withdraw", "dossier"),
    "dossiers.solve": Access("GET POST", "dossiers.solve", "dossier"),
    "dossiers.reopen": Access("GET POST", "dossiers.reopen", "dossier"),
    "dossiers.hide": Access("GET POST", "dossiers.hide", "dossier"),
    "dossiers.unhide": Access("GET POST", "dossiers.unhide", "dossier"),
    "dossiers.stands": Access("GET POST", "dossiers.open_stand", "petition"),
    "dossiers.close_stand": Access("POST", "dossiers.close_stand", "stand"),
    "dossiers.stand": Access("GET POST", TICKET, "stand"),
    # who looks after signatures
    "integrity.show": Access("GET", "dossiers.watch", "watched"),
    "integrity.preview": Access("GET", "dossiers.watch", "watched", look=Seen.EXAMPLES),
    "integrity.strike": Access("POST", "dossiers.strike", "watched", fresh="POST"),
    "integrity.undo": Access("GET POST", "dossiers.undo_strike", "strike"),
    "integrity.held": Access("GET POST", "dossiers.look", "watched", look=Seen.HELD),
    # reporting
    "issues.start": Access("GET", ANYONE),
    "issues.step": Access("GET POST", ANYONE, "draft"),
    "issues.resume": Access("GET", SIGNED_IN),
    "issues.discard": Access("POST", ANYONE, "draft"),
    "issues.signpost": Access("GET POST", ANYONE, "draft"),
    "issues.thanks": Access("GET", ANYONE),
    "issues.offline": Access("GET", ANYONE),
    "issues.at_once": Access("POST", ANYONE),
    "issues.cover_photo": Access("GET POST", ANYONE, "draft"),
    "issues.day": Access("GET POST", "issues.set_day", "plan"),
    "issues.confirm": Access("GET POST", TICKET, "report"),
    # petitions and what they are made from
    "petitions.new": Access("GET POST", "petitions.draft", "organisation"),
    "petitions.edit": Access("GET POST", "petitions.edit", "petition"),
    "petitions.invite": Access("GET POST", "petitions.invite", "petition"),
    "petitions.drop": Access("POST", "petitions.drop", "invitation"),
    "petitions.publish": Access("POST", "petitions.publish", "petition"),
    "petitions.take_apart": Access("GET POST", "petitions.take_apart", "petition"),
    "petitions.succeed": Access("GET POST", "petitions.succeed", "petition", fresh="POST"),
    "petitions.move": Access("GET POST", TICKET, "signature"),
    "petitions.consent": Access("GET POST", TICKET, "consent"),
    "petitions.consent_for": Access("GET POST", "petitions.see_consent", "consent"),
    "ties.untie": Access("GET POST", "ties.untie", "dossier"),
    # doing it together with those who do the same
    "together.propose": Access("GET POST", "together.propose", "one of several"),
    "together.answer": Access("GET POST", TICKET, "party"),
    "together.answer_for": Access("GET POST", "together.see", "party"),
    "together.part": Access("GET POST", "together.part", "partner"),
    # answers
    "answers.answer": Access("GET POST", "answers.answer", "dossier"),
    "answers.note": Access("GET POST", "answers.note", "dossier"),
    "answers.write_down": Access("GET POST", "answers.write_down", "dossier"),
    # paper sheets
    "sheets.scan": Access("GET", ANYONE),
    "sheets.index": Access("GET", "sheets.open"),
    "sheets.show": Access("GET", "sheets.read", "sheet", look=Seen.SHEET),
    "sheets.start": Access("POST", "sheets.start", "sheet"),
    "sheets.write": Access("POST", "sheets.write", "sheet"),
    "sheets.undo": Access("POST", "sheets.undo", "sheet"),
    "sheets.pause": Access("POST", "sheets.pause", "sheet"),
    "sheets.close": Access("POST", "sheets.close", "sheet"),
    "sheets.reopen": Access("GET POST", "sheets.reopen", "sheet"),
    "sheets.photo": Access("GET POST", "sheets.photograph", "sheet"),
    "sheets.picture": Access("GET", "sheets.see_written", "sheet", look=Seen.PICTURE),
    "sheets.check": Access("POST", "sheets.check", "sheet"),
    "sheets.remove": Access("POST", "sheets.remove", "sheet"),
    # helping somebody who has no mail or phone; for who has a code there are no other rules than the code
    "assistance.index": Access("GET", "assistance.help", "own mandate"),
    "assistance.sign": Access("GET POST", "assistance.help", "own mandate"),
    "assistance.report": Access("GET POST", "assistance.help", "own mandate"),
    "assistance.helpers": Access(
        "GET POST", "assistance.see_helpers", "organisation", fresh="POST", look=Seen.HELPERS
    ),
    "assistance.withdraw_mandate": Access("POST", "assistance.withdraw_mandate", "mandate", fresh="POST"),
    "assistance.receipt": Access("GET POST", ANYONE),
    "assistance.withdraw": Access("GET POST", ANYONE),
    "assistance.show_name": Access("GET POST", ANYONE),
    "assistance.ask_take_over": Access("GET POST", ANYONE),
    "assistance.take_over": Access("GET POST", TICKET, "take-over"),
    # following on a device
    "notices.follow": Access("POST", "notices.follow", "dossier"),
    "notices.unfollow": Access("POST", ANYONE),
    "notices.follows": Access("POST", ANYONE),
    "notices.stop": Access("POST", "notices.stop", "follow"),
    "notices.reach": Access("POST", "notices.reach", "oneself"),
    "notices.digest": Access("GET POST", TICKET, "digest"),
    "notices.news": Access("GET POST", TICKET, "digest"),
    "notices.quiet": Access("GET POST", TICKET, "signature"),
    # terms, and what was not answered
    "terms.show": Access("GET", ANYONE),
    "terms.change": Access("GET POST", "terms.set", "one authority"),
    "terms.extend": Access("GET POST", "terms.extend", "dossier"),
    "terms.feed": Access("GET POST", "terms.subscribe", "one with a calendar"),
    "terms.due": Access("GET", TICKET, "calendar"),
    # working views
    "staff.index": Access("GET", "staff.see_queue", "authority"),
    "staff.following": Access("GET", "staff.see_case", "dossier"),
    "staff.show": Access("GET", "staff.see_case", "dossier"),
    "staff.divide": Access("POST", "staff.see_queue", "queue"),
    "staff.save": Access("POST", "staff.save_filter", "queue"),
    "staff.remove": Access("POST", "staff.remove_filter", "saved filter"),
    "staff.flow": Access("GET", "staff.see_queue", "queue"),
    "staff.flow_csv": Access("GET", "staff.see_queue", "queue"),
    "staff.teams": Access("GET POST", "staff.found_team", "queue"),
    "staff.team": Access("GET POST", "staff.change_team", "team"),
    "staff.close_team": Access("POST", "staff.change_team", "team"),
    "staff.routing": Access("GET POST", "staff.set_routing", "queue"),
    "desk.together": Access("GET", "desk.see"),
    "desk.index": Access("GET", "desk.see"),
    "clusters.index": Access("GET", "clusters.see", "organisation"),
    "clusters.show": Access("GET", "clusters.see", "group"),
    "clusters.bundle": Access("POST", "clusters.see", "group"),
    "clusters.split": Access("POST", "clusters.split", "group"),
    "clusters.rejoin": Access("POST", "clusters.rejoin", "group"),
    "clusters.set_aside": Access("POST", "clusters.set_aside", "group"),
    "clusters.bring_back": Access("POST", "clusters.bring_back", "set aside"),
    "accounts.looks": Access("GET", "accounts.see_looks"),
    "desk.moderation": Access("GET", "desk.moderate"),
    "desk.committee": Access("GET", "desk.oversee"),
    # what officials have at hand while they write
    "composer.save": Access("POST", "composer.save", "dossier"),
    "composer.here": Access("POST", "answers.note", "dossier"),
    "composer.file": Access("GET", "dossiers.see", "answer file"),
    "composer.templates": Access("GET POST", "composer.see_templates", "authority"),
    "composer.template": Access("GET POST", "composer.change_template", "template"),
    "composer.retire": Access("POST", "composer.retire_template", "template"),
    "composer.several": Access("GET POST", "composer.answer_several", "authority"),
    # what is printed
    "printing.index": Access("GET", "printing.print", "dossier"),
    "printing.proof": Access("GET", "printing.print", "dossier", kept=FILE),
    "printing.file": Access("GET", "printing.print", "dossier", kept=FILE),
    "printing.order": Access("POST", "printing.order", "dossier"),
    "printing.job": Access("GET", "printing.fetch", "print job"),
    "printing.fetch": Access("GET", "printing.fetch", "print job"),
    # what supporters say to "done"
    "verdicts.answer": Access("GET POST", TICKET, "signature"),
    "verdicts.vote": Access("GET POST", "verdicts.vote", "ballot"),
    # what officials ask the neighbours
    "questions.answer": Access("GET POST", TICKET, "question"),
    "questions.reply": Access("GET POST", "questions.reply", "question"),
    # answers by mail
    "mailroom.pen": Access("GET", "mailroom.see", look=Seen.MAILS),
    "mailroom.let_in": Access("GET POST", "mailroom.let_in", "mail", look=Seen.MAIL),
    "mailroom.throw_away": Access("POST", "mailroom.throw_away", "mail"),
    "mailroom.file": Access("GET", "mailroom.fetch", "mail", look=Seen.FILE),
    "mailroom.name": Access("GET POST", TICKET, "mail"),
    # promises, trials, decisions, and the ledger
    "promises.show": Access("GET", "dossiers.read", "dossier", kept=PAGE),
    "promises.kept": Access("GET POST", TICKET, "voice"),
    "promises.correct": Access("GET POST", "promises.correct", "promise"),
    "promises.settle": Access("GET POST", "promises.settle", "promise"),
    "promises.hold_trial": Access("GET POST", "promises.hold_trial", "dossier"),
    "promises.observe": Access("GET POST", "promises.observe", "trial"),
    "promises.close_trial": Access("GET POST", "promises.close_trial", "trial"),
    "promises.document": Access("GET POST", "promises.document", "dossier"),
    "promises.cite": Access("GET POST", "promises.cite", "dossier"),
    "promises.ledgers": Access("GET", ANYONE, kept=PAGE),
    "promises.authority": Access("GET", ANYONE, kept=PAGE),
    "promises.neighbourhood": Access("GET", ANYONE, kept=PAGE),
    "promises.reply": Access("GET POST", "promises.reply", "line"),
}

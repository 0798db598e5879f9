"""Every column that says something of a person: why it is kept, who sees it, how long. The one written list.

`make register` writes docs/personal-data.md from it, and a test holds it against the models: a new column is
classified or fails. Numbers of rows, and references to rows that are not people, need no line.
"""

from dataclasses import dataclass
from typing import Any

SELF = "oneself"
NOBODY = "nobody; the portal itself"
CHOSEN = "everybody, where its owner chose so; else oneself"
OVER = "until 183 days after the dossier is over (FORGET_AFTER_DAYS), or erasure"
ERASED = "until erasure"
STAYS = "as long as the dossier; emptied at erasure"


@dataclass(frozen=True)
class Kept:
    """Columns of one table that are alike in this."""

    columns: str
    why: str
    who: str
    until: str


def to_classify(column: Any) -> bool:
    """Whether a column needs a line: all but keys, and references to what is no person."""
    tables = {key.column.table.name for key in column.foreign_keys}
    return "people" in tables or (not tables and column.name != "id")


PERSONAL: dict[str, list[Kept]] = {
    "people": [
        Kept("email email_key", "to write to, and to count a person once", SELF, ERASED),
        Kept(
            "name", "to greet, and to offer where one signs", f"{SELF}; colleagues in an organisation", ERASED
        ),
        Kept(
            "building",
            "breadth of support by buildings",
            f"{SELF}; others only as a number of buildings",
            ERASED,
        ),
        Kept(
            "locale created_at confirmed_at signed_in_at erased_at",
            "the account itself",
            SELF,
            "stays, nameless",
        ),
    ],
    "households": [Kept("second_id first_id", "two people with one mailbox both count", NOBODY, ERASED)],
    "memberships": [
        Kept("person_id role starts_on ends_on", "rights in an organisation", f"{SELF}; colleagues", ERASED)
    ],
    "sign_ins": [
        Kept("email email_key", "the link that was asked for", NOBODY, "a day after it stopped working"),
        Kept("asked_at used_at next_path locale", "limits, and where to go on", NOBODY, "the same"),
    ],
    "sessions": [
        Kept(
            "person_id key device began_at seen_on ends_at proven_at factor_at asked_at",
            "being signed in, and seeing where one is",
            SELF,
            "180 days, 30 without use; staff 12 hours (SESSION_DAYS, SESSION_IDLE_DAYS, STAFF_SESSION_HOURS)",
        ),
    ],
    "factors": [
        Kept(
            "person_id password secret last_step set_at",
            "the second factor of who works here",
            NOBODY,
            ERASED,
        )
    ],
    "recovery_codes": [Kept("key person_id", "the way in without the app", NOBODY, "until used or erasure")],
    "passkeys": [
        Kept("key known counter last_tick", "a second factor of who works here", NOBODY, ERASED),
        Kept("person_id name added_on used_on", "to know one's own passkeys by", SELF, ERASED),
    ],
    "identities": [
        Kept(
            "key person_id since",
            "who they are at their organisation's provider",
            NOBODY,
            ERASED,
        )
    ],
    "wrong_tries": [Kept("whose origin at", "limits on guessing, in keyed digests", NOBODY, "an hour")],
    "tries": [Kept("origin", "limits on guessing codes of receipts, in keyed digests", NOBODY, "an hour")],
    "looks": [
        Kept(
            "person_id what about at",
            "who of those who work here looked into what is not public",
            f"{SELF}; moderators, committee",
            "365 days (LOOKS_DAYS); nameless after erasure",
        )
    ],
    "signatures": [
        Kept("person_id", "a person counts once, and can step out", SELF, OVER),
        Kept("name reason shown", "support with one's name, where one wants that", CHOSEN, OVER),
        Kept(
            "name_key",
            "finding who signed twice, also on paper",
            "organisers and moderators, first letters",
            OVER,
        ),
        Kept(
            "building unit",
            "breadth by buildings; the same neighbour on paper",
            "others only as numbers",
            OVER,
        ),
        Kept("helper_id", "who helped to sign", "moderators", OVER),
        Kept("network device", "crowds that come one way, in keyed digests", NOBODY, "30 days (TRACES_STAY)"),
        Kept(
            "mail_domain", "crowds with throw-away addresses", "organisers and moderators, as numbers", OVER
        ),
        Kept("why_invalid", "why it does not count", "moderators", OVER),
        Kept(
            "quiet mails signed_at confirmed_at ready_at withdrawn_at joins_bundle language",
            "the state of one's support",
            SELF,
            "stays, without its owner",
        ),
    ],
    "dossiers": [
        Kept("opener_id", "who reported it may change and confirm it", SELF, ERASED),
        Kept(
            "title body answers place_name lat lon",
            "what was reported; people write about themselves, too",
            "everybody, once confirmed; hidden: moderators",
            "stays; unseen ones 14 days",
        ),
        Kept("hidden_reason", "why moderators hid it", "everybody", "as long as the dossier"),
    ],
    "entries": [
        Kept("actor_id", "who acted, for their own data", SELF, ERASED),
        Kept("text salt data", "words on a timeline", "everybody; notes: the organisation alone", STAYS),
    ],
    "attachments": [
        Kept(
            "large small large_avif small_avif alt",
            "photos, without what cameras write in them",
            "as the dossier",
            "as long as the dossier",
        )
    ],
    "answer_files": [
        Kept(
            "name large small large_avif small_avif",
            "files with an answer",
            "as the answer",
            "as long as the dossier",
        )
    ],
    "drafts": [
        Kept(
            "key filled_in person_id changed_at",
            "a report that is being written",
            SELF,
            "7 days after the last change",
        )
    ],
    "follows": [Kept("at", "a device hears of a dossier", NOBODY, "until it is stopped")],
    "push_subscriptions": [
        Kept(
            "endpoint p256dh auth locale person_id made_at",
            "messages to a device",
            NOBODY,
            "until it is stopped",
        )
    ],
    "no_digests": [Kept("person_id at", "a mail that is not wanted", SELF, ERASED)],
    "no_news": [Kept("person_id at", "a mail that is not wanted", SELF, ERASED)],
    "mandates": [
        Kept(
            "person_id name starts_at ends_at given_by_id withdrawn_at withdrawn_reason",
            "who may help neighbours, by whose trust",
            f"{SELF}; the organisation",
            "name until erasure; the term stays",
        )
    ],
    "receipts": [
        Kept(
            "code_digest person_id helper_id made_at taken_over_at withdrawn_at",
            "who was helped can look and step out with a code",
            "who has the code; moderators",
            ERASED,
        )
    ],
    "take_overs": [
        Kept(
            "email email_key",
            "going on with an address of one's own",
            NOBODY,
            "until used, at most a day; erasure",
        ),
        Kept("asked_at used_at locale", "the link that was asked for", NOBODY, "the same"),
    ],
    "sheets": [
        Kept(
            "issued_by_id entering_by_id", "who printed and who types", "the organisation, moderators", ERASED
        ),
        Kept("photo", "comparing what was typed with the paper", "the organisation, moderators", OVER),
    ],
    "sheet_rows": [
        Kept(
            "typed_by_id checked_by_id typed_at checked_at",
            "who typed, and who compared",
            "the organisation, moderators",
            ERASED,
        )
    ],
    "print_jobs": [Kept("person_id", "who ordered it may fetch it", SELF, "until the print expires")],
    "stands": [Kept("opened_by_id", "who opened a stand", "the platform", ERASED)],
    "strikes": [
        Kept("actor_id", "who struck signatures out", "moderators", ERASED),
        Kept(
            "conditions",
            "what they had in common; may hold the beginning of a name",
            "organisers, moderators",
            OVER,
        ),
    ],
    "asked": [Kept("person_id", "whom an official's question goes to", SELF, ERASED)],
    "verdicts": [
        Kept(
            "person_id says at",
            "a vote counts once",
            f"{SELF}; others as numbers",
            "stays, without its owner",
        )
    ],
    "promise_voices": [
        Kept("said said_at told_on", "whether a promise was kept", "others as numbers", "stays, nameless")
    ],
    "parties": [
        Kept(
            "person_id name note",
            "who speaks for a dossier in doing it together",
            "the other parties",
            ERASED,
        )
    ],
    "partners": [Kept("name note", "what a partner said when it joined", "the partners", STAYS)],
    "answer_drafts": [
        Kept(
            "person_id filled_in",
            "an answer that is being written",
            "colleagues of the authority",
            "60 days after the last change; nameless after erasure",
        )
    ],
    "presences": [Kept("person_id seen_at", "who else is writing at this moment", "colleagues", "minutes")],
    "saved_filters": [Kept("person_id name given", "one's own views of the queue", SELF, ERASED)],
    "teams": [Kept("name", "who takes what in an authority", "colleagues", "as long as the authority")],
    "mails": [
        Kept(
            "number sender text",
            "an answer by mail that waits for a look",
            "moderators, the organisation",
            "sender 7 days after it is placed; all after 90 days of waiting",
        ),
        Kept("settled_by_id", "who let it in", "moderators", ERASED),
    ],
    "mail_files": [Kept("key", "what came with it", "moderators, the organisation", "as the mail")],
    "mailboxes": [
        Kept("address", "where an authority is told of what is put to it", "the operator", "as the authority")
    ],
    "trials": [
        Kept(
            "with_whom",
            "with whom it was discussed: groups, and at times a name",
            "everybody",
            "as the dossier",
        )
    ],
    "citations": [Kept("role url", "who was quoted, by office", "everybody", "as the dossier")],
    "submissions": [Kept("key model_id at", "a form that is sent twice counts once", NOBODY, "30 days")],
    "bounces": [
        Kept(
            "person_id at status",
            "mail to them comes back: no notices go there",
            SELF,
            "until it works again",
        )
    ],
    "jobs": [
        Kept("arguments", "work to be done: numbers of rows, never words", NOBODY, "7 days after it is done")
    ],
    "similar_dossiers": [Kept("title body", "searching", "as the dossier", "as the dossier")],
    "similar_meanings": [
        Kept("whole gist", "finding what says the same in other words", NOBODY, "as the dossier")
    ],
    "draft_meanings": [
        Kept("text whole gist", "finding what is open already, before it is sent", NOBODY, "as the draft")
    ],
    "similar_thresholds": [Kept("set_by", "who changed what is suggested", "the operator", "it stays")],
    "proposals": [
        Kept("title body", "a petition that is proposed to the platform", "the platform", "until decided")
    ],
    "organisations": [
        Kept("email_domain", "by which officials are known", "the operator", "as the organisation")
    ],
}
PLAIN: dict[str, str] = {
    "addressees": "state handed_over_on due_on term answered_on",
    "agreed_terms": "about days calendar set_at",
    "answer_drafts": "version form changed_at",
    "answer_files": "kind size small_width small_height created_at",
    "answer_templates": "name kind text changed_at retired_at",
    "attachments": "position width height small_width small_height created_at",
    "beats": "worker seen_at",
    "breadths": "supporters looked_at due_at told shown",
    "cases": (
        "part kind category_slug neighbourhood_code handed_over_on due_on answered_on touched asked_on"
    ),
    "categories": "slug main main_name_nl main_name_en name_nl name_en icon days calendar_days position",
    "citations": "level recording at_seconds comment",
    "cluster_changes": "dossier_id",
    "cluster_dossiers": "dossier_id root_id moment spot terms category lat lon part_id",
    "cluster_parts": "part_id split_id",
    "cluster_rules": "fingerprint",
    "cluster_set_asides": "at reason language",
    "decision_steps": "step title url",
    "demands": "position text",
    "dossiers": (
        "ref kind state language cell opened_at changed_at hidden_at hidden_language stayed_private "
        "contested tied source source_id counted settled_at begins_at ends_at shared proposed "
        "forgotten_at buildings_reached buildings_there entry_count head"
    ),
    "draft_meanings": "made_by",
    "entries": "seq verb at on precision role language text_digest previous hash",
    "feeds": "locale made_at",
    "jobs": "key queued_at cause rank lot reached task due_at attempts leased_until error done_at dead_at",
    "lineages": "consent asked_at answered_at",
    "mail_files": "kind size",
    "mailboxes": "locale",
    "mails": "state why language left_out arrived_at settled_at named_at",
    "mandates": "most_per_day",
    "map_changes": "cell neighbourhood kind state step taken",
    "map_squares": "level neighbourhood kind state square number row_sum column_sum",
    "movements": "signature_id verb delta via at counted_in",
    "neighbourhoods": "code name level covers parent district lat lon bbox outline",
    "organisations": "kind key name about buildings recognised_on recognised_until created_at",
    "parties": "says answered_at supporters again_at",
    "partners": "joined_at former",
    "places": "name kind search lat lon neighbourhood_code",
    "print_jobs": "language sheet_ids state done total key created_at expires_at",
    "promise_evidence": "on url",
    "promises": "role level by_on state settled_on settled_precision reminded_for asked_for asked_on",
    "proposals": "pair state why demands version made_at",
    "questions": "seq asked_on remind_on ends_on reminded_at state",
    "receipts": "consent_text_version language",
    "rounds": (
        "seq ends_on share least opened_at closed_at outcome solved not_solved cannot_tell supporters"
    ),
    "routings": "state rules changed_at tried_at on_at off_at",
    "sheet_rows": "number state sampled checked",
    "sheets": "code building stairwell language rows issued_at entering_since entering_until entered_at",
    "sign_ins": "expires_at",
    "signatures": "way state held",
    "silences": "due_on times digest",
    "similar_dossiers": "moment dossier_id language about marks",
    "similar_labels": "same why compared at",
    "similar_meanings": "dossier_id made_by text",
    "similar_news": "step words",
    "similar_spellings": "left stem",
    "similar_thresholds": "area kind value set_at",
    "similar_words": "stem shown dossiers",
    "stands": "place_name starts_at ends_at most closed_at",
    "strikes": "reason number before after at undone_at",
    "submissions": "command model",
    "successions": "named_at together",
    "teams": "closed_at",
    "ties": "at told",
    "trials": "places from_on until_on precision cost radius outcome decision decision_text closed_on",
    "tries": "began_at number",
}
"""Columns that say nothing of a person, by table. A new column belongs here or above: a test says so."""

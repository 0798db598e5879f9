"""Who may have a device hear of a dossier."""

from enum import StrEnum
from typing import Any

from portal.accounts.policy import moderator, oneself, signed_in
from portal.dossiers.policy import not_hidden, visible
from portal.kernel.policy import RULES, anyone, is_system


class Do(StrEnum):
    FOLLOW = "notices.follow"
    UNFOLLOW = "notices.unfollow"
    STOP = "notices.stop"
    """To end a following from one's own page, on whatever device it is."""
    FORGET = "notices.forget"
    GATHER = "notices.gather"
    """What was not answered, for the digest of a week."""
    NOTE_BOUNCE = "notices.note_bounce"
    """That mail to somebody comes back for good."""
    COUNT_BOUNCES = "notices.count_bounces"
    REACH = "notices.reach"
    """To say that one's address works again."""
    CHOOSE_DIGEST = "notices.choose_digest"
    CHOOSE_NEWS = "notices.choose_news"


def own_device(actor: Any, follow: Any) -> bool:
    return actor.is_authenticated and follow.subscription.person_id == actor.id


RULES.update(
    {
        Do.FOLLOW: [[anyone, visible, not_hidden]],
        Do.UNFOLLOW: [[anyone]],
        Do.STOP: [[own_device]],
        Do.FORGET: [[is_system]],
        Do.GATHER: [[is_system]],
        Do.NOTE_BOUNCE: [[is_system]],
        Do.COUNT_BOUNCES: [[moderator], [is_system]],
        Do.REACH: [[signed_in, oneself]],
        Do.CHOOSE_DIGEST: [[oneself]],
        Do.CHOOSE_NEWS: [[oneself]],
    }
)

"""Who may say that two dossiers belong together, and that theirs is the same as one."""

from enum import StrEnum

from portal.accounts.policy import moderator
from portal.dossiers.policy import HOLDERS, not_forgotten, not_hidden, open_to_signing, visible
from portal.kernel.policy import RULES, Rule, anyone, is_system


class Do(StrEnum):
    TIE = "ties.tie"
    BE_TIED = "ties.be_tied"
    """To be what another one belongs with."""
    UNTIE = "ties.untie"
    JOIN_INSTEAD = "ties.join_instead"


WHO: list[list[Rule]] = [*HOLDERS, [is_system]]
"""The portal itself for somebody who was helped: in nobody's name."""

RULES.update(
    {
        Do.TIE: [[*who, not_hidden, not_forgotten] for who in WHO],
        Do.BE_TIED: [[anyone, visible, not_hidden, not_forgotten]],
        Do.UNTIE: [*HOLDERS, [moderator]],
        Do.JOIN_INSTEAD: [[anyone, visible, open_to_signing, not_hidden]],
    }
)

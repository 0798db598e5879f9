"""Who may bring in neighbourhoods and place names."""

from enum import StrEnum

from portal.kernel.policy import RULES, is_system


class Do(StrEnum):
    LOAD = "places.load"


RULES.update({Do.LOAD: [[is_system]]})

"""Who keeps the numbers of the map."""

from enum import StrEnum

from portal.kernel.policy import RULES, is_system


class Do(StrEnum):
    COUNT = "maps.count"
    COUNT_ANEW = "maps.count_anew"


RULES.update({do: [[is_system]] for do in Do})

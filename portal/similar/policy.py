"""Who keeps the index."""

from enum import StrEnum

from portal.kernel.policy import RULES, is_system


class Do(StrEnum):
    COUNT = "similar.count"
    REBUILD = "similar.rebuild"
    WRITE_ANEW = "similar.write_anew"
    TIDY = "similar.tidy"
    KEEP_MEANINGS = "similar.keep_meanings"
    RECOUNT = "similar.recount"
    SET_THRESHOLD = "similar.set_threshold"


RULES.update({do: [[is_system]] for do in Do})

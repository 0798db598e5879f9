"""Why something cannot be written down like this."""

from enum import StrEnum


class Problem(StrEnum):
    EMPTY = "empty"
    TOO_LONG = "too_long"
    NOT_YET = "not_yet"
    BEFORE_IT_WAS_SAID = "before_it_was_said"
    ENDS_BEFORE = "ends_before"
    NOTHING_CHANGED = "nothing_changed"
    NO_BODY = "no_body"
    SAME_BODY = "same_body"
    NO_OUTCOME = "no_outcome"
    NO_DECISION = "no_decision"
    NOT_TO_BE_SAID = "not_to_be_said"
    NO_ADDRESS = "no_address"

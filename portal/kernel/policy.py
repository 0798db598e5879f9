"""Who may do what: each feature's policy.py fills RULES, everything else asks here."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from portal.kernel.errors import NotAllowed

Rule = Callable[[Any, Any], bool]
RULES: dict[StrEnum, list[list[Rule]]] = {}
"""Action -> clauses -> rules: allowed when every rule of at least one clause holds."""


class Nobody:
    """A visitor who has not signed in."""

    id = None
    is_authenticated = False
    is_active = False
    is_anonymous = True
    roles: frozenset[str] = frozenset()

    def get_id(self) -> None:
        """Flask-Login asks this of every visitor."""
        return


class System:
    """The portal itself: its worker and its command line. Holds no role that a person could take on."""

    id = None
    is_authenticated = False
    roles: frozenset[str] = frozenset({"system"})


NOBODY = Nobody()
SYSTEM = System()


def is_system(actor: Any, subject: Any) -> bool:
    return actor is SYSTEM


def anyone(actor: Any, subject: Any) -> bool:
    return True


def allowed(actor: Any, action: StrEnum, subject: Any = None) -> bool:
    """True when every rule of at least one clause holds; unknown actions are denied."""
    return any(all(rule(actor, subject) for rule in clause) for clause in RULES.get(action, []))


def require(actor: Any, action: StrEnum, subject: Any = None) -> None:
    """Raise NotAllowed unless the actor may do this."""
    if not allowed(actor, action, subject):
        raise NotAllowed(str(action))

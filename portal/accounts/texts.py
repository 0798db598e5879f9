"""What roles and kinds of organisations are called on the screen."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from portal.accounts.models import OrganisationKind, Role, Seen
from portal.accounts.provider import Why

ROLES: dict[str, LazyString] = {
    Role.RESIDENT: _("neighbour"),
    Role.CONTACT: _("contact of the core"),
    Role.ORGANISER: _("organiser"),
    Role.OFFICIAL: _("official"),
    Role.MEMBER: _("committee member"),
    Role.MODERATOR: _("moderator"),
}
KINDS: dict[str, LazyString] = {
    OrganisationKind.CORE: _("core of residents"),
    OrganisationKind.PLATFORM: _("neighbourhood platform"),
    OrganisationKind.COALITION: _("coalition"),
    OrganisationKind.AUTHORITY: _("authority"),
    OrganisationKind.COMMITTEE: _("committee"),
    OrganisationKind.SUPPORT: _("support organisation"),
}
LOOKS: dict[str, LazyString] = {
    Seen.SHEET: _("what was typed of a paper sheet"),
    Seen.PICTURE: _("the photo of a paper sheet"),
    Seen.EXAMPLES: _("examples of signatures that look alike"),
    Seen.HELD: _("signatures that wait"),
    Seen.HELPERS: _("the names of helpers"),
    Seen.MAILS: _("mails that wait"),
    Seen.MAIL: _("a mail that waits"),
    Seen.FILE: _("a file of a mail that waits"),
}
PROBLEMS: dict[str, LazyString] = {
    "email": _("This is not a mail address. Check it for a typing error."),
    "length": _("A password has 12 characters or more. Three words are fine."),
    "easy": _("This password is easy to guess. Add a word."),
    "wrong": _("This code is not right, or too old. Type the one that your app shows now."),
    "none": _("First set up your app."),
    "passkey": _("That passkey could not be added. Try once more, or with another one."),
}
"""What is wrong with a field, by the code that the domain gives."""
NOT_RIGHT = _(
    "This is not right, or it was tried too often. Wait for the next code and try again; a link by mail "
    "always works."
)
"""Said of an unknown address, a wrong password, a wrong code and too many tries alike."""
TROUBLE: dict[str, LazyString] = {
    Why.AWAY: _("%(name)s does not answer at this moment. Try again in a minute, or sign in in another way."),
    Why.CLOCK: _(
        "The clocks of %(name)s and of this portal differ too much. Tell the people who run the portal. "
        "Until it is mended, sign in in another way."
    ),
    Why.LATE: _("This took too long, or it began in another window. Begin again."),
    Why.CHANGED_MIND: _("You did not go on at %(name)s. Nothing happened."),
    Why.WRONG: _(
        "What %(name)s told us is not right. Begin again. If it stays so, tell the people who run the portal."
    ),
    Why.STALE: _("%(name)s did not ask you anew who you are. Show it in another way."),
    Why.UNKNOWN: _(
        "%(name)s knows you, but you have no role here for which you can sign in with it. Ask the people who "
        "run the portal."
    ),
}
"""Why nobody came in with the provider. Said alike of who is unknown and of who has no such role."""
CODE_NOT_RIGHT = _("This code is not right, or it was tried too often. Wait for the next code and try again.")

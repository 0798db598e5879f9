"""What roles and kinds of organisations are called on the screen."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from portal.accounts.models import OrganisationKind, Role

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
PROBLEMS: dict[str, LazyString] = {"email": _("This is not a mail address. Check it for a typing error.")}
"""What is wrong with a field, by the code that the domain gives."""

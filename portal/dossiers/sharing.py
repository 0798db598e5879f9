"""What goes out when somebody shares a dossier: tags, a picture, a short address and its QR code."""

from dataclasses import dataclass
from functools import lru_cache

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_babel import ngettext
from markupsafe import Markup

from portal.dossiers.cards import excerpt
from portal.dossiers.models import Dossier, Kind
from portal.dossiers.policy import Do
from portal.kernel.policy import NOBODY, allowed
from portal.web.drawing import to_scan
from portal.web.meta import Meta, people, picture_address, rounded
from portal.web.paths import public_url
from portal.web.previews import Preview

KINDS = {Kind.ISSUE: lazy("report"), Kind.PLAN: lazy("plan"), Kind.PETITION: lazy("petition")}
LONGEST = 160
"""Search engines show no more of a description."""


@dataclass(frozen=True)
class Share:
    """What the page of a dossier needs to be shared."""

    meta: Meta
    short: str
    text: str
    """The title, and where to find it."""
    qr: Markup


def share(dossier: Dossier, supporters: int) -> Share | None:
    """None for what not everybody may see."""
    if not allowed(NOBODY, Do.SHARE, dossier):
        return None
    short = public_url("dossiers.short", number=dossier.ref)
    return Share(_meta(dossier, supporters), short, f"{dossier.title} {short}", qr(short))


def _meta(dossier: Dossier, supporters: int) -> Meta:
    picture = preview(dossier, supporters)
    said = [people(supporters), _place(dossier)]
    about = excerpt(" · ".join([*filter(None, said), dossier.body]), LONGEST)
    return Meta(
        title=dossier.title,
        description=about,
        url=public_url("dossiers.show", ref=dossier.ref),
        image=public_url("dossiers.preview", ref=dossier.ref, **picture_address(picture)),
        alt=" · ".join([dossier.title, *filter(None, said)]),
        kind="article",
    )


def listing(path: str, total: int) -> Meta:
    """Of the list of dossiers, as it is narrowed now."""
    said = _("Everything that neighbours report, plan and ask for together, and what came of it.")
    number = ngettext("%(num)s dossier", "%(num)s dossiers", total)
    return Meta(_("Dossiers"), f"{said} {number}.", current_app.config["PUBLIC_URL"] + path)


def preview(dossier: Dossier, supporters: int) -> Preview:
    """What is on the picture, in the language that is spoken now."""
    return Preview(
        title=dossier.title,
        plate=f"{dossier.ref} · {KINDS[Kind(dossier.kind)]}",
        people=people(supporters),
        place=_place(dossier),
        lit=rounded(supporters),
    )


def _place(dossier: Dossier) -> str:
    around = dossier.neighbourhood.name if dossier.neighbourhood else ""
    return ", ".join(dict.fromkeys(filter(None, [dossier.place_name, around])))


@lru_cache(maxsize=1000)
def qr(address: str) -> Markup:
    """As drawings are kept: each page of a dossier has one."""
    return to_scan(address)

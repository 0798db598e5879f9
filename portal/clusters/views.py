"""What grew together, at the desk of those who bundle. Accepting a group leads to a new petition."""

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.accounts.models import Organisation
from portal.clusters import commands, queries
from portal.clusters.cards import drawn, usual
from portal.clusters.forms import AsideForm, ChosenForm
from portal.clusters.policy import Do
from portal.kernel.errors import Invalid
from portal.kernel.policy import require
from portal.petitions.queries import bundler, bundlers
from portal.ties.queries import tied_refs
from portal.web.forms import OnceForm
from portal.web.paging import Paging
from portal.web.responses import done, invalid, page
from portal.web.visitor import me

clusters = Blueprint("clusters", __name__, url_prefix="/desk/groups")


def organisation() -> Organisation:
    """In whose name one looks."""
    found = bundler(me(), request.values.get("as", ""))
    require(me(), Do.SEE, found)
    return found


@clusters.get("")
def index() -> Response:
    own = organisation()
    found = queries.groups(own, request.args.get("page", 1, int))
    return page(
        "clusters/index.html",
        organisation=own,
        others=bundlers(me()),
        found=found,
        said={group.root_id: queries.in_short(group.dossiers) for group in found.items},
        paging=Paging(found, ".index", {"as": own.key}),
        asides=queries.asides(own),
        trends=queries.trends(own),
        usual=usual,
        form=OnceForm(),
    )


@clusters.get("/<ref>")
def show(ref: str) -> Response:
    own = organisation()
    group = queries.group(own, ref)
    return page("clusters/show.html", **context(own, group), chosen=ChosenForm(group), aside=AsideForm())


def context(own: Organisation, group: queries.Group) -> dict[str, Any]:
    return {
        "organisation": own,
        "group": group,
        "words": queries.common_words(group.dossiers),
        "proposal": queries.proposal(group.dossiers),
        "about": queries.about(own, group),
        "map": drawn(group),
        "tied": tied_refs([dossier.id for dossier in group.dossiers]),
    }


def _again(own: Organisation, group: queries.Group, chosen: ChosenForm, aside: AsideForm) -> Response:
    return invalid("clusters/show.html", **context(own, group), chosen=chosen, aside=aside)


@clusters.post("/<ref>/bundle")
def bundle(ref: str) -> Response:
    """On to a new petition with what was chosen and proposed. Whoever opened the dossiers is asked there."""
    own = organisation()
    group = queries.group(own, ref)
    form = ChosenForm(group)
    if not form.validate():
        return _again(own, group, form, AsideForm(formdata=None))
    said = queries.proposal(form.given["dossiers"] or group.dossiers)
    refs = [dossier.ref for dossier in form.given["dossiers"]]
    given: dict[str, Any] = {"as": own.key, "with": refs, **said.written}
    return redirect(url_for("petitions.new", **given), 303)


@clusters.post("/<ref>/split")
def split(ref: str) -> Response:
    own = organisation()
    group = queries.group(own, ref)
    form = ChosenForm(group)
    try:
        if form.validate():
            away = commands.split(me(), own, root_id=group.root_id, **form.given, once=form.once.data)
            return done(_to(own, away.ref), _("Split. These are a group of their own now."))
    except Invalid as error:
        form.refuse(error)
    return _again(own, group, form, AsideForm(formdata=None))


@clusters.post("/<ref>/rejoin")
def rejoin(ref: str) -> Response:
    own = organisation()
    commands.rejoin(me(), own, root_id=queries.group(own, ref).root_id)
    return done(_to(own, ref), _("The split is taken back."))


@clusters.post("/<ref>/aside")
def set_aside(ref: str) -> Response:
    own = organisation()
    group = queries.group(own, ref)
    form = AsideForm()
    if not form.validate():
        return _again(own, group, ChosenForm(group, formdata=None), form)
    given = {"dossiers": group.dossiers, "reason": form.reason.data}
    commands.set_aside(me(), own, **given, once=form.once.data)
    return done(_back(own), _("Set aside. It comes back when it has clearly grown."))


@clusters.post("/aside/<int:number>/back")
def bring_back(number: int) -> Response:
    own = organisation()
    commands.bring_back(me(), own, set_aside_id=number)
    return done(_back(own), _("It is back in the list."))


def _to(own: Organisation, ref: str | None) -> str:
    given: dict[str, Any] = {"ref": ref, "as": own.key}
    return url_for(".show", **given)


def _back(own: Organisation) -> str:
    given: dict[str, Any] = {"as": own.key}
    return url_for(".index", **given)

"""Pages of what belongs together: groups, suggestions, ties, and doing it together."""

from portal.kernel.policy import SYSTEM
from portal.kernel.tickets import For, ticket
from portal.similar import commands as index
from portal.ties.commands import tie
from portal.together import commands
from tests.access import World
from tests.accessibility.pages import Keeper
from tests.accessibility.recording import LONG, Recorder
from tests.clusters.making import a_bin, the_worker_looks, three_bins
from tests.factories import a_person, an_issue
from tests.issues import reporting as reports
from tests.petitions.making import a_bundle
from tests.together.making import between, clothes, says, seat


def grown(keeper: Keeper, world: World) -> None:
    """Groups, more than usual, one set aside; a group, refused, split, part of a petition, long words."""
    organiser, address = world.people["organiser"], f"/desk/groups?as={world.platform.key}"
    bins = [*three_bins(), a_bin((LONG[:100], LONG))]
    a_bundle(organiser, world.platform, bins[:1], title=LONG[:100])
    the_worker_looks()
    keeper.keep("clusters.index", "groups", address, organiser)
    visit = Recorder(keeper, "groups").signs_in(organiser)
    visit.get(f"/desk/groups/{bins[0].ref}?as={world.platform.key}")
    visit.post(f"/desk/groups/{bins[0].ref}/split?as={world.platform.key}", {"dossiers": []})
    visit.post(f"/desk/groups/{bins[0].ref}/aside?as={world.platform.key}", {"reason": ""})
    visit.post(f"/desk/groups/{bins[0].ref}/split?as={world.platform.key}", {"dossiers": bins[0].ref})
    keeper.keep("clusters.show", "split", f"/desk/groups/{bins[1].ref}?as={world.platform.key}", organiser)
    visit.post(f"/desk/groups/{bins[1].ref}/aside?as={world.platform.key}", {"reason": LONG})
    keeper.keep("clusters.index", "set aside", address, organiser)


def together(keeper: Keeper, world: World) -> None:
    """Two who do the same: the hint in a report, the question in each state, and who carry it since."""
    one, other = a_person(locale=keeper.language), a_person(locale=keeper.language)
    plans = [clothes(0, one), clothes(1, other, title=LONG[:100])]
    visit = Recorder(keeper, "a plan beside another").signs_in(world.people["neighbour"])
    reports.choose_place(visit)
    visit.get("/report/what")
    begins = plans[0].begins_at.strftime("%Y-%m-%dT%H:%M") if plans[0].begins_at else ""
    given = {**reports.WHAT, "title": plans[0].title, "kind": "plan"}
    visit.submit("main form", press="button[name=suggest]", **given, begins_at=begins, ends_at=begins)
    visit.submit("main form", press="button.lamp", **given, begins_at=begins, ends_at="")
    keeper.keep("issues.day", "with another near it", f"/d/{plans[0].ref}/day", one)
    asking = Recorder(keeper, "asking others").signs_in(one)
    asking.get(f"/d/{plans[0].ref}/together?with={plans[1].ref}")
    asking.submit("main form", ref="K-1")
    asking.submit("main form", ref=plans[1].ref)
    says(asking, "yes", name="")
    says(asking, "yes", name="Sam", note=LONG)
    link = f"/together/{ticket(For.TOGETHER, seat(between(*plans), plans[1]).id)}"
    asked = Recorder(keeper, "asked by mail")
    asked.get(link)
    says(asked, "later")
    says(asked, "yes", name=LONG[:60])
    asked.get(link)
    keeper.keep("dossiers.show", "together, a guest", f"/d/{plans[1].ref}", other)
    keeper.keep("together.part", "of a neighbour", f"/d/{plans[0].ref}/part", one)
    organiser = world.people["organiser"]
    own = clothes(0, organiser, organisation_id=world.platform.id)
    commands.look(SYSTEM, own)
    keeper.keep("desk.together", "asked, and a clash", "/desk/together", organiser)
    keeper.keep("dossiers.show", "asked to do it together", f"/d/{own.ref}", organiser)


def alike(keeper: Keeper, world: World) -> None:
    """Something like it is open: beside a report and a petition, and once it is said to belong there."""
    bins = an_issue(
        title=f"Bins gone from the square {LONG[:60]}",
        category_slug=reports.WHAT["category"],
        lat=52.3171,
        lon=4.98,
    )
    visit = Recorder(keeper, "a report beside another").signs_in(world.people["neighbour"])
    reports.to_the_last_step(visit, title=bins.title)
    visit.submit("main form.end", press="button[name=belongs]")
    tied = an_issue(title=LONG[:80])
    tie(tied.opener, tied, other=bins)
    index.count(SYSTEM, None)
    organiser = world.people["organiser"]
    writing = Recorder(keeper, "a petition beside others").signs_in(organiser)
    words = {"title": bins.title, "body": LONG, "demands": "Put it back.", "to": world.authority.key}
    writing.post("/petitions/new", words | {"suggest": "1"})
    writing.post("/petitions/new", words)
    writing.post("/petitions/new", {"title": bins.title, "belongs": bins.id})
    keeper.keep("dossiers.show", "what others belong with", f"/d/{bins.ref}")
    keeper.keep("dossiers.show", "what belongs with others", f"/d/{tied.ref}", tied.opener)
    keeper.keep("ties.untie", "one of them", f"/d/{tied.ref}/ties", tied.opener)
    keeper.keep("ties.untie", "none chosen", f"/d/{tied.ref}/ties", tied.opener, {})
    keeper.keep("petitions.new", "with what belongs to it", f"/petitions/new?with={bins.ref}", organiser)
    keeper.keep("desk.index", "with what belongs together", "/desk", organiser)

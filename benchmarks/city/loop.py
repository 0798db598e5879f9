"""The loop, walked in the city through its proxy: report, co-sign, bundle, hand over, answer."""

from itertools import count
from typing import Any

from benchmarks.city.place import City
from benchmarks.city.visitor import Visitor
from benchmarks.faults.people import a_photo
from portal.accounts.models import OrganisationKind, Role
from tests.browser import filled_in
from tests.factories import a_person, an_organisation

ORGANISER, OFFICIAL = "organiser@city.example", "official@city.example"


def somebody_is_there() -> None:
    """A platform with its organiser, and an authority with an official. In the portal's own context."""
    platform = an_organisation(OrganisationKind.PLATFORM, name="Platform of the city")
    authority = an_organisation(OrganisationKind.AUTHORITY, name="Authority of the city")
    a_person(Role.ORGANISER, of=platform, email=ORGANISER)
    a_person(Role.OFFICIAL, of=authority, email=OFFICIAL)


def must(seen: Any, what: str) -> Any:
    """What was seen; raises when it was not."""
    if not seen:
        raise RuntimeError(f"not so: {what}")
    return seen


class Loop:
    def __init__(self, city: City) -> None:
        self.city, self.homes = city, count(2)

    def somebody(self) -> Visitor:
        return Visitor(self.city.port, f"127.0.1.{next(self.homes)}")

    def walk(self) -> list[str]:
        """What was seen, step by step; raises where anything else is."""
        told = []
        reporter, first = self.reports("first@city.example", "The bin on the square is gone", a_photo(1))
        other, second = self.reports("second@city.example", "Where is the bin by the playground?", a_photo(2))
        told.append(f"{first} and {second} reported, each with a photo that lies in SeaweedFS")
        third = self.signs("third@city.example", first)
        told.append(f"{first} co-signed and confirmed by mail")
        at_desk = self.signs_in(ORGANISER)
        petition = self.bundles(at_desk, first, second)
        for person, address in ((reporter, "first@city.example"), (other, "second@city.example")):
            self.joins(person, address)
        told.append(f"{petition} bundled from both, with the consent of both")
        self.hands_over(at_desk, petition)
        told.append(f"{petition} handed over")
        self.answers(self.signs_in(OFFICIAL), petition)
        for person, ref in ((third, petition), (third, first), (self.somebody(), petition)):
            must("eleven bins" in person.get(f"/d/{ref}").text, f"the answer stands at {ref}")
        self.city.sink.link("third@city.example", f"/d/{petition}")
        told.append("answered; it stands on the pages of all, and who co-signed got a mail")
        return told

    def reports(self, address: str, title: str, photo: bytes) -> tuple[Visitor, str]:
        person, before = self.somebody(), self.city.kept()
        form = must(person.get("/report/offline").select_one("form[action='/report/at-once']"), "a form")
        facts = filled_in(form) | {"title": title, "body": "It is gone.", "place": "by the lift"}
        facts |= {"kind": "issue", "name": "A neighbour", "email": address}
        person.post("/report/at-once", facts, photo=photo)
        person.get(self.city.sink.link(address, "/r/"))
        person.submit()
        ref = person.url.rpartition("/")[2]
        picture = must(person.seen.select_one("main .photo img"), f"a photo at {person.url}")
        person.get(str(picture["src"]))
        must(self.city.kept() > before, "the photo lies in the bucket")
        return person, ref

    def signs(self, address: str, ref: str) -> Visitor:
        person = self.somebody()
        person.get(f"/d/{ref}")
        person.submit(
            "#dossiers-support form", name="A supporter", email=address, joins_bundle="y", press="button.lamp"
        )
        person.get(self.city.sink.link(address, "/s/"))
        person.submit(press="button.lamp")
        return person

    def signs_in(self, address: str) -> Visitor:
        person = self.somebody()
        person.get("/sign-in")
        person.submit(email=address)
        person.get(self.city.sink.link(address, "/in/"))
        person.submit()
        must("/in/" not in person.url, f"{address} is signed in")
        return person

    def bundles(self, organiser: Visitor, *refs: str) -> str:
        organiser.get("/desk")
        organiser.submit("form[action='/petitions/new']", **{"with": list(refs)})
        boxes = organiser.seen.select("main input[name=to]")
        organiser.submit(
            "main form",
            press="button.lamp",
            title="Put the bins back",
            body="They were taken away without a word.",
            demands="Put the bins back.",
            to=str(boxes[0]["value"]),
        )
        return organiser.url.rpartition("/")[2]

    def joins(self, person: Visitor, address: str) -> None:
        person.get(self.city.sink.link(address, "/c/"))
        person.submit("main form", press="button[name=answer][value=joined]")

    def hands_over(self, organiser: Visitor, ref: str) -> None:
        organiser.get(f"/d/{ref}")
        organiser.submit("#petitions-work form")
        organiser.get(f"/d/{ref}/hand_over")
        boxes = [
            str(box["value"]) for box in organiser.seen.select("main form input[type=checkbox][name=to]")
        ]
        organiser.submit(press="button.lamp", **({"to": boxes} if boxes else {}))

    def answers(self, official: Visitor, ref: str) -> None:
        official.get("/staff")
        official.click(f"a[href^='/staff/{ref}']")
        official.submit("form.compose", kind="promise", press="button[name=step][value=kind]")
        official.submit(
            "form.compose",
            press="button.preview",
            text="We put eleven bins back. Where, we choose together.",
            promise_on="2030-09-01",
            level="decision",
        )
        official.submit("form.send")

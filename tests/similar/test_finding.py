"""What a question finds, in whatever words it is asked, and the same on both databases."""

import pytest
from flask import Flask

from portal.dossiers.queries import Filter
from portal.kernel.policy import SYSTEM
from portal.similar import commands
from portal.similar.queries import search
from tests.factories import a_petition, a_plan, an_issue

BIN, LAMP, RACK, GARDEN, BINS = "bin", "lamp", "rack", "garden", "bins"
ASKED = {
    # the word itself, whatever its ending, and without its accents
    "prullenbak": {BIN, BINS},
    "PRULLENBAKKEN": {BIN, BINS},
    "café": {LAMP},
    "cafe": {LAMP},
    # another word for it, also in the other language, also in several words
    "afvalbak": {BIN, BINS},
    "vuilnisbakken": {BIN, BINS},
    "trash can": {BIN, BINS},
    "straatverlichting": {LAMP},
    "broken street light": {LAMP},
    # a part of a longer word, and a longer word of what stands there in parts
    "bak": {BIN, BINS},  # by itself it calls the same thing
    "fietsenrek": {RACK},
    "buurttuintje": {GARDEN},
    # an error in typing
    "prulenbak": {BIN, BINS},
    "prullnebak": {BIN, BINS},
    "kraaiennset": {BIN, RACK},
    # where it is, and what it is about
    "kraaiennest": {BIN, RACK},
    "lamp K-buurt": {LAMP},
    "lamp k buurt": {LAMP},
    "afval": {BIN},
    "waste": {BIN},
    # words that say nothing, and all of the others have to be there
    "is er een prullenbak bij de metro": {BIN},
    "prullenbak lamp": {BIN, BINS, LAMP},
    # as far as it was typed
    "prullenb": {BIN},
    "kraai": {BIN, RACK},
    # what no dossier has
    "xylofoon": set(),
    "de het een": set(),
    "'\"\\ (:*) AND NOT -- %": set(),
    "": set(),
}


@pytest.fixture
def world(app: Flask) -> dict[str, str]:
    """Name -> reference of some dossiers; their words are counted."""
    title = "Prullenbak verdwenen bij metrostation Kraaiennest"
    made = {
        BIN: an_issue(title=title, body="Overal ligt troep.", category_slug="afvalbakken", place_name=""),
        LAMP: an_issue(title="Lantaarn doet het niet bij het café", body="Het is donker.", place_name="Café"),
        RACK: a_plan(title="Een rek voor fietsen bij Kraaiennest", neighbourhood_code="TM01"),
        GARDEN: a_plan(title="A garden for the neighbourhood", body="We grow food."),
        BINS: a_petition(title="Bring the bins back", body="We ask for litter bins."),
    }
    an_issue(title="Prullenbak", state="unconfirmed")
    commands.count(SYSTEM, None)
    return {str(d.ref): name for name, d in made.items()}


def found(world: dict[str, str], words: str, **given: str) -> list[str]:
    return [world[str(d.ref)] for d in search(Filter(words=words, **given)).dossiers]


def test_it_finds_what_is_meant(world: dict[str, str]) -> None:
    wrong = {
        asked: set(found(world, asked))
        for asked, wanted in ASKED.items()
        if set(found(world, asked)) != wanted
    }
    assert not wrong

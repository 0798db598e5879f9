"""Mail addresses: none crashes us, none that cannot exist is taken, and two spellings of one are one."""

import json
import re
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import example, given
from hypothesis import strategies as st

from portal.accounts import addresses, commands
from portal.kernel.errors import Invalid
from portal.kernel.policy import NOBODY
from tests.browser import Browser
from tests.factories import a_person

ISEMAIL = Path(__file__).parents[3] / "shared" / "data" / "fuzz" / "email_isemail_tests.json"
OBSOLETE = re.compile("deprecated|cfws|rfc53")
"""Allowed by an old standard or between servers only: comments, folded lines, quotes, numbers for domains."""


def taken(address: str) -> bool:
    try:
        addresses.key(address)
    except Invalid:
        return False
    return True


@pytest.mark.skipif(not ISEMAIL.exists(), reason="isemail's list is not in shared/data beside the checkout")
def test_what_isemail_calls_an_error_is_never_taken() -> None:
    """Its threshold is ours: "error", and all that is obsolete. White space around is taken off first."""
    wrong = []
    for address, verdict in json.loads(ISEMAIL.read_text()):
        bad = verdict.startswith("err") or OBSOLETE.match(verdict)
        if taken(address) and bad and not taken_without_space(address):
            wrong.append((address, verdict))
    assert not wrong


def taken_without_space(address: str) -> bool:
    """Whether the only thing wrong with it was what people paste along with it: spaces and ends of lines."""
    return address != address.strip() and re.fullmatch(r"[a-z]+@[a-z]+\.[a-z]+", address.strip()) is not None


@pytest.mark.parametrize(
    "address",
    [
        "",
        "@",
        "a@",
        "@b.example",
        "a b@c.example",
        "a@b",
        "a@b..example",
        "a\0@b.example",
        "a@b.example\0",
        "a\n@b.example",
    ]
    + ["a@[127.0.0.1]", '"a"@b.example', "a@b.example, c@d.example", "a@b.example>", "x" * 65 + "@b.example"],
)
def test_no_address(address: str) -> None:
    assert not taken(address)


@pytest.mark.parametrize(
    "address", ["o'neil@b.example", "a.b-c_d@e.example", "test@xn--bcher-kva.example", "é@b.example"]
)
def test_an_address(address: str) -> None:
    assert taken(address)


@given(st.one_of(st.text(max_size=80), st.emails(), st.from_regex(r"[^@]{0,70}@[^@]{0,70}")))
@example("\ud800@b.example")
@example("a@\u2024.example")
@example("ß@ß.example")
def test_nothing_that_is_typed_makes_us_stumble(address: str) -> None:
    if taken(address):
        normal = addresses.normal(address)
        assert addresses.key(normal) == addresses.key(address)
        assert not re.search(r"[\s\0<>,]", normal), "it could add to a mail's head"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann@Homes.Example", "ann@homes.example"),
        ("ann+rotonde@homes.example", "ann@homes.example"),
        ("a.n.n@gmail.com", "ann@googlemail.com"),
        (" ann@homes.example ", "ann@homes.example"),
        ("ann@xn--bcher-kva.example", "ann@bücher.example"),
    ],
)
def test_two_spellings_of_one_mailbox(one: str, other: str) -> None:
    assert addresses.key(one) == addresses.key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.nn@homes.example", "ann@homes.example"),
        ("ann@straße.example", "ann@strasse.example"),
        ("+ann@homes.example", "+bob@homes.example"),
        ("ann@homes.example", "ann@flats.example"),
    ],
)
def test_two_mailboxes(one: str, other: str) -> None:
    assert addresses.key(one) != addresses.key(other)


def test_the_link_goes_to_the_address_that_the_account_has(app: Flask) -> None:
    """Or whoever can have mail at ann+x@ would become Ann."""
    ann = a_person(email="ann@homes.example")
    browser = Browser(app)
    commands.ask_sign_in(NOBODY, email="Ann+x@homes.example", locale="nl")
    assert [mail["To"] for mail in browser.mails()] == [ann.email]

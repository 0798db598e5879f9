"""What a mail holds never breaks its reader, and never keeps it busy for long."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.mailroom.reading import letters
from portal.mailroom.reading.letters import Letter
from portal.mailroom.reading.scrubbing import scrubbed
from tests.mailroom.making import CORPUS, EXPECTED, OURS

AS_LONG, IN_ANY_CASE = 10, 0.3
"""How many times as long four times the length may take: four when each byte costs the same, sixteen when
each is looked at for every other one. And the processor's seconds below which nothing is said of it."""
WHOLE = [(CORPUS / name).read_bytes() for name in EXPECTED]
HEAD = b"From: a@stadsdeel.example\r\nContent-Type: "
PLAIN, HTML = HEAD + b"text/plain\r\n\r\n", HEAD + b"text/html\r\n\r\n"


def read(raw: bytes) -> Letter:
    letter = letters.read(raw, ours=OURS)
    scrubbed(letter.text, own="http://localhost", left_out="-")
    return letter


@given(
    st.sampled_from(WHOLE),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), max_size=5),
    st.floats(0.1, 1),
)
@settings(max_examples=150, deadline=None)
def test_a_broken_mail_breaks_nothing(raw: bytes, noise: list[tuple[float, bytes]], length: float) -> None:
    """Bytes put in anywhere, and the rest cut off."""
    for where, more in noise:
        place = int(where * len(raw))
        raw = raw[:place] + more + raw[place + len(more) :]
    letter = read(raw[: int(length * len(raw))])
    letter.text.encode()


LONG = {
    "a word without an end": PLAIN + b"a" * 400_000,
    "addresses": PLAIN + b"a@" * 200_000,
    "who wrote": PLAIN + b"On 1 schreef 1 schreef 1 schreef 1 wrote 1:\n" * 9_000,
    "files between the words": PLAIN + b"begin 644 a\n" * 33_000,
    "headers of older mails": PLAIN + b"Van: a\n" * 57_000,
    "quotes in quotes": HTML + b"<blockquote cite>" * 23_000,
    "elements that close nothing": HTML + b"<b>" * 60_000 + b"</i>" * 50_000,
    "comments": HTML + b"<!--" * 100_000,
    "numbers": PLAIN + b"0 6 " * 100_000,
    "links": PLAIN + b"https://a.example/?utm_source=" * 13_000,
    "parts in parts": b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (deep, deep)
        for deep in range(2_000)
    ),
    "many parts": HEAD + b"multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n\r\nwords\r\n" * 20_000,
    "a header": b"To: " + b'"a" <a@b>, (' * 30_000 + b"\r\n\r\nx",
}


@pytest.mark.parametrize("name", LONG)
def test_a_mail_made_to_keep_us_busy_does_not(name: str) -> None:
    whole, quarter = taken(LONG[name]), taken(LONG[name][: len(LONG[name]) // 4])
    assert whole < AS_LONG * quarter + IN_ANY_CASE


def taken(raw: bytes) -> float:
    start = process_time()
    read(raw)
    return process_time() - start

"""Who sent a mail, and whether that is sure: what our own mail server found out, and nobody else's word."""

import re
from dataclasses import dataclass
from email.message import Message

from portal.mailroom.reading.parts import addresses, headers

RESULT = re.compile(r"^\s*(\w[\w-]*)\s*=\s*(\w+)", re.IGNORECASE)
PROPERTY = re.compile(r"\b([\w-]+\.[\w-]+)\s*=\s*\"?([^\s;\"()]+)")
COMMENT = re.compile(r"\([^()]*\)")


@dataclass(frozen=True)
class Result:
    """One finding of our mail server: `dkim=pass header.d=…`."""

    method: str
    value: str
    properties: dict[str, str]

    def domain(self, *names: str) -> str:
        found = next((self.properties[name] for name in names if name in self.properties), "")
        return domain_of(found) if "@" in found else plain_domain(found)


def plain_domain(name: str) -> str:
    """As it is compared: in lower case, in ASCII; empty for what can be no domain."""
    try:
        return name.strip().strip(".").lower().encode("idna").decode() if name.strip() else ""
    except UnicodeError:
        return ""


def domain_of(address: str) -> str:
    return plain_domain(address.strip("<> ").rpartition("@")[2])


def within(domain: str, authority: str) -> bool:
    """Whether a domain is this one, or stands below it."""
    return bool(authority) and (domain == authority or domain.endswith(f".{authority}"))


def sender(mail: Message) -> str:
    """The one address that it says it is from; empty when there is none, or several."""
    found = set(addresses(mail, "From"))
    return found.pop() if len(found) == 1 and len(headers(mail, "From")) == 1 else ""


def results(mail: Message, ours: str) -> list[Result]:
    """What our own server wrote down (RFC 8601).

    It takes away what others wrote in its name; should it not, then at least nothing counts that stands below
    the trace of the server before it, and nothing that is said in two ways.
    """
    found: list[Result] = []
    for text in _of_the_last_hop(mail):
        who, *said = COMMENT.sub("", text).split(";")
        if not ours or who.split()[:1] != [ours]:
            continue
        here = [one for one in map(_result, said) if one is not None]
        if {one.method for one in here} & {one.method for one in found}:
            return []
        found += here
    return found


def _of_the_last_hop(mail: Message) -> list[str]:
    kept, hops = [], 0
    for name, value in mail.raw_items():
        hops += name.lower() == "received"
        if hops > 1:
            break
        if name.lower() == "authentication-results":
            kept.append(" ".join(str(value).encode("ascii", "replace").decode().split()))
    return kept


def _result(text: str) -> Result | None:
    begins = RESULT.match(text)
    if begins is None:
        return None
    properties = {name.lower(): value.lower() for name, value in PROPERTY.findall(text)}
    return Result(begins.group(1).lower(), begins.group(2).lower(), properties)


def authenticated(found: list[Result], address: str) -> bool:
    """Whether it is sure that the domain of this address sent it: by DMARC, or by what DMARC asks for."""
    domain = domain_of(address)
    if any(one.method == "dmarc" and one.value == "fail" for one in found):
        return False
    return any(one.value == "pass" and _aligned(one, domain) for one in found)


def _aligned(one: Result, domain: str) -> bool:
    signed = {"dmarc": ("header.from",), "dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom",)}
    by = one.domain(*signed[one.method]) if one.method in signed else ""
    if one.method == "dmarc":
        return by == domain
    return bool(by) and "." in by and (within(by, domain) or within(domain, by))

"""Mail addresses: whether one can exist, and when two spellings are one mailbox."""

from functools import cache, lru_cache
from pathlib import Path

from email_validator import EmailNotValidError, validate_email

from portal.kernel.errors import Invalid

DOTS_IGNORED = frozenset({"gmail.com", "proton.me"})
"""Gmail: support.google.com/mail/answer/7436150. Proton delivers with and without dots and gives neither form
to another (confirmed by its staff; its help pages do not say so)."""
ALIASES = {
    # Gmail in Germany and, before 2010, the United Kingdom: support.google.com/mail/answer/10313
    "googlemail.com": "gmail.com",
    # One name at all of Proton's domains is one account: proton.me/support/addresses-and-aliases
    "protonmail.com": "proton.me",
    "protonmail.ch": "proton.me",
    "pm.me": "proton.me",
    # Apple gives a name at one of them to nobody else at another: support.apple.com/en-us/108357
    "me.com": "icloud.com",
    "mac.com": "icloud.com",
    # Yandex: every mailbox has the same name at each of its domains: yandex.com/support/mail (aliases)
    "ya.ru": "yandex.ru",
    "yandex.com": "yandex.ru",
    "yandex.by": "yandex.ru",
    "yandex.kz": "yandex.ru",
    "yandex.ua": "yandex.ru",
}
"""Domains at which one name is one mailbox. Outlook, Hotmail and Live are not: there it can be two people."""
NAME_IN_DOMAIN = ("fastmail.com", "fastmail.fm")
"""Where `anything@name.fastmail.com` is the mailbox of `name@fastmail.com`: fastmail.help, 360060591053."""
LONGEST = 254
LONGEST_LOCAL = 64
"""In octets; the library counts letters."""
DISPOSABLE = Path(__file__).parent / "data" / "disposable.txt"


@lru_cache(maxsize=32)  # one request asks several times
def normal(address: str) -> str:
    """The address as it is written to; Invalid("email", …) when no such address can exist."""
    try:
        found = validate_email(
            address.strip(), check_deliverability=False, test_environment=True, strict=True
        )
    except EmailNotValidError as error:
        raise Invalid("email", str(error)) from error
    if len(found.local_part.encode()) > LONGEST_LOCAL:
        raise Invalid("email", "The part before the @-sign is too long.")
    return found.normalized


def key(address: str) -> str:
    """What two spellings of one mailbox share: case, `+tags`, ignored dots and alias domains are gone.

    A domain in letters and the same one as `xn--…` are one already in what `normal` makes of it.
    """
    local, _, domain = normal(address).rpartition("@")
    local, domain = local.lower(), domain.lower()  # casefold() would make straße.example strasse.example
    domain = ALIASES.get(domain, domain)
    owner, _, above = domain.partition(".")
    if above in NAME_IN_DOMAIN:
        local, domain = owner, above
    local = local.split("+", 1)[0] or local
    if domain in DOTS_IGNORED:
        local = local.replace(".", "")
    return f"{local}@{domain}"


@cache
def disposables() -> frozenset[str]:
    """Domains of services that give anybody an address for some minutes (data/README.md)."""
    return frozenset(DISPOSABLE.read_text().split())


def disposable(domain: str) -> bool:
    """Whether addresses at this domain are made to be thrown away."""
    return domain.lower() in disposables()

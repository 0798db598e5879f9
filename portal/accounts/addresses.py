"""Mail addresses: whether one can exist, and when two spellings are one mailbox."""

from functools import cache
from pathlib import Path

from email_validator import EmailNotValidError, validate_email

from portal.kernel.errors import Invalid

DOTS_IGNORED = frozenset({"gmail.com"})
ALIASES = {"googlemail.com": "gmail.com"}
LONGEST = 254
LONGEST_LOCAL = 64
"""In octets; the library counts letters."""
DISPOSABLE = Path(__file__).parent / "data" / "disposable.txt"


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
    """What two spellings of one mailbox share: case, `+tags`, ignored dots and alias domains are gone."""
    local, _, domain = normal(address).rpartition("@")
    local, domain = local.lower(), domain.lower()  # casefold() would make straße.example strasse.example
    domain = ALIASES.get(domain, domain)
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

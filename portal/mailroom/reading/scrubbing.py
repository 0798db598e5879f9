"""What may not become public with somebody's words: addresses, mobile numbers, links that follow or open."""

import re
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

ADDRESS = re.compile(
    r"<?(?:mailto:)?[\w.+'%-]{1,64}(?:@|\s?\[at\]\s?|\s?\(at\)\s?)[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.[\w-]{2,63}"
    r"(?:\?[^\s>]{0,500})?>?",
    re.IGNORECASE,
)
MOBILE = re.compile(r"(?<![\w/.-])(?:\+31|0031|0)\s?-?\(?0?\)?\s?-?6(?:[\s.-]?\d){8}(?!\w)")
PICTURE = re.compile(r"\[(?:cid|image|afbeelding|inline image|logo)[:\s][^\]\n]{0,200}\]", re.IGNORECASE)
LINK = re.compile(r"https?://[^\s<>\"')\]]+", re.IGNORECASE)
WRAPPED = re.compile(r"safelinks\.protection\.outlook\.com|urldefense\.|linkprotect\.", re.IGNORECASE)
FOLLOWS = re.compile(r"^(utm_|mc_|_hs|fbclid|gclid|mkt_)", re.IGNORECASE)
OPEN_TO_ALL = ("/d/", "/n/", "/dossiers")
"""Our own pages that have no ticket in their address."""


def scrubbed(text: str, *, own: str, left_out: str) -> str:
    """`own` is the address of this portal, `left_out` what stands in the place of an address."""
    text = PICTURE.sub("", text)
    text = LINK.sub(lambda found: _link(found.group(), own, left_out), text)
    text = ADDRESS.sub(left_out, text)
    return MOBILE.sub(left_out, text).strip()


def _link(url: str, own: str, left_out: str) -> str:
    try:
        parts = urlsplit(url)
        if WRAPPED.search(parts.netloc):
            inner = parse_qs(parts.query).get("url", [""])[0]
            return _link(inner, own, left_out) if inner.startswith("http") else left_out
    except ValueError:
        return left_out
    if parts.netloc.lower() == urlsplit(own).netloc and not parts.path.startswith(OPEN_TO_ALL):
        return left_out
    if "@" in url or "%40" in url:
        return left_out
    asked = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not FOLLOWS.match(pair[0])]
    return (
        urlunsplit(parts._replace(query=urlencode(asked)))
        if FOLLOWS.search(parts.query) or "&" in url
        else url
    )

"""A mail in HTML as plain text: the words, and a mark where what is quoted or signed begins."""

import re
from collections import Counter
from html.parser import HTMLParser

QUOTE, END, CUT = "\u2063quote\u2063", "\u2063end\u2063", "\u2063cut\u2063"
"""Lines that a mail cannot have by itself: what is quoted begins, and ends; all that follows is quoted."""
UNSEEN = frozenset({"script", "style", "head", "title", "template", "noscript", "object", "svg", "select"})
BLOCKS = frozenset(
    {
        "p",
        "div",
        "br",
        "tr",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "section",
        "article",
        "hr",
    }
)
VOID = frozenset(
    {"br", "hr", "img", "meta", "link", "input", "col", "area", "base", "wbr", "source", "embed"}
)
CITED = re.compile(r"\b(gmail_quote|protonmail_quote|yahoo_quoted|x_gmail_quote|zmail_quote)\b")
QUOTED_BELOW = re.compile(
    r"\b(x_)?(divRplyFwdMsg|appendonsend|OLK_SRC_BODY_SECTION|yahoo_quoted|ymail_android_signature_quote|"
    r"mail-editor-reference-message-container|isForwardContent)\b"
)
WHO_WROTE = re.compile(r"\b(gmail_attr|moz-cite-prefix|x_gmail_attr)\b")
SIGNATURES = re.compile(
    r"\b(x_)?(gmail_signature|gmail_signature_prefix|moz-signature|ms-outlook-mobile-signature|Signature|"
    r"protonmail_signature_block|AppleMailSignature|ms-outlook-ios-signature)\b"
)
LINE = re.compile(
    r"border-top:\s*solid\s+#?(E1E1E1|B5C4DF)|border:\s*none;\s*border-top:\s*solid", re.IGNORECASE
)
"""The line that Outlook draws above what it quotes."""
DEEPEST = 300
"""Elements within each other; no program writes more."""
HIDDEN = re.compile(
    r"display:\s*none|mso-hide:\s*all|font-size:\s*0(px|pt|;|$)|visibility:\s*hidden", re.IGNORECASE
)


class Reader(HTMLParser):
    """Collects the words. Pictures, and what cannot be seen, say nothing: by them one is followed."""

    def __init__(self, *, signed: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.signed = signed
        self.out: list[str] = []
        self.open: list[tuple[str, str]] = []
        """The elements one is in, each with what it means: `unseen`, `quote` or nothing."""
        self.inside = Counter[str]()
        """How many of each name these are."""
        self.skipped = 0

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in given}
        meaning = self._meaning(tag, known)
        if tag in BLOCKS or tag in {"li", "blockquote"}:
            self._line(tag == "p" or tag.startswith("h") and tag != "hr")
        if meaning in {"quote", "cut"}:
            self._mark(QUOTE if meaning == "quote" else CUT)
        if tag == "li" and not self.skipped:
            self.out.append("- ")
        if tag in {"td", "th"} and not self.skipped and self.out and not self.out[-1].endswith(("\n", " ")):
            self.out.append(" ")
        if tag in VOID or len(self.open) > DEEPEST:
            return
        self.open.append((tag, meaning))
        self.inside[tag] += 1
        self.skipped += meaning == "unseen"

    def _meaning(self, tag: str, known: dict[str, str]) -> str:
        named = f"{known.get('id', '')} {known.get('class', '')}"
        if tag in UNSEEN or HIDDEN.search(known.get("style", "")) or "hidden" in known:
            return "unseen"
        if WHO_WROTE.search(named) or (SIGNATURES.search(named) and not self.signed):
            return "unseen"
        if tag == "blockquote" and (known.get("type") == "cite" or "cite" in known or CITED.search(named)):
            return "quote"
        drawn = tag in {"div", "p"} and LINE.search(known.get("style", ""))
        return "cut" if QUOTED_BELOW.search(named) or drawn else ""

    def handle_endtag(self, tag: str) -> None:
        if not self.inside[tag]:
            return
        while self.open:
            name, meaning = self.open.pop()
            self.inside[name] -= 1
            self.skipped -= meaning == "unseen"
            if meaning == "quote":
                self._mark(END)
            if name == tag:
                break
        if tag in BLOCKS:
            self._line(tag == "p")

    def handle_data(self, data: str) -> None:
        if self.skipped:
            return
        words = re.sub(r"[ \t\r\n\f\xa0]+", " ", data)
        if not self.out or self.out[-1].endswith("\n"):
            words = words.lstrip(" ")
        if words:
            self.out.append(words)

    def _line(self, empty: bool = False) -> None:
        if not self.skipped and self.out:
            self.out.append("\n\n" if empty else "\n")

    def _mark(self, mark: str) -> None:
        if not self.skipped:
            self.out.append(f"\n{mark}\n")


def plain(html: str) -> str:
    """The words of it, a line for each line that one would see; without the signature, unless that is all."""
    return _words(html, signed=False) or _words(html, signed=True)


def _closed(html: str) -> str:
    """Without comments, also one that never ends: the parser would look for its end again and again."""
    kept, place = [], 0
    while (start := html.find("<!--", place)) >= 0:
        kept.append(html[place:start])
        end = html.find("-->", start)
        if end < 0:
            return "".join(kept)
        place = end + 3
    return "".join([*kept, html[place:]])


def _words(html: str, *, signed: bool) -> str:
    reader = Reader(signed=signed)
    try:
        reader.feed(_closed(html))
        reader.close()
    except Exception:  # HTML made to break its reader: what was read so far is what there is
        reader.rawdata = ""
    lines = [line.rstrip() for line in "".join(reader.out).split("\n")]
    found = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return found if _says_something(found) else ""


def _says_something(text: str) -> bool:
    """Whether there is a word outside of what is quoted."""
    deep = 0
    for line in text.split("\n"):
        if line == CUT:
            return False
        deep = max(0, deep + {QUOTE: 1, END: -1}.get(line, 0))
        if not deep and line.strip() and line != END:
            return True
    return False

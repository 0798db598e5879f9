"""Which words of a mail are its writer's: not what they quote, nor how they sign, nor what an office adds."""

import re

from portal.mailroom.reading.markup import CUT, END, QUOTE

MARKER = re.compile(r"##-.{0,120}-##")
"""Our own mails have this line above everything else: what stands below it is ours."""
_DAY = r"(\d{1,4}[-./ ]|\b(jan|feb|mrt|mar|apr|mei|may|jun|jul|aug|sep|okt|oct|nov|dec))"
WHO_WROTE = re.compile(
    rf"^(op|on)\b.{{0,40}}{_DAY}.{{0,200}}\b(schreef|wrote|geschreven|written)\b.{{0,160}}:\s*$"
    rf"|^.{{1,120}}\b(schreef|wrote)( op| on)?\b.{{0,40}}{_DAY}.{{0,80}}:\s*$"
    r"|^\d{4}-\d\d-\d\d \d\d?:\d\d.{0,120}<[^>]+@[^>]+>:\s*$",
    re.IGNORECASE,
)
"""On one line, or broken over some of them; of longer ones than a mail has nothing is asked."""
LONGEST_LINE = 400
MOST_BROKEN = 4
BEGINS = re.compile(r"^(op|on|\d{4}-\d\d-\d\d)\b|\b(schreef|wrote)\b", re.IGNORECASE)
SEPARATOR = re.compile(
    r"^[-_* ]{2,}\s*(oorspronkelijk(e)? (bericht|e-?mail)|original (message|e-?mail|appointment)|"
    r"doorgestuurd bericht|forwarded message|oorspronkelijke afspraak)\s*[-_* ]{2,}$"
    r"|^(begin doorgestuurd bericht|begin forwarded message)\s*:\s*$",
    re.IGNORECASE,
)
FIELD = re.compile(
    r"^\s*\*?(van|from|verzonden|verstuurd|sent|datum|date|aan|to|cc|onderwerp|subject|antwoord aan|reply-to|"
    r"beantwoorden aan|prioriteit|importance|bijlagen|attachments)\s*:\*?\s*\S?",
    re.IGNORECASE,
)
SENDER = re.compile(r"^\s*\*?(van|from)\s*:", re.IGNORECASE)
CLOSING = re.compile(
    r"^(met )?((hele )?(vriendelijke?|hartelijke?|beste|warme|collegiale|zonnige) (groet(en|jes)?|gr)\b"
    r"|groet(en|jes)?\b(?! (aan|uit|van))|hoogachtend|gr\.?,?$|mvg\b|m\.v\.g\b|namens (het )?team\b.{0,30},?$"
    r"|(bedankt|dank) en (vriendelijke )?groet)"
    r"|^((with )?(kind(est)?|best|warm(est)?|many) (regards|wishes)|regards|yours (sincerely|faithfully)"
    r"|sincerely|cheers|all the best|thanks and regards)\b",
    re.IGNORECASE,
)
LONGEST_CLOSING = 60
AFTERWARDS = re.compile(r"^(p\.?s\.?)\b[.:]?\s*\S", re.IGNORECASE)
DEVICE = re.compile(
    r"^(verzonden|verstuurd|sent|gesendet) (vanaf|vanuit|met|via|from|with|von)\b.{0,80}$"
    r"|^(outlook (voor|for) (ios|android)|(get|download) outlook)\b.{0,120}$",
    re.IGNORECASE,
)
SMALL_PRINT = re.compile(
    r"^\W*(disclaimer\b|proclaimer\b"
    r"|(dit|deze) (bericht|e-?mail(bericht)?)\b.{0,60}\b(uitsluitend|alleen|slechts) (bestemd|bedoeld)"
    r"|(dit|deze) (bericht|e-?mail(bericht)?) (kan|bevat)\b.{0,60}(vertrouwelijk|niet voor u)"
    r"|de informatie (verzonden )?(in|met) (dit|deze)\b"
    r"|aan (dit|deze) (bericht|e-?mail)\b.{0,60}geen rechten"
    r"|this (e-?mail|message)\b.{0,80}\b(confidential|intended (only|solely)|privileged)"
    r"|denk aan het milieu|(please )?(consider|think of) the environment)",
    re.IGNORECASE,
)
BANNER = re.compile(
    r"^\W*(\[?(extern(al|e)?( (e-?)?mail| sender)?|externe afzender)\]?\W*$"
    r"|(let op|caution|warning|waarschuwing)\W.{0,60}(buiten|outside|extern).{0,200}$"
    r"|(u ontvangt|you don't) (niet vaak|often get).{0,200}$)",
    re.IGNORECASE,
)
SALUTATION = re.compile(
    r"^(geachte|beste|dear|hallo|hello|hoi|hi|dag|goede(morgen|middag|navond))\b.{0,60}[,!.:]?$",
    re.IGNORECASE,
)
TO_ALL = re.compile(
    r"\b(buurt\w*|buren|bewoners|allemaal|allen|all|everyone|iedereen|neighbours|residents|platform)\b",
    re.IGNORECASE,
)
"""Who is greeted by name is left out: nobody said that their name may stand on the page."""
CONTACT = re.compile(
    r"^\W*((t|tel|telefoon|phone|m|mob|mobiel|mobile|e|e-?mail|w|website|fax|bezoekadres|postadres|postbus)\b\s*[.:|]?"
    r"\s*[\d+(@]|(t|m|e|w|tel|mobiel|telefoon|phone|e-?mail)\s*[:|]|\+31|0\d{1,3}[ -]\d|www\.|https?://|\S+@\S+\.\w+$"
    r"|(postbus|p\.?o\.? box) \d|\d{4} ?[a-z]{2}\b)",
    re.IGNORECASE,
)
RULE = re.compile(r"^[-_=*~ ]*$")
"""An empty line, or one drawn with signs."""
MOST_BELOW = 25
"""Lines that a signature has at most; what is longer is no signature."""


def own_words(text: str) -> str:
    """What the writer wrote. Between quoted lines, above them or below: all of it."""
    lines = _without_signature(_without_quotes(_lines(text)))
    return _tidy(_without_contact(_without_name(lines)))


def forwarded(text: str) -> str:
    """The words of a mail that somebody passed on and added nothing to; empty where there is none."""
    lines = _lines(text.replace(CUT, ""))
    for place, line in enumerate(lines):
        if SEPARATOR.match(line) or _is_block(lines, place):
            rest = lines[place + (SEPARATOR.match(line) is not None) :]
            while rest and (not rest[0].strip() or FIELD.match(rest[0]) or SEPARATOR.match(rest[0])):
                rest.pop(0)
            return own_words("\n".join(rest))
    return ""


def _lines(text: str) -> list[str]:
    return [line.replace("\xa0", " ").rstrip() for line in text.split("\n")]


def _without_quotes(lines: list[str]) -> list[str]:
    kept: list[str] = []
    deep, place = 0, 0
    while place < len(lines):
        line = lines[place]
        if line in {QUOTE, END}:
            deep = max(0, deep + (1 if line == QUOTE else -1))
        elif not deep and _all_below_is_quoted(lines, place):
            break
        elif not deep and (broken := _who_wrote(lines, place)):
            place += broken - 1
        elif not deep and not line.lstrip().startswith((">", "|>")):
            kept.append(line)
        place += 1
    return kept


def _all_below_is_quoted(lines: list[str], place: int) -> bool:
    line = lines[place]
    ours = not line.startswith(">") and MARKER.search(line)
    return line == CUT or bool(ours or SEPARATOR.match(line.strip())) or _is_block(lines, place)


def _is_block(lines: list[str], place: int) -> bool:
    """Whether the headers of an older mail stand here, as Outlook writes them."""
    if not SENDER.match(lines[place]):
        return False
    near = [line for line in lines[place : place + 10] if line.strip()][:5]
    return sum(FIELD.match(line) is not None for line in near) >= 3


def _who_wrote(lines: list[str], place: int) -> int:
    """On how many lines it says here who wrote what is quoted; 0 when it does not."""
    if not BEGINS.search(lines[place][:LONGEST_LINE]):
        return 0
    for number in range(1, MOST_BROKEN + 1):
        some = [line.strip() for line in lines[place : place + number]]
        if "" in some:
            return 0
        whole = " ".join(some)
        if len(whole) > LONGEST_LINE:
            return 0
        if whole.endswith(":") and WHO_WROTE.match(whole):
            return number
    return 0


def _without_signature(lines: list[str]) -> list[str]:
    while lines and RULE.match(lines[-1]):
        lines = lines[:-1]
    while lines and (not lines[0].strip() or BANNER.match(lines[0].strip())):
        lines = lines[1:]
    kept: list[str] = []
    for place, line in enumerate(lines):
        words, below = line.strip(), [one.strip() for one in lines[place + 1 :]]
        if SMALL_PRINT.match(words):
            break
        closing = CLOSING.match(words) and len(words) <= LONGEST_CLOSING
        if (closing or words == "--") and sum(map(bool, below)) <= MOST_BELOW:
            return kept + _afterwards(below)
        if not DEVICE.match(words):
            kept.append(line)
    return kept


def _without_name(lines: list[str]) -> list[str]:
    """Without a first line that greets somebody by name, when more follows."""
    greeted = lines and SALUTATION.match(lines[0].strip()) and not TO_ALL.search(lines[0])
    return lines[1:] if greeted and any(line.strip() for line in lines[1:]) else lines


def _without_contact(lines: list[str]) -> list[str]:
    """Without a last paragraph that says how somebody is reached, when no greeting stands above it."""
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    last = max((place for place, line in enumerate(lines) if not line.strip()), default=0)
    block = [line for line in lines[last:] if line.strip()]
    return lines[:last] if last and sum(CONTACT.match(line) is not None for line in block) >= 2 else lines


def _afterwards(below: list[str]) -> list[str]:
    """What somebody still adds under their name."""
    first = next((place for place, line in enumerate(below) if AFTERWARDS.match(line)), None)
    if first is None:
        return []
    rest = below[first:]
    return ["", *rest[: rest.index("") if "" in rest else len(rest)]]


def _tidy(lines: list[str]) -> str:
    text = "\n".join(lines).replace("\u2063", "")
    text = re.sub(
        r"[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]",
        "",
        text,
    )
    return re.sub(r"\n\s*\n\s*\n+", "\n\n", re.sub(r"[ \t]+\n", "\n", text)).strip()

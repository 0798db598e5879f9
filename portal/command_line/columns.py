"""What the columns of another system's file mean: guessed from their names in Dutch, German and English."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

NAMES: dict[str, tuple[str, ...]] = {
    "id": (
        "id", "case_id", "case_enquiry_id", "service_request_id", "request_id", "signal_id", "meldingsnummer",
        "meldingnummer", "melding_id", "zaaknummer", "kenmerk", "vorgangsnummer", "meldungsnummer",
        "meldung_id", "case_number", "number", "nummer", "nr", "reference", "uuid",
    ),
    "title": (
        "title", "titel", "subject", "onderwerp", "betreff", "kop", "summary", "samenvatting", "kurztext",
    ),
    "text": (
        "text", "tekst", "description", "omschrijving", "beschrijving", "beschreibung", "melding", "meldung",
        "meldingstekst", "meldungstext", "body", "message", "bericht", "nachricht", "anliegen", "toelichting",
        "details", "detail",
    ),
    "category": (
        "subcategory", "sub_category", "subcategorie", "unterkategorie", "type", "case_type", "service_name",
        "soort", "category", "categorie", "kategorie", "reason", "rubriek", "rubrik", "onderdeel", "topic",
        "main_category", "hoofdcategorie", "hauptkategorie",
    ),
    "slug": ("subcategory_slug", "category_slug", "slug", "service_code"),
    "opened": (
        "created_at", "created", "opened_at", "opened", "open_dt", "open_date", "reported_at", "reported",
        "requested_datetime", "requested_at", "submitted_at", "date_created", "creation_date", "aangemaakt",
        "aangemaakt_op", "aanmaakdatum", "melddatum", "gemeld_op", "gemeld", "ingediend", "ingediend_op",
        "erstellt", "erstellt_am", "erstelldatum", "gemeldet", "gemeldet_am", "meldedatum", "eingegangen_am",
        "eingangsdatum", "date", "datum", "timestamp",
    ),
    "closed": (
        "closed_at", "closed", "closed_dt", "close_date", "closed_date", "resolved_at", "resolved",
        "resolved_date", "fixed_at", "afgehandeld_op", "afgehandeld", "afgesloten_op", "afgesloten",
        "opgelost_op", "opgelost",
        "gesloten", "erledigt_am", "erledigt", "geschlossen_am", "geschlossen", "abgeschlossen_am",
        "abgeschlossen", "behoben_am",
    ),
    "status": ("status", "state", "toestand", "stand", "bearbeitungsstand"),
    "lat": ("lat", "latitude", "breedtegraad", "breitengrad", "geo_lat"),
    "lon": ("lon", "lng", "long", "longitude", "lengtegraad", "langengrad", "laengengrad", "geo_lon"),
    "place": (
        "address", "adres", "adresse", "location", "locatie", "street", "straat", "straatnaam", "strasse",
        "ort", "plaats", "plek", "place", "standort", "wijk", "buurt", "neighborhood", "neighbourhood",
        "stadtteil", "district", "region", "regio",
    ),
}  # fmt: skip
"""Our field -> names of columns, the likeliest first."""
NOT_USED = "-"


class Unclear(Exception):
    """The columns do not say enough; the message says what is missing."""


def plain(name: str) -> str:
    """`Längengrad ` and `langengrad` are the same name."""
    apart = unicodedata.normalize("NFKD", name.strip().casefold())
    letters = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "_", letters).strip("_")


def mapping(header: Iterable[str], told: Mapping[str, str] | None = None) -> dict[str, str]:
    """Our field -> the column it is read from: as told (column -> field), the rest by name."""
    columns = list(header)
    found = _as_told(columns, told or {})
    taken = set(told or {})
    by_name = {plain(column): column for column in reversed(columns) if column not in taken}
    for field, names in NAMES.items():
        name = next((name for name in names if name in by_name), None)
        if field not in found and name is not None:
            found[field] = by_name.pop(name)
    if not found.keys() & {"title", "text", "category"}:
        raise Unclear("No column tells what was reported (title, text or category).")
    if "opened" not in found:
        raise Unclear("No column tells when it was reported (opened).")
    return {field: found[field] for field in NAMES if field in found}


def _as_told(columns: list[str], told: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for column, field in told.items():
        if column not in columns:
            raise Unclear(f"There is no column {column!r}.")
        if field not in NAMES and field != NOT_USED:
            known = ", ".join(NAMES)
            raise Unclear(f"There is no field {field!r}; there are {known}, and {NOT_USED} for none.")
        if field in NAMES:
            found[field] = column
    return found

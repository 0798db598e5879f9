"""`python -m tests.printing.screens`: each piece as a picture in docs/screens/, and how long it took."""

import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex
from statistics import median
from time import process_time

from PIL import Image

from portal import create_app
from portal.accounts.models import Role
from portal.dossiers.models import Dossier
from portal.kernel.commands import transaction
from portal.kernel.db import db
from portal.petitions.models import Demand
from portal.printing import writing
from portal.printing.models import SINGLE, Piece
from portal.sheets.commands import issue
from portal.sheets.models import Sheet
from portal.web.proofs import picture_of
from tests import databases
from tests.factories import a_person, a_petition, an_organisation

FOLDER = Path(__file__).parent.parent.parent / "docs" / "screens"
WIDTH, COLOURS = {Piece.BANNER: 1000, Piece.DOOR_CARD: 420}, 32
USUAL = 760
BODY = (
    "In de zomer zijn de prullenbakken bij de metro en langs de singel weggehaald. Sindsdien ligt het afval "
    "op het gras en in het water. Wij rapen elke zaterdag zes zakken vol."
)
DEMANDS = (
    "Zet de prullenbakken terug bij de metro en bij de bushalte.",
    "Leeg ze in de zomer elke dag.",
    "Vraag het ons voordat er weer een bak weg gaat.",
)


def a_story() -> Dossier:
    platform = an_organisation("platform", name="Buurtplatform K-buurt")
    to = [
        an_organisation(name="Stadsdeel Zuidoost"),
        an_organisation(name="Gemeente Amsterdam, Afval en Grondstoffen"),
    ]
    title = "Geef de prullenbakken terug: schone paden en galerijen in de K-buurt"
    opener = a_person(Role.ORGANISER, of=platform)
    petition = a_petition(title=title, body=BODY, organisation=platform, opener=opener, addressees=to)
    with transaction():
        petition.ref = "K-1042"
        db.session.add_all(Demand(petition_id=petition.id, position=n, text=t) for n, t in enumerate(DEMANDS))
    return petition


def sheets(petition: Dossier, number: int) -> list[Sheet]:
    places = [("Kempering", "2")] * number
    made: list[Sheet] = issue(
        petition.opener,
        petition,
        organisation=petition.organisation,
        buildings=places,
        copies=1,
        rows=20,
        language="nl",
    )
    return made


def of_sheets(petition: Dossier, printed: list[Sheet]) -> bytes:
    return writing.sheets(petition, "nl", printed, lambda number: None)


def took(make: Callable[[], bytes], turns: int = 5) -> tuple[bytes, float]:
    """What it makes, and the median of how many milliseconds a processor works on it."""
    times = []
    for _turn in range(turns):
        begin = process_time()
        made = make()
        times.append((process_time() - begin) * 1000)
    return made, median(times)


def keep(name: str, document: bytes, width: int) -> None:
    file = io.BytesIO()
    picture = picture_of(document, width=width)
    picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        file, "PNG", optimize=True
    )
    (FOLDER / f"print-{name}.png").write_bytes(file.getvalue())


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        public = "https://rotonde.example"
        app = create_app(DATA_DIR=folder, DATABASE_URL="", SECRET_KEY=token_hex(), PUBLIC_URL=public)
        databases.fill(app)
        with app.app_context():
            petition = a_story()
            made = {
                piece: lambda piece=piece: writing.DRAWN[piece](writing.kit(petition, piece, "nl"))
                for piece in SINGLE
            }
            for number in (1, 200):
                printed = sheets(petition, number)
                made[f"{Piece.SHEETS} ({number})"] = lambda printed=printed: of_sheets(petition, printed)
            for name, make in made.items():
                document, time = took(make)
                sys.stdout.write(f"{name}: {time:.0f} ms, {len(document) / 1000:.0f} kB\n")
                if name != "sheets (200)":
                    keep(str(name).partition(" ")[0], document, WIDTH.get(name, USUAL))
            db.session.remove()
            db.engine.dispose()


if __name__ == "__main__":
    main()

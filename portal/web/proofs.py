"""Proofs: what a page of a PDF looks like, as a small picture."""

import io

from PIL import Image

from portal.kernel.documents import ONE_AT_A_TIME, pypdfium2

SHADES = 24
"""Few colours make a small file."""


def png(document: bytes, width: int, page: int = 0) -> bytes:
    """A page of this PDF as a picture of this width."""
    file = io.BytesIO()
    picture = picture_of(document, width=width, page=page)
    picture.quantize(SHADES, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        file, "PNG", optimize=True
    )
    return file.getvalue()


def picture_of(document: bytes, *, width: int, page: int = 0) -> Image.Image:
    with ONE_AT_A_TIME:
        opened = pypdfium2.PdfDocument(document)
        try:
            seen = opened[page]
            bitmap = seen.render(scale=width / seen.get_width())
            found: Image.Image = bitmap.to_pil().convert("RGB")
        finally:
            opened.close()
    return found

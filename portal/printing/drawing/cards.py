"""What hangs on a fence, and what hangs on a door."""

from portal.printing.drawing.kit import Kit
from portal.printing.drawing.posters import head, sign_words
from portal.web.typesetting import fitted, listed

BANNER = (2000.0, 1000.0)
CARD = (100.0, 210.0)
HOLE = 21.0
"""Radius of the hole for the handle of a door."""


def banner(kit: Kit) -> bytes:
    """Read from afar: few words, all of them large."""
    (wide, high), edge = BANNER, 60.0
    paper = kit.paper(wide, high)
    top = head(paper, kit, edge, edge, wide - 2 * edge, 7.0) + 40
    code = high - edge - top
    width = wide - 3 * edge - code
    signs = [
        fitted(kit.call, width, 130, 300, 100, bold=True, most=1),
        fitted(kit.scan, width, 60, 125, 60, most=1),
        fitted(kit.short, width, 150, 380, 80, bold=True, most=2),
    ]
    foot = below = high - edge - sum(sign.height for sign in signs) - 16
    for sign in signs:
        below = paper.block(edge, below, sign) + 8
    title = fitted(kit.title, width, foot - top - 40, 800, 100, bold=True, leading=1.14)
    end = paper.block(edge, top, title, width)
    if foot - end > 110:
        paper.skyline(edge, foot - 20, width, min(foot - end - 50, 260), kit.ref)
    paper.frame(wide - edge - code, top, code, code, 7, 18)
    paper.code(wide - edge - code + 7, top + 7, code - 14, kit.address)
    return paper.bytes()


def door_card(kit: Kit) -> bytes:
    (wide, high), edge = CARD, 8.0
    paper = kit.paper(wide, high)
    width = wide - 2 * edge
    paper.cut(wide / 2, edge + HOLE, HOLE, wide - edge)
    cut = fitted(kit.cut, HOLE, 6, 9, 6)
    paper.block(wide / 2 - HOLE, edge + HOLE - cut.height / 2, cut, 2 * HOLE, centre=True)
    hello = fitted(kit.hello, width, 9, 21, 10, bold=True, most=1)
    top = paper.block(edge, edge + 2 * HOLE + 5, hello, width) + 1
    top = paper.block(edge, top, fitted(kit.came_by, width, 10, 11, 7, most=2), width) + 2.5
    code = 47.0
    foot = high - edge - code
    by = fitted(f"{kit.kind} {kit.ref} · {kit.by}", width, 9, 8.5, 6.5, most=2)
    room = foot - 3 - by.height - 2 - top
    asked = 0.4 if kit.asked else 0.0
    title = fitted(kit.title, width, room * (1 - asked), 34, 7, bold=True, leading=1.14)
    end = paper.block(edge, top, title, width) + 2.5
    left_over = foot - 5 - by.height - end
    if kit.asked and left_over > 6:
        paper.numbered(edge, end, listed(kit.asked, width, left_over, 11.5, 8))
    elif left_over > 22:
        paper.skyline(edge, foot - 5 - by.height, width, min(left_over - 2, 34), kit.ref)
    paper.block(edge, foot - 3 - by.height, by, width)
    paper.code(edge + 0.5, foot + 0.5, code - 1, kit.address)
    paper.frame(edge, foot, width, code, 0.6, 2)
    sign_words(paper, kit, edge + code + 0.5, foot + 2, width - code - 2.5, code - 4, 0.5)
    return paper.bytes()

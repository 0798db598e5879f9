"""The flat with lit windows: a share that is told truly, and a place that tells nothing."""

import re

from portal.web.drawing import flat_svg


def windows(drawing: str, name: str) -> int:
    found = re.search(rf'<path class="{name}" d="([^"]*)"', drawing)
    return found[1].count("M") if found else 0


def test_the_lit_share_of_the_windows_is_the_share_of_the_people() -> None:
    half = flat_svg(50, 100, "Klieverink")
    assert windows(half, "on") == windows(half, "off")


def test_nobody_lights_no_window_and_one_neighbour_lights_one() -> None:
    assert windows(flat_svg(0, 900, "Klieverink"), "on") == 0
    assert windows(flat_svg(1, 900, "Klieverink"), "on") == 1


def test_more_people_than_homes_light_every_window_and_no_more() -> None:
    assert windows(flat_svg(120, 100, "Klieverink"), "off") == 0


def test_a_building_looks_the_same_every_time_and_unlike_another() -> None:
    assert flat_svg(5, 10, "Klieverink") == flat_svg(5, 10, "Klieverink")
    assert flat_svg(5, 10, "Klieverink") != flat_svg(5, 10, "Kelbergen")

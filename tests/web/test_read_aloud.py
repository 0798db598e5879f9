"""A page reads itself aloud, each piece with a voice of its language; a device without one says so."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from tests.factories import an_issue
from tests.live import LiveServer, Visit, becomes, settles

VOICES = """
    const said = (window.said = []);
    const voices = [
        { lang: "en-GB", name: "far away", localService: false, default: true },
        { lang: "en-US", name: "here", localService: true, default: false },
        { lang: "nl_NL", name: "hier", localService: true, default: false },
    ];
    class Utterance { constructor(text) { this.text = text; } }
    window.SpeechSynthesisUtterance = Utterance;
    const synth = {
        getVoices: () => voices,
        cancel: () => { window.silent = true; },
        speak: (utterance) => {
            window.silent = false;
            const { text, lang, voice } = utterance;
            said.push({ text, lang, voice: voice && voice.name });
            if (window.slow) return;
            setTimeout(() => utterance.onend && utterance.onend(), 0);
        },
    };
    Object.defineProperty(window, "speechSynthesis", { value: synth });
"""
"""The voices of a device; those of the machine that tests, if it has any, cannot be listened to."""
BUTTON = "[aria-controls=aloud]"


@pytest.fixture
def page(chromium: Chromium, live_server: LiveServer) -> Iterator[Page]:
    visit = Visit(chromium, live_server.url, js=True)
    visit.page.add_init_script(VOICES)
    yield visit.page
    settles(visit.page)
    visit.end()


def said(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate("window.said")
    return found


@pytest.mark.browser
def test_a_page_is_read_in_order_with_a_voice_of_each_language(page: Page) -> None:
    dossier = an_issue(title="De bak is weg", body="Al een week. Wie weet meer?", language="nl")
    page.goto(f"/d/{dossier.ref}?lang=en")
    page.locator(BUTTON).click()
    becomes(page, "window.said.length > 0")
    page.locator("#aloud").wait_for(state="hidden")
    heard = said(page)
    texts = [piece["text"] for piece in heard]
    assert texts.index("De bak is weg") < texts.index("Al een week.") < texts.index("Wie weet meer?")
    assert {piece["voice"] for piece in heard if piece["lang"] == "nl"} == {"hier"}
    assert {piece["voice"] for piece in heard if piece["lang"] == "en"} == {"here"}, "the device's own voice"
    assert {"Timeline", "De bak is weg"} <= set(texts)
    assert all(len(text) <= 240 for text in texts)
    assert not page.locator(".read-now").count()


@pytest.mark.browser
def test_it_can_be_paused_and_goes_on_where_it_was(page: Page) -> None:
    dossier = an_issue(title="The bin is gone", language="en")
    page.goto(f"/d/{dossier.ref}?lang=en")
    page.evaluate("window.slow = true")
    page.locator(BUTTON).click()
    pause, go, stop = (page.locator(f"[data-aloud={deed}]") for deed in ("pause", "go", "stop"))
    pause.wait_for()
    assert page.locator(".read-now").count() == 1
    assert page.evaluate("document.activeElement.dataset.aloud") == "pause"
    pause.click()
    assert page.evaluate("window.silent")
    go.click()
    assert [piece["text"] for piece in said(page)][0] == [piece["text"] for piece in said(page)][1]
    stop.click()
    page.locator("#aloud").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.getAttribute('aria-controls')") == "aloud"


@pytest.mark.browser
def test_another_page_is_silent(page: Page) -> None:
    an_issue()
    page.goto("/")
    page.evaluate("window.slow = true")
    page.locator(BUTTON).click()
    page.locator("[data-aloud=pause]").wait_for()
    page.locator(".bottom-bar a").nth(2).click()
    page.wait_for_url("**/dossiers")
    becomes(page, "window.silent !== false")
    assert page.locator("#aloud").is_hidden()


@pytest.mark.browser
def test_without_script_there_is_no_button_that_does_nothing(phone_page: Page) -> None:
    phone_page.goto("/")
    has_script = phone_page.evaluate("!!document.querySelector('[data-theme-switch]:not([hidden])')")
    assert phone_page.locator(BUTTON).is_visible() is has_script

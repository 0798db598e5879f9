"""A visitor whose every page is kept, and the longest word."""

from typing import Any

from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

from tests.accessibility.pages import Keeper
from tests.browser import Browser

LONG = "Zeeduivelvisserijverenigingsgebouwonderhoudsaannemersbedrijf" * 5
"""Three hundred letters without a place to break."""


class Recorder(Browser):
    """Keeps every page that it meets."""

    def __init__(self, keeper: Keeper, name: str, *, js: bool = False) -> None:
        super().__init__(keeper.app, language=keeper.language, js=js)
        self.keeper, self.name = keeper, name

    def _open(self, method: str, url: str, target: str, **more: Any) -> BeautifulSoup:
        seen = super()._open(method, url, target, **more)
        assert isinstance(self.response, TestResponse)
        path = self.response.request.path
        endpoint, _ = self.app.url_map.bind("localhost").match(path, self.response.request.method)
        self.keeper.keep_answer(endpoint, f"{self.name} {method} {self.status}", self.url, self.response)
        return seen

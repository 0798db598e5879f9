"""Doing several things at the same moment, each as a request of its own would."""

import threading
from collections.abc import Callable
from typing import Any

from flask import Flask

from portal.kernel.db import db


def at_once(app: Flask, *deeds: Callable[[], Any]) -> list[Any]:
    """What came of each: its result, or the error it raised. Each has a thread, a context and a session."""
    db.session.commit()
    results: list[Any] = [None] * len(deeds)
    start = threading.Barrier(len(deeds))

    def do(number: int) -> None:
        with app.app_context():
            start.wait(10)
            try:
                results[number] = deeds[number]()
            except Exception as error:  # the test looks at it
                results[number] = error

    threads = [threading.Thread(target=do, args=(number,)) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results

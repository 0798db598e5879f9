"""What the operator does to accounts in a shell is written down where the machine keeps such things."""

import socket
from pathlib import Path

import pytest
from flask import Flask

from portal.accounts.models import Role
from portal.kernel import clock, logs
from tests.accounts.working import with_app
from tests.command_line.asking import portal
from tests.factories import a_person


def test_what_is_typed_in_a_shell_is_in_the_log_of_the_machine(
    place: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = with_app(a_person(Role.OFFICIAL))
    email, number = str(person.email), person.id
    monkeypatch.setattr(logs, "SYSTEMS", tmp_path / "log")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as machine:
        machine.bind(str(tmp_path / "log"))
        assert portal("sign-in-link", email).exit_code == 0
        assert portal("forget-factor", email).exit_code == 0
        machine.setblocking(False)
        lines = [machine.recv(1000).decode() for _ in range(3)]
    assert f"rotonde: {clock.now():%Y}" in lines[0]
    assert f"event=link-made person={number}" in lines[0]
    assert f"event=factor-removed person={number}" in lines[2]
    assert not [line for line in lines if email in line]
    (tmp_path / "log").unlink()
    assert "event=link-made" in portal("sign-in-link", email).stderr

"""Files by their content, in a folder and in a bucket alike: kept once, taken away; away."""

import hashlib
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal.kernel import clock, storage
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from tests import shelves
from tests.command_line.asking import portal
from tests.dossiers.making import a_photo
from tests.factories import an_issue
from tests.operations.test_watching import told

pytestmark = pytest.mark.parametrize("kind", ["sqlite"])


def test_a_file_is_kept_once_under_its_own_sum(kept_in: str, app: Flask) -> None:
    key = storage.put(b"a photo", "jpg")
    assert key == storage.put(b"a photo", "jpg") == f"{hashlib.sha256(b'a photo').hexdigest()}.jpg"
    assert (storage.get(key), storage.size(key)) == (b"a photo", 7)
    since = storage.since(key)
    assert since is not None
    assert abs(clock.now() - since) < timedelta(minutes=1)
    other = storage.put(b"another", "webp")
    assert set(storage.all_keys()) == {key, other}
    with storage.lying(key) as path:
        assert path.read_bytes() == b"a photo"
    in_folder = Path(app.config["DATA_DIR"], "files", key[:2], key)
    assert in_folder.exists() is (kept_in == "folder")


def test_a_file_that_was_removed_is_not_found(kept_in: str, app: Flask) -> None:
    key = storage.put(b"gone", "jpg")
    assert not storage.is_empty()
    storage.remove(key)
    storage.remove(key)
    assert storage.since(key) is None
    assert storage.is_empty()
    for look in (storage.get, storage.size):
        with pytest.raises(NotFound):
            look(key)


def test_no_name_leads_out_of_the_folder(kept_in: str, app: Flask) -> None:
    Path(app.config["DATA_DIR"], "secret").write_text("the key of everything")
    for key in ("../secret", "/etc/passwd", "..", "", "a/../../secret", "%2e%2e/secret", "x\0y"):
        with pytest.raises(NotFound):
            storage.get(key)


def test_a_storage_that_is_away_is_said(kept_in: str, app: Flask) -> None:
    photo = a_photo(an_issue())
    page = f"/photos/{photo.large}"
    assert app.test_client().get(page).data == b"large"
    assert told(app)[1]["storage"] == "well"
    if kept_in == "folder":
        files = Path(app.config["DATA_DIR"], "files")
        shutil.rmtree(files)
        files.write_text("in the place of a folder")
    else:
        app.config["S3_ENDPOINT"] = "http://127.0.0.1:1"
    db.session.remove()
    answer = app.test_client().get(page)
    assert answer.status_code == 503
    assert "We cannot open or keep files at this moment." in answer.text
    assert told(app)[1]["storage"] == "cannot be written in"
    with pytest.raises(OSError, match=r"storage is away|Not a directory"):
        storage.put(b"a photo", "jpg")


def test_a_bucket_is_in_the_backup_and_comes_back_into_another(
    app: Flask, s3: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a folder into a bucket, and from there into another one: the same files under the same names."""
    monkeypatch.setenv("PORTAL_DATA_DIR", app.config["DATA_DIR"])
    photo = a_photo(an_issue()).large
    db.session.remove()
    assert portal("backup", tmp_path / "from-folder").exit_code == 0
    for source, place in (("from-folder", "one"), ("from-bucket.tar", "two")):
        first = shelves.bucket(s3)
        for name, value in first.items():
            monkeypatch.setenv(f"PORTAL_{name}", value)
        done = portal("restore", tmp_path / source, "--into", tmp_path / place)
        assert done.exit_code == 0, done.output
        assert "2 files checked, 0 changed, 0 missing." in done.output
        assert not (tmp_path / place / "files").exists()
        assert "well   storage" in portal("doctor").output
        again = portal("restore", tmp_path / source, "--into", tmp_path / "three")
        assert "is not empty" in again.output
        monkeypatch.setenv("PORTAL_DATA_DIR", str(tmp_path / place))
        if place == "one":
            assert ", 2 files, the keys." in portal("backup", tmp_path / "from-bucket.tar").output
    app.config |= first
    assert storage.get(photo) == b"large"

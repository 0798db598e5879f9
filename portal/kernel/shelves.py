"""Where files lie: in a folder of this machine, or in a bucket of a storage that speaks S3.

Both raise FileNotFoundError for what is not there, and OSError when they are away (portal/kernel/outages.py).
"""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple, Protocol

LIBRARY = "boto3"
NOT_THERE = ("NoSuchKey", "404")
ERRNO = {"AccessDenied": errno.EACCES, "InsufficientStorage": errno.ENOSPC, "507": errno.ENOSPC}
"""What the code of a refusal means, in the words of a disk; of every other one: it could not be done."""
PROBE = "writable"


class NotInstalled(Exception):
    """In words: the setting asks for a library that is not here."""


class Shelf(Protocol):
    def put(self, key: str, content: bytes) -> None:
        """Keep it, on disk before this returns; what is there already is as if it were put there now."""

    def get(self, key: str) -> bytes: ...

    def told(self, key: str) -> tuple[int, datetime]:
        """How large it is, and since when it is there."""

    def remove(self, key: str) -> None: ...

    def all_keys(self) -> Iterator[str]: ...

    def try_to_write(self) -> None: ...


class Folder:
    """Files in a folder, by the first letters of their keys."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, key: str) -> Path:
        return self.folder / key[:2] / key

    def put(self, key: str, content: bytes) -> None:
        target = self.path(key)
        with suppress(FileNotFoundError):
            os.utime(target)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, target)

    def get(self, key: str) -> bytes:
        return self.path(key).read_bytes()

    def told(self, key: str) -> tuple[int, datetime]:
        found = self.path(key).stat()
        return found.st_size, datetime.fromtimestamp(found.st_mtime, UTC)

    def remove(self, key: str) -> None:
        self.path(key).unlink(missing_ok=True)

    def all_keys(self) -> Iterator[str]:
        for part in sorted(self.folder.glob("??")):
            yield from (path.name for path in sorted(part.iterdir()))

    def try_to_write(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=self.folder) as file:
            file.write(b"something")


class Where(NamedTuple):
    """A bucket, and how one gets at it."""

    bucket: str
    endpoint: str
    region: str
    key: str
    secret: str


class Bucket:
    """Files under the names that they have in a folder, so that any tool can copy them from there to here."""

    def __init__(self, where: Where) -> None:
        if find_spec(LIBRARY) is None:
            raise NotInstalled("PORTAL_S3_BUCKET is set and boto3 is not there: pip install boto3")
        self.bucket = where.bucket
        self.wrong = import_module("botocore.exceptions")
        how = import_module("botocore.config").Config(
            connect_timeout=3,
            read_timeout=10,
            retries={"max_attempts": 3, "mode": "standard"},
            max_pool_connections=16,
            s3={"addressing_style": "path"},
            request_checksum_calculation="when_required",  # others than Amazon do not all know the newer ones
            response_checksum_validation="when_required",
        )
        self.client: Any = import_module(LIBRARY).client(
            "s3",
            endpoint_url=where.endpoint or None,
            region_name=where.region,
            aws_access_key_id=where.key or None,
            aws_secret_access_key=where.secret or None,
            config=how,
        )

    def _name(self, key: str) -> str:
        return f"{key[:2]}/{key}"

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        """What goes wrong in the words of a disk, so that people are told the same. Nothing secret in it."""
        try:
            yield
        except self.wrong.ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if code in NOT_THERE:
                raise FileNotFoundError(code) from error
            raise OSError(ERRNO.get(code, errno.EIO), f"the storage says {code}") from error
        except self.wrong.BotoCoreError as error:
            raise OSError(errno.EIO, f"the storage is away: {type(error).__name__}") from error

    def put(self, key: str, content: bytes) -> None:
        with self._speaking():
            self.client.put_object(Bucket=self.bucket, Key=self._name(key), Body=content)

    def get(self, key: str) -> bytes:
        with self._speaking():
            found: bytes = self.client.get_object(Bucket=self.bucket, Key=self._name(key))["Body"].read()
        return found

    def told(self, key: str) -> tuple[int, datetime]:
        with self._speaking():
            found = self.client.head_object(Bucket=self.bucket, Key=self._name(key))
        return int(found["ContentLength"]), found["LastModified"]

    def remove(self, key: str) -> None:
        with self._speaking():
            self.client.delete_object(Bucket=self.bucket, Key=self._name(key))

    def all_keys(self) -> Iterator[str]:
        with self._speaking():
            for part in self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket):
                yield from (found["Key"].rpartition("/")[2] for found in part.get("Contents", []))

    def try_to_write(self) -> None:
        with self._speaking():
            self.client.put_object(Bucket=self.bucket, Key=PROBE, Body=b"something")

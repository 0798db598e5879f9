"""A storage that speaks S3, of this run alone, for tests of what is kept in a bucket."""

import contextlib
import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest


@contextmanager
def server() -> Iterator[str]:
    """Its address; skips where the library is not there."""
    moto = pytest.importorskip("moto.server", reason="moto, which speaks S3, is not installed")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    running: Any = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    with contextlib.redirect_stdout(io.StringIO()):
        running.start()
    try:
        host, port = running.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        running.stop()


def bucket(endpoint: str) -> dict[str, str]:
    """The settings of a new bucket there."""
    boto3 = pytest.importorskip("boto3")
    made = {"S3_BUCKET": f"files-{uuid4().hex}", "S3_ENDPOINT": endpoint, "S3_KEY": "a key"}
    made |= {"S3_SECRET": "a secret"}
    keys = {"aws_access_key_id": made["S3_KEY"], "aws_secret_access_key": made["S3_SECRET"]}
    client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", **keys)
    client.create_bucket(Bucket=made["S3_BUCKET"])
    client.put_object(Bucket=made["S3_BUCKET"], Key="somebody/else's", Body=b"not one of ours")
    client.close()
    return made

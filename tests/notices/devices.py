"""A device that follows, as its browser and that browser's service know it."""

import base64
import json
import secrets
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SERVICE = "https://updates.push.services.mozilla.com/wpush/v2/"


def plain(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def point(key: EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def a_device(endpoint: str = "") -> dict[str, str]:
    """What a browser tells of a new device."""
    keys = {"p256dh": plain(point(generate_private_key(SECP256R1()))), "auth": plain(secrets.token_bytes(16))}
    return {"endpoint": endpoint or SERVICE + secrets.token_urlsafe(12), **keys}


@dataclass
class Message:
    """What arrived at the service: it can read the headers and not the body."""

    path: str
    headers: dict[str, str]
    body: bytes


class Service:
    """A service for messages on this machine, which answers what it is told to."""

    def __init__(self) -> None:
        self.got: list[Message] = []
        self.status, self.more = 201, {}
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                service.got.append(Message(self.path, headers, body))
                self.send_response(service.status)
                for name, value in service.more.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """The tests say what went wrong."""

        self.more: dict[str, str] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        self.key, self.secret = generate_private_key(SECP256R1()), secrets.token_bytes(16)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def device(self) -> dict[str, str]:
        """The one device of this service."""
        endpoint = f"{self.origin}/to/{secrets.token_urlsafe(8)}"
        return {"endpoint": endpoint, "p256dh": plain(point(self.key)), "auth": plain(self.secret)}

    def read(self, message: Message) -> dict[str, str]:
        """What only the device can read."""
        opened = http_ece.decrypt(message.body, private_key=self.key, auth_secret=self.secret)
        return dict(json.loads(opened))

    def end(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

"""What is let through to bolt: only what Slack has signed, of a size and shape that Slack sends.

Bolt reads the body before it checks the signature, and logs it when the check fails. So we check
first. https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import asyncio
import hmac
import json
from collections.abc import Callable
from hashlib import sha256
from urllib.parse import parse_qsl

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from handlers.slack.shape import is_command, is_payload

WINDOW_SECONDS = 300
LARGEST = 1024 * 1024
BODY_SECONDS = 5.0
_DIGITS = 11
"""More than any time or length needs. Python refuses to read numbers of thousands of digits."""


class Guard:
    """ASGI in front of bolt. `wall` is real time, in seconds since 1970; a body may take
    `body_seconds`."""

    def __init__(
        self,
        app: ASGIApp,
        signing_secret: str,
        wall: Callable[[], float],
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self._app = app
        self._secret = signing_secret.encode()
        self._wall = wall
        self._body_seconds = body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        refused = self._untimely(headers)
        body = b""
        if refused is None:
            body, refused = await self._body(headers, receive)
        refused = refused or self._unsigned(headers, body)
        shaped = _shaped(headers, body) if refused is None else None
        if shaped is not None:
            await self._app(scope, _replay(shaped, receive), send)
        else:
            refused = refused or PlainTextResponse("not of Slack's shape", 400)
            await refused(scope, receive, send)

    def _untimely(self, headers: dict[bytes, bytes]) -> PlainTextResponse | None:
        stamp = headers.get(b"x-slack-request-timestamp", b"")
        sent = _number(stamp)
        near = sent is not None and abs(self._wall() - sent) <= WINDOW_SECONDS
        return None if near else _unread("not signed in time", 401)

    async def _body(
        self, headers: dict[bytes, bytes], receive: Receive
    ) -> tuple[bytes, PlainTextResponse | None]:
        length = _number(headers.get(b"content-length", b"0"))
        if length is None or length > LARGEST:
            return b"", _unread("too large", 413)
        try:
            async with asyncio.timeout(self._body_seconds):
                return await _gathered(receive)
        except TimeoutError:
            return b"", _unread("too slow", 408)

    def _unsigned(self, headers: dict[bytes, bytes], body: bytes) -> PlainTextResponse | None:
        stamp = headers[b"x-slack-request-timestamp"]
        digest = hmac.new(self._secret, b"v0:" + stamp + b":" + body, sha256).hexdigest()
        given = headers.get(b"x-slack-signature", b"")
        if hmac.compare_digest(given, f"v0={digest}".encode()):
            return None
        return PlainTextResponse("not signed", 401)


def _unread(sentence: str, status: int) -> PlainTextResponse:
    """A refusal before the body's end. Without hanging up, the server would go on to take it in."""
    return PlainTextResponse(sentence, status, {"Connection": "close"})


def _number(digits: bytes) -> int | None:
    return int(digits) if digits.isdigit() and len(digits) <= _DIGITS else None


async def _gathered(receive: Receive) -> tuple[bytes, PlainTextResponse | None]:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b"", PlainTextResponse("gone", 400)
        body += message.get("body", b"")
        if len(body) > LARGEST:
            return b"", _unread("too large", 413)
        if not message.get("more_body", False):
            return bytes(body), None


def _shaped(headers: dict[bytes, bytes], body: bytes) -> bytes | None:
    """What Slack has sent, as JSON; None for what is not of its shape. Slack sends JSON objects,
    and forms with either a command or a payload of JSON.

    Bolt gets the JSON alone: it would take every form in which somebody has written the word
    "payload" for one with a payload, and decode what has been decoded here.
    """
    try:
        text = body.decode()
        if b"json" in headers.get(b"content-type", b"") or text.startswith("{"):
            return _payload(text)
        form = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=100))
        payload = form.get("payload")
        if payload is not None:
            return _payload(payload)
        return json.dumps(form).encode() if is_command(form) else None
    except (ValueError, RecursionError):
        return None


def _payload(text: str) -> bytes | None:
    return text.strip().encode() if is_payload(json.loads(text)) else None


def _replay(body: bytes, receive: Receive) -> Receive:
    """The body that was read, once more; after it whatever the connection brings."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return messages.pop() if messages else await receive()

    return replayed

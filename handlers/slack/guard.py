"""What is let through to our listeners: only what Slack has signed, of a size and shape that Slack
sends.

Bolt by itself reads the body before it checks the signature, and logs it when the check fails. So
we check first. https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import hmac
import logging
from binascii import a2b_qp
from collections.abc import Awaitable, Callable

from pydantic_core import from_json  # reads a form that was sent in a third of json's time
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from handlers.slack.shape import Object, is_command, is_payload

log = logging.getLogger(__name__)

WINDOW_SECONDS = 300
LARGEST = 1024 * 1024
MOST_FIELDS = 100
_DIGITS = 11
"""More than any time or length needs. Python refuses to read numbers of thousands of digits."""

COMPLAINS_EVERY = 60
"""Seconds. Somebody who tries the door a thousand times a second is not to fill the log."""

_UNTIMELY = (
    f"a request is refused that was signed over {WINDOW_SECONDS} seconds ago or ahead: this "
    "machine's clock is wrong, or somebody sends an old one again"
)
_UNSIGNED = (
    "a request is refused whose signature is not by our signing secret: SLACK_SIGNING_SECRET is "
    "wrong, or it is not from Slack"
)

Answer = Callable[[Object], Awaitable[Response]]
"""From what Slack has sent to what it is answered."""


class Guard:
    """ASGI in front of the listeners. `wall` is real time, in seconds since 1970. How long a body
    may take, the wire knows (`handlers/wire.py`)."""

    def __init__(self, answer: Answer, signing_secret: str, wall: Callable[[], float]) -> None:
        self._answer = answer
        self._secret = signing_secret.encode()
        self._wall = wall
        self._complained: dict[str, float] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        refused = self._untimely(headers)
        body = b""
        if refused is None:
            body, refused = await self._body(headers, receive)
        response = refused or self._unsigned(headers, body) or await self._answered(headers, body)
        await response(scope, receive, send)

    async def _answered(self, headers: dict[bytes, bytes], body: bytes) -> Response:
        sent = _shaped(headers, body)
        if sent is None:
            return PlainTextResponse("not of Slack's shape", 400)
        return await self._answer(sent)

    def _untimely(self, headers: dict[bytes, bytes]) -> PlainTextResponse | None:
        stamp = headers.get(b"x-slack-request-timestamp", b"")
        sent = _number(stamp)
        if sent is not None and abs(self._wall() - sent) <= WINDOW_SECONDS:
            return None
        self._complain(_UNTIMELY, headers)
        return _unread("not signed in time", 401)

    async def _body(
        self, headers: dict[bytes, bytes], receive: Receive
    ) -> tuple[bytes, PlainTextResponse | None]:
        length = _number(headers.get(b"content-length", b"0"))
        if length is None or length > LARGEST:
            return b"", _unread("too large", 413)
        return await _gathered(receive)

    def _unsigned(self, headers: dict[bytes, bytes], body: bytes) -> PlainTextResponse | None:
        stamp = headers[b"x-slack-request-timestamp"]
        digest = hmac.digest(self._secret, b"v0:" + stamp + b":" + body, "sha256").hex()
        given = headers.get(b"x-slack-signature", b"")
        if hmac.compare_digest(given, f"v0={digest}".encode()):
            return None
        self._complain(_UNSIGNED, headers)
        return PlainTextResponse("not signed", 401)

    def _complain(self, sentence: str, headers: dict[bytes, bytes]) -> None:
        """Of what claims to be from Slack: a wrong secret would show nowhere else."""
        now = self._wall()
        lately = abs(now - self._complained.get(sentence, 0)) < COMPLAINS_EVERY
        if b"x-slack-signature" in headers and not lately:
            self._complained[sentence] = now
            log.warning(sentence)


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


def _shaped(headers: dict[bytes, bytes], body: bytes) -> Object | None:
    """What Slack has sent; None for what is not of its shape. Slack sends JSON objects, and forms
    with either a command or a payload of JSON.

    Bolt is handed what has been read here: by itself it would take every form in which somebody
    has written the word "payload" for one with a payload.
    """
    try:
        text = body.decode()
        if b"json" in headers.get(b"content-type", b"") or text.startswith("{"):
            return _payload(text)
        form = form_of(text)
        payload = form.get("payload")
        if payload is not None:
            return _payload(payload)
        return form if is_command(form) else None
    except (ValueError, RecursionError):
        return None


def form_of(text: str) -> dict[str, str]:
    """A form's fields (application/x-www-form-urlencoded). Raises ValueError for one with many
    more fields than Slack sends, and for what is not text."""
    pairs = text.split("&", MOST_FIELDS)
    if len(pairs) > MOST_FIELDS:
        raise ValueError("too many fields")
    named = (pair.partition("=") for pair in pairs)
    return {_unquoted(name): _unquoted(value) for name, _, value in named}


def _unquoted(quoted: str) -> str:
    # Python decodes %XX letter by letter, in 0.3 ms for a form; and =XX, as in e-mails, in C.
    as_in_mails = quoted.replace("=", "=3D").replace("+", " ").replace("%", "=")
    return a2b_qp(as_in_mails).decode()


def _payload(text: str) -> Object | None:
    sent: Object = from_json(text)
    return sent if is_payload(sent) else None

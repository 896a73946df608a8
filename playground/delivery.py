"""Sending to the app: signed HTTP at its request URL, or an envelope over Socket Mode.

Sources: docs.slack.dev, "Verifying requests from Slack", "Events API" (retries).
"""

import hashlib
import hmac
import json
import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
from starlette.websockets import WebSocketDisconnect

from playground.schema import Json
from playground.socket_mode import Connection, Sockets
from playground.world import World

COMMAND, INTERACTION, EVENT = "slash_commands", "interactive", "events_api"
ANSWER_SECONDS = 3.0
RETRIES = 3
_OK = 200


@dataclass(frozen=True, slots=True)
class Delivery:
    """`kind` is Socket Mode's name for it."""

    kind: str
    payload: Json

    def encoded(self) -> tuple[bytes, str]:
        """The HTTP body and its content type."""
        if self.kind == EVENT:
            return json.dumps(self.payload).encode(), "application/json"
        form = self.payload if self.kind == COMMAND else {"payload": json.dumps(self.payload)}
        return urlencode(form).encode(), "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Answer:
    """`error` is Slack's name for what went wrong: operation_timeout or dispatch_failed."""

    status: int = 0
    body: Any = None
    error: str = ""
    no_retry: bool = False


def signature(secret: str, timestamp: str, body: bytes) -> str:
    signed = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


class Courier:
    """Delivers to `request_url`, or over a socket when there is no such URL."""

    def __init__(self, world: World, answer_seconds: float = ANSWER_SECONDS) -> None:
        self.world = world
        self.request_url: str | None = None
        self.sockets = Sockets(world)
        self.answer_seconds = answer_seconds
        self.sent: list[Delivery] = []
        # On loopback there is no TLS, and to load the world's certificates takes 25 ms.
        bare = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._http = httpx.Client(timeout=answer_seconds, trust_env=False, verify=bare)

    def close(self) -> None:
        self._http.close()

    def send(self, kind: str, payload: Json) -> Answer:
        """Delivers once; an event again, up to three times, until it is answered with 200."""
        delivery = Delivery(kind, payload)
        self.sent.append(delivery)
        answer = self._attempt(delivery, 0)
        for retry in range(1, RETRIES + 1):
            if kind != EVENT or not answer.error or answer.no_retry:
                break
            answer = self._attempt(delivery, retry, answer.error)
        return answer

    def redeliver_last(self, times: int = 1, *, retry_num: bool = True) -> list[Answer]:
        """The last delivery again, with or without Slack's retry headers."""
        last = self.sent[-1]
        return [self._attempt(last, n if retry_num else 0) for n in range(1, times + 1)]

    def _attempt(self, delivery: Delivery, retry: int, reason: str = "operation_timeout") -> Answer:
        why = "http_timeout" if reason == "operation_timeout" else "http_error"
        if self.request_url is not None:
            headers = {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": why}
            return self._post(self.request_url, delivery, headers if retry else {})
        if self.sockets.newest is None:
            return Answer(error="dispatch_failed")
        return self._over_socket(self.sockets.newest, delivery, retry)

    def _post(self, url: str, delivery: Delivery, extra: dict[str, str]) -> Answer:
        body, content_type = delivery.encoded()
        headers = self.signed_headers(body, content_type) | extra
        try:
            return _understood(self._http.post(url, content=body, headers=headers))
        except httpx.TimeoutException:
            return Answer(error="operation_timeout")
        except httpx.HTTPError:
            return Answer(error="dispatch_failed")

    def signed_headers(self, body: bytes, content_type: str) -> dict[str, str]:
        timestamp = str(int(self.world.wall()))
        return {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self.world.app.signing_secret, timestamp, body),
        }

    def _over_socket(self, connection: Connection, delivery: Delivery, retry: int) -> Answer:
        envelope: Json = {
            "envelope_id": self.world.new_id("env-"),
            "type": delivery.kind,
            "payload": delivery.payload,
            "accepts_response_payload": delivery.kind != EVENT,
        }
        if delivery.kind == EVENT:
            envelope |= {"retry_attempt": retry, "retry_reason": "timeout" if retry else ""}
        try:
            ack = connection.ask(envelope, self.answer_seconds)
        except TimeoutError:
            return Answer(error="operation_timeout")
        except (RuntimeError, WebSocketDisconnect):
            return Answer(error="dispatch_failed")
        return Answer(_OK, ack.get("payload"))

    def verify_url(self) -> bool:
        """Slack's check of a new request URL: it must echo the challenge."""
        challenge = self.world.new_id("challenge-")
        token = self.world.app.verification_token
        payload = {"token": token, "challenge": challenge, "type": "url_verification"}
        answer = self._attempt(Delivery(EVENT, payload), 0)
        said = answer.body.get("challenge") if isinstance(answer.body, dict) else answer.body
        return said == challenge


def _understood(response: httpx.Response) -> Answer:
    no_retry = response.headers.get("x-slack-no-retry") == "1"
    if response.status_code != _OK:
        return Answer(response.status_code, error="dispatch_failed", no_retry=no_retry)
    if "json" not in response.headers.get("content-type", ""):
        return Answer(_OK, response.text)
    try:
        return Answer(_OK, response.json())
    except ValueError:
        return Answer(_OK, response.text)

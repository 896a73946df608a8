"""Workers that may die anywhere, and a Slack in reach that makes trouble whenever it can."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.message import Message as Headers
from http.client import RemoteDisconnected
from io import BytesIO
from random import Random
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl
from urllib.request import Request

from slack_sdk import WebClient

from bot.ledger.engine import Engines
from bot.ledger.store import Books, Ledger
from playground.api import call
from playground.faults import Canned, Fault
from playground.web import _delay
from playground.world import World
from tests.fakes import Killed

POST, HISTORY, OPEN = "chat.postMessage", "conversations.history", "conversations.open"


@dataclass
class Fate:
    """Kills with a chance, wherever it is asked; counts where."""

    random: Random
    chance: float
    killed: Counter[str] = field(default_factory=Counter)

    def __call__(self, where: str) -> None:
        if self.random.random() < self.chance:
            self.killed[where] += 1
            raise Killed(where)


class MortalLedger(Ledger):
    """Whoever writes in it may die before it is saved, while it is, and after."""

    def __init__(self, engines: Engines, fate: Fate) -> None:
        super().__init__(engines)
        self._fate = fate

    def write(self, work: Callable[[Books], Any]) -> Any:
        def mortal(books: Books) -> Any:
            answer = work(books)
            self._fate("while saving")
            return answer

        self._fate("before saving")
        answer = super().write(mortal)
        self._fate("after saving")
        return answer


class MortalClient(WebClient):
    """The SDK's client. Whoever asks may die before Slack hears of it, and after."""

    def __init__(self, world: World, fate: Fate) -> None:
        super().__init__(
            world.app.bot_token, f"{world.base_url or 'http://slack'}/api/", retry_handlers=[]
        )
        self._fate = fate

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        self._fate("before Slack hears")
        answer = self._asked(url, req)
        self._fate("after Slack has done it")
        return answer

    def _asked(self, url: str, req: Request) -> dict[str, Any]:
        return super()._perform_urllib_http_request_internal(url, req)


TROUBLES = (
    (20, Fault.dropped_before()),
    (40, Fault.dropped_after()),
    (20, Fault.failed_before(503)),
    (40, Fault.failed_after(500)),
    (40, Fault.fatal_error()),
    (20, Fault.refused("internal_error")),
    (20, Fault.html(502)),
    (20, Fault.html(200)),
    (10, Fault.rate_limited("3")),
    (2, Fault.rate_limited("soon")),
    (2, Fault.rate_limited("-5")),
    (1, Fault.rate_limited("9" * 400)),
)
"""How often each comes. Those that have Slack keep the whole workspace waiting are rare, so that
there is something to be killed at."""


@dataclass
class Mischief:
    """Which fault, if any, the next call of a method meets. A message that Slack has taken may be
    up to `latest` seconds late in its history: it is left alone for longer than that before it is
    looked for."""

    random: Random
    clock: Callable[[], Any]
    chance: float = 0.5
    latest: float = 55

    def __call__(self, method: str, _channel: str = "") -> Fault:
        fault = self._trouble() if self.random.random() < self.chance else Fault()
        if method != POST or self.random.random() >= self.chance:
            return fault
        late = timedelta(seconds=self.random.uniform(0, self.latest))
        return replace(fault, lands_at=self.clock() + late)

    def _trouble(self) -> Fault:
        weights, faults = zip(*TROUBLES, strict=True)
        return self.random.choices(faults, weights)[0]


@dataclass(frozen=True, slots=True)
class Call:
    """A call that reached Slack, and what it was answered."""

    method: str
    channel: str
    at: datetime
    answer: Canned

    @property
    def too_fast(self) -> bool:
        """Whether Slack itself says so: the faults spell their JSON without a space."""
        return '"error": "ratelimited"' in self.answer.body


class SlackInReach(MortalClient):
    """The SDK's client, with a stand-in Slack where the network would be."""

    def __init__(
        self,
        world: World,
        fate: Fate,
        meets: Callable[[str, str], Fault],
        notes: Callable[["Call"], object],
    ) -> None:
        super().__init__(world, fate)
        self._world, self._meets, self._notes = world, meets, notes

    def _asked(self, url: str, req: Request) -> dict[str, Any]:
        method = url.rstrip("/").rpartition("/")[2]
        given = _given(req)
        channel = str(given.get("channel"))
        answer = self._canned(self._meets(method, channel), method, given)
        self._notes(Call(method, channel, self._world.clock(), answer))
        if answer.dropped:
            raise RemoteDisconnected
        if answer.status >= 400:
            body = BytesIO(answer.body.encode())
            raise HTTPError(url, answer.status, "trouble", _headers(answer), body)
        return {"status": answer.status, "headers": _headers(answer), "body": answer.body}

    def _canned(self, fault: Fault, method: str, given: dict[str, Any]) -> Canned:
        if fault.answer and not fault.accepted:
            return fault.answer
        with self._world.lock:
            answer = call(self._world, method, given, self._world.app.bot_token)
            _delay(self._world, answer, (fault,))
        limited = answer.get("error") == "ratelimited"
        own = Canned(429 if limited else 200, json.dumps(answer), headers=(("Retry-After", "1"),))
        return fault.answer or own


def _given(request: Request) -> dict[str, Any]:
    data = bytes(request.data or b"")
    if "json" in (request.get_header("Content-type") or ""):
        return dict(json.loads(data))
    return dict(parse_qsl(data.decode(), keep_blank_values=True))


def _headers(answer: Canned) -> Headers:
    headers = Headers()
    for name, value in {"Content-Type": answer.content_type, **dict(answer.headers)}.items():
        headers[name] = value
    return headers


def told(killed: Counter[str]) -> str:
    """How often workers were killed, and where."""
    where = ", ".join(f"{count:,} {where}" for where, count in sorted(killed.items()))
    return f"{killed.total():,} kills ({where})"

"""Filled-in forms as Slack sends them, by the thousand, and somebody who delivers them."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from string import ascii_lowercase
from typing import Self, TypeVar

import aiohttp

from handlers.slack.forms import ACTION
from playground import form, payloads
from playground.delivery import INTERACTION, Delivery
from playground.town import Somebody, Town
from playground.world import OpenView

T = TypeVar("T")

FIRST_DAY = date(2026, 1, 1)
LONG_AFTER = datetime(2095, 1, 1, 12, tzinfo=UTC)
"""A moment with more than 25,000 days before it on which workshops may have been held."""


@dataclass(frozen=True)
class Submissions:
    """Workshops that somebody reports, told by number; no two of them look like one event: one a
    day, each municipality in its turn."""

    town: Town
    view: OpenView = field(repr=False)

    @classmethod
    def by(cls, town: Town, somebody: Somebody) -> Self:
        """From the form that the bot opens for somebody whom it knows."""
        person = town.person(somebody)
        person.types("/bro settings")
        person.submits()
        person.types("/workshop")
        return cls(town, town.world.stacks[person.id][-1])

    def title(self, number: int) -> str:
        letters = Random(number).choices(ascii_lowercase, k=20)
        return f"{''.join(letters)} {number}"

    def delivery(self, number: int) -> Delivery:
        """The same each time it is asked for but for what Slack makes anew."""
        view = OpenView({**self.view.body, "id": f"V{number:010}"}, self.view.user)
        view.values = {block: dict(state) for block, state in self.view.values.items()}
        codes = self.town.desk.setup.plan.member_codes
        held_on = FIRST_DAY + timedelta(days=number)
        answers = {
            "title": self.title(number),
            "held_on": held_on,
            "members": [codes[number % len(codes)]],
            "theme": "service",
        }
        for block, words in answers.items():
            element = form.element_at(view.body["blocks"], block, ACTION)
            form.put(view, block, ACTION, form.from_words(element, block, words))
        return Delivery(INTERACTION, payloads.submission(self.town.world, view))


Reply = tuple[int, str]
"""Status and body."""

TAKEN: Reply = (200, '{"response_action": "clear"}')

SOON_GIVEN_UP = 0.5
"""Seconds that a killed process is waited for where nothing says that it was: in Socket Mode."""

LONGEST_ANSWER = 10.0
"""Seconds after which a request counts as unanswered, on whatever machine."""


class Sender:
    """Delivers signed requests over a few connections that are kept open."""

    def __init__(self, town: Town, url: str, connections: int) -> None:
        self._courier = town.slack.courier
        self._url = url
        self._connections = connections

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(limit=self._connections)
        patience = aiohttp.ClientTimeout(total=LONGEST_ANSWER)
        self._http = aiohttp.ClientSession(connector=connector, timeout=patience)
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._http.close()

    async def send(self, delivery: Delivery) -> Reply:
        """Signed by Slack. Raises aiohttp.ClientError where there is no answer."""
        body, content_type = delivery.encoded()
        return await self.post(body, self._courier.signed_headers(body, content_type))

    async def post(self, body: bytes, headers: Mapping[str, str]) -> Reply:
        async with self._http.post(self._url, data=body, headers=headers) as answer:
            return answer.status, await answer.text()


class SocketSender:
    """The same over Socket Mode: to whichever process has connected last."""

    def __init__(self, town: Town) -> None:
        self._slack = town.slack

    async def __aenter__(self) -> Self:
        self._slack.request_url = None
        self._slack.courier.answer_seconds = SOON_GIVEN_UP
        return self

    async def __aexit__(self, *_error: object) -> None:
        """The town keeps its Slack for itself."""

    async def send(self, delivery: Delivery) -> Reply:
        """Raises aiohttp.ClientError where there is no answer."""
        return await asyncio.to_thread(self._send, delivery)

    def _send(self, delivery: Delivery) -> Reply:
        self._slack.sockets.wait_connected(LONGEST_ANSWER)
        answer = self._slack.courier._attempt(delivery, 0)
        if answer.error:
            raise aiohttp.ClientError(answer.error)
        return answer.status, json.dumps(answer.body)


async def each(work: Callable[[T], Awaitable[None]], several: Iterable[T], at_once: int) -> None:
    """`work` done with every one, some at a time."""
    waiting = iter(several)

    async def worker() -> None:
        for one in waiting:
            await work(one)

    await asyncio.gather(*(worker() for _ in range(at_once)))

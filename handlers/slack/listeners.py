"""What Slack sends, handed to the commands, and what they answer, handed back.

One listener per kind of request; which command, button or form it is, our own tables know. Nothing
is decided here. Everything is committed before Slack is told so: the listeners run to their end
before the response.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar

from aiohttp import ClientError
from slack_bolt.async_app import AsyncBoltRequest
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.forms import unpacked
from bot.language import N_, Language, language
from bot.ledger.patience import left, somebody_waits
from bot.ledger.store import LedgerBusyError, LedgerUnsureError
from bot.outcomes import Open, Outcome, Refuse, Replace, Show
from bot.pages import Page, said
from bot.people import Person, Profile
from handlers.commands import About, Answered, Commands, busy
from handlers.slack.answers import TAKEN, Body, Response, held_back, of_form
from handlers.slack.forms import PREFIX, answers_of, page_view, view_of
from handlers.slack.gate import Gate, HeldBackError, user_of
from handlers.slack.pages import blocks_of, text_of

log = logging.getLogger(__name__)

GRACE = 0.2
"""Seconds beyond the deadline: a database that keeps to it says more exactly what became of it."""

WEBHOOK_SECONDS = 2
"""Slack waits three for the answer to a button."""

TOO_LATE = N_("The form could not be opened in time. Nothing was lost: try again.")
UNEXPECTED = N_(
    "Something went wrong on our side. If it happens again, give an admin this id: {id}"
)

T = TypeVar("T")
Listener = Callable[[Body], Awaitable[Response]]


class Run(Protocol):
    """How what blocks is done beside the event loop."""

    def __call__(self, work: Callable[[], T], /) -> Awaitable[T]: ...


class Listeners(AsyncMiddleware):
    """The conversation with Slack. `new_id` makes the short ids that lead to the log.

    The listener is found in a table. Bolt would try its listeners one by one, and put some thirty
    arguments together for each that it tries: with these six, four fifths of the time that an
    event takes.
    """

    def __init__(
        self, commands: Commands, client: AsyncWebClient, gate: Gate, new_id: Callable[[], str]
    ) -> None:
        self._commands = commands
        self._client = client
        self._gate = gate
        self._new_id = new_id
        self._of_interactions: Mapping[str, Listener] = {
            "view_submission": self.on_view,
            "block_actions": self.on_action,
        }
        self._of_events: Mapping[str, Listener] = {
            "app_home_opened": self.on_home,
            "message": self.on_message,
        }

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - the signature is bolt's
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - so is the name
    ) -> BoltResponse | None:
        """The middleware that bolt calls with each request. What is none of ours is left to it."""
        told = await self.answer(req.body)
        return await next() if told is None else BoltResponse(status=200, body=told)

    async def answer(self, body: Body) -> Response | None:
        """None for what is none of ours, as Slack's question whether the address is."""
        listener = self._listener(body)
        return await listener(body) if listener else None

    def _listener(self, body: Body) -> Listener | None:
        if "command" in body:
            return self.on_command
        if "event" in body:
            return self._of_events.get(body["event"]["type"], self.on_other_event)
        return self._of_interactions.get(body.get("type", ""))

    # --- What Slack sends

    async def on_command(self, body: Body) -> Response:
        command, words = body["command"].removeprefix("/"), _unescaped(body.get("text", ""))

        def work(person: Person) -> Outcome:
            return self._commands.say(person, command, words)

        async def answer(person: Person, outcome: Outcome) -> Response:
            return await self._answer_command(outcome, person, body)

        return await self._guarded(body, work, answer, _sentence)

    async def on_view(self, body: Body) -> Response:
        def work(person: Person) -> Outcome:
            view = body["view"]
            form, about = unpacked(view["private_metadata"])
            answers = answers_of(view["state"]["values"])
            answered = Answered(form, answers, About(about), f"{PREFIX}view:{view['id']}")
            return self._commands.submit(person, answered)

        async def answer(person: Person, outcome: Outcome) -> Response:
            return of_form(outcome, person, body)

        async def refuse(sentence: str) -> Response:
            return held_back(sentence, body)

        # As `view_of` has written it. What is done the form itself says; by this, only where.
        form = body["view"].get("callback_id", "")
        run = self._commands.together if self._commands.is_report(form) else asyncio.to_thread
        return await self._guarded(body, work, answer, refuse, _InTime(run))

    async def on_action(self, body: Body) -> Response:
        def work(person: Person) -> Outcome:
            pressed = body["actions"][0]
            verb = pressed["action_id"].rpartition(".")[0]
            about = {str(k): str(v) for k, v in json.loads(pressed.get("value") or "{}").items()}
            return self._commands.press(person, verb, about)

        async def answer(person: Person, outcome: Outcome) -> Response:
            await self._answer_action(outcome, person, body)
            return TAKEN

        async def refuse(sentence: str) -> Response:
            await self._hold_back(sentence, body)
            return TAKEN

        return await self._guarded(body, work, answer, refuse, _InTime(asyncio.to_thread))

    async def on_home(self, body: Body) -> Response:
        if body["event"].get("tab") != "home":
            return TAKEN
        return await self._guarded(body, self._commands.home, self._publish, _say_nothing)

    async def on_message(self, body: Body) -> Response:
        """What somebody writes to us; not what we said ourselves, nor edits and the like."""

        event = body["event"]
        words = str(event.get("text") or "")

        def work(person: Person) -> None:
            self._commands.hear(person, body["event_id"], words)

        is_written = event.get("channel_type") == "im" and not event.get("subtype")
        if not is_written or event.get("bot_id"):
            return TAKEN
        return await self._guarded(body, work, _no_answer, _say_nothing)

    async def on_other_event(self, _body: Body) -> Response:
        """Taken and left: Slack repeats what is not answered."""
        return TAKEN

    # --- Outcomes

    async def _answer_command(self, outcome: Outcome, person: Person, body: Body) -> Response:
        match outcome:
            case Open(form=form):
                view = view_of(form, language(person.language))
                await self._client.views_open(trigger_id=body["trigger_id"], view=view)
                return TAKEN
            case Show(page=page) | Replace(page=page):
                return {"text": text_of(page), "blocks": blocks_of(page)}
            case Refuse(sentence=sentence):
                page = said(sentence)
                return {"text": text_of(page), "blocks": blocks_of(page)}
            case _:
                return TAKEN

    async def _answer_action(self, outcome: Outcome, person: Person, body: Body) -> None:
        match outcome:
            case Open(form=form):
                await self._open(view_of(form, language(person.language)), body)
            case Show(page=page):
                await self._show(page, person, body, replace=False)
            case Replace(page=page):
                await self._show(page, person, body, replace=True)
            case Refuse(sentence=sentence):
                await self._show(said(sentence), person, body, replace=False)

    async def _show(self, page: Page, person: Person, body: Body, *, replace: bool) -> None:
        """In the conversation if there is one; else on a modal, and Home made anew."""
        view = body.get("view")
        if view is None:
            await self._say(page, body, replace=replace)
        elif view["type"] == "home" and replace:
            await self._publish_home(person)
        elif view["type"] == "modal":
            drawn = page_view(page, language(person.language))
            await self._client.views_update(view_id=view["id"], view=drawn)
        else:
            await self._open(page_view(page, language(person.language)), body)

    async def _open(self, view: dict[str, Any], body: Body) -> None:
        above = body.get("view", {}).get("type") == "modal"
        open_view = self._client.views_push if above else self._client.views_open
        await open_view(trigger_id=body["trigger_id"], view=view)

    async def _say(self, page: Page, body: Body, *, replace: bool) -> None:
        if not body.get("response_url"):
            return
        webhook = AsyncWebhookClient(body["response_url"], timeout=WEBHOOK_SECONDS)
        # Only the one who pressed sees it, unless it takes the place of what they pressed.
        try:
            answer = await webhook.send(
                text=text_of(page),
                blocks=blocks_of(page),
                response_type="ephemeral",
                replace_original=replace,
            )
            status = str(answer.status_code)
        except (OSError, TimeoutError, ClientError) as error:
            status = type(error).__name__
        if status != "200":  # what was pressed has been done all the same
            log.warning("an answer to a button did not arrive: %s", status)

    async def _hold_back(self, sentence: str, body: Body) -> None:
        """Where there is no conversation to say it in, it is laid over what is open."""
        try:
            if "view" in body:
                await self._open(page_view(said(sentence), language("sv")), body)
            else:
                await self._say(said(sentence), body, replace=False)
        except (SlackApiError, ClientError, OSError, TimeoutError) as error:
            log.warning("a refusal did not arrive: %s", type(error).__name__)

    async def _publish_home(self, person: Person) -> None:
        await self._publish(person, await asyncio.to_thread(self._commands.home, person))

    async def _publish(self, person: Person, page: Page) -> Response:
        home = {"type": "home", "blocks": blocks_of(page)}
        await self._client.views_publish(user_id=person.id.removeprefix(PREFIX), view=home)
        return TAKEN

    # --- Who, and what when it goes wrong

    async def _done(self, visit: "_Visit", user: str, work: Callable[[Person], T], run: "Run") -> T:
        """What comes of the work of somebody, who is met first if need be. Both at one go: to wake
        a thread once more costs more than a look at the ledger."""
        person_id = f"{PREFIX}{user}"

        def of_somebody_known() -> tuple[T] | None:
            # It may be run a second time (`Ledger.whole`).
            person = self._commands.find(person_id)
            if person is None or not person.email:
                return None
            visit.person = person
            return (work(person),)

        done = await run(of_somebody_known)
        if done is None:
            answer = await self._client.users_info(user=user)
            await self._gate.admit_newcomer(answer["user"])
            profile = _profile(person_id, answer["user"])
            visit.person = await asyncio.to_thread(self._commands.meet, profile)
            done = (await run(partial(work, visit.person)),)
        return done[0]

    async def _guarded(
        self,
        body: Body,
        work: Callable[[Person], T],
        answer: Callable[[Person, T], Awaitable[Response]],
        refuse: Callable[[str], Awaitable[Response]],
        run: "Run" = asyncio.to_thread,
    ) -> Response:
        """Have the work done, and answer. The one place for what nobody expected: an id for the
        person, the trace in the log."""
        visit = _Visit()
        try:
            await self._gate.admit(body)
            with somebody_waits():
                done = await self._done(visit, user_of(body), work, run)
                return await answer(visit.known, done)
        except HeldBackError as held:
            return await refuse(visit.voice.t(held.sentence))
        except LedgerBusyError as error:
            return await refuse(visit.voice.t(busy(error)))
        except Exception as error:
            if _is_too_late(error):
                return await refuse(visit.voice.t(TOO_LATE))
            error_id = self._new_id()
            log.exception("unexpected error %s", error_id, extra={"error_id": error_id})
            return await refuse(visit.voice.t(UNEXPECTED, id=error_id))


@dataclass(slots=True)
class _Visit:
    """One request, and who has made it, once that is known."""

    person: Person | None = None

    @property
    def known(self) -> Person:
        assert self.person is not None
        return self.person

    @property
    def voice(self) -> Language:
        return language(self.person.language if self.person else "sv")


@dataclass(frozen=True, slots=True)
class _InTime:
    """A run of what writes. Raises LedgerUnsureError when it is not done as long as somebody waits,
    as on a disk that takes seconds for a commit: it goes on, and nobody can take it back."""

    run: Run

    async def __call__(self, work: Callable[[], T], /) -> T:
        limit = asyncio.timeout(max(0.0, left()) + GRACE)
        try:
            async with limit:
                return await self.run(work)
        except TimeoutError:
            if limit.expired():
                raise LedgerUnsureError from None
            raise


async def _sentence(sentence: str) -> Response:
    return sentence


async def _no_answer(_person: Person, _done: None) -> Response:
    """What is said to it is said by the outbox."""
    return TAKEN


async def _say_nothing(_sentence: str) -> Response:
    """Home has no place for it: it stays as it was, and the log has the id."""
    return TAKEN


def _is_too_late(error: Exception) -> bool:
    """Slack takes a form for three seconds after the command or the press.
    https://docs.slack.dev/surfaces/modals#trigger_id"""
    answer = (
        getattr(error.response, "data", error.response) if isinstance(error, SlackApiError) else {}
    )
    # A proxy may have answered, with a page.
    refused = answer.get("error") if isinstance(answer, dict) else None
    return refused in {"expired_trigger_id", "trigger_expired", "exchanged_trigger_id"}


def _profile(person_id: str, user: Body) -> Profile:
    profile = user.get("profile", {})
    name = profile.get("real_name") or user.get("real_name") or user.get("name") or "?"
    return Profile(person_id, name, (profile.get("email") or "").lower())


def _unescaped(words: str) -> str:
    """Slack escapes three characters in what people type.
    https://docs.slack.dev/messaging/formatting-message-text#escaping"""
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")

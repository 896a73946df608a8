"""The Web API: who may call which method, and what it answers.

Methods register themselves with `@method`; `call` is the whole API without HTTP.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playground.errors import SlackError
from playground.schema import Json, Problem
from playground.world import Channel, World


@dataclass(frozen=True, slots=True)
class Args:
    """A call's arguments, which arrive as JSON values or as form strings."""

    given: Json

    def text(self, name: str) -> str:
        value = self.given.get(name)
        return "" if value is None else str(value)

    def needed(self, name: str) -> str:
        """Raises SlackError invalid_arguments when it is missing."""
        if not self.text(name):
            raise SlackError("invalid_arguments", problems=[Problem(_MISSING + name, "/" + name)])
        return self.text(name)

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in {"1", "true"}

    def number(self, name: str, default: int) -> int:
        text = self.text(name)
        if text and not text.isdigit():
            raise SlackError("invalid_arguments")
        return int(text) if text else default

    def json(self, name: str) -> Any:
        """A nested value. Raises SlackError invalid_arguments for a string that is not JSON."""
        value = self.given.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError as error:
            raise SlackError("invalid_arguments") from error


_MISSING = "missing required field: "

Handler = Callable[[World, Args], Json]


@dataclass(frozen=True, slots=True)
class Method:
    """`scope` is the one the bot needs, or "" when any token will do."""

    handler: Handler
    scope: str
    token: str


METHODS: dict[str, Method] = {}


def method(name: str, scope: str = "", token: str = "bot") -> Callable[[Handler], Handler]:  # noqa: S107 - a kind of token
    """`token` is the kind that the method takes: "bot", "app" or "none"."""

    def register(handler: Handler) -> Handler:
        METHODS[name] = Method(handler, scope, token)
        return handler

    return register


def call(world: World, name: str, given: Json, token: str) -> Json:
    """One call of the Web API. Refusals are answers with `ok` false, never exceptions."""
    with world.lock:
        try:
            return {"ok": True, **_called(world, name, given, token)}
        except SlackError as error:
            return error.reply()


def _called(world: World, name: str, given: Json, token: str) -> Json:
    wanted = METHODS.get(name)
    if wanted is None:
        raise SlackError("unknown_method", req_method=name)
    _check_token(world, wanted, token)
    if wanted.scope:
        need_scope(world, wanted.scope)
    return wanted.handler(world, Args(given))


def _check_token(world: World, wanted: Method, token: str) -> None:
    if wanted.token == "none":  # noqa: S105 - a kind of token
        return
    if not token:
        raise SlackError("not_authed")
    if token not in {world.app.bot_token, world.app.app_token}:
        raise SlackError("invalid_auth")
    if (token == world.app.app_token) != (wanted.token == "app"):  # noqa: S105 - a kind of token
        raise SlackError("not_allowed_token_type")


def need_scope(world: World, scope: str) -> None:
    if scope not in world.app.scopes:
        provided = ",".join(sorted(world.app.scopes))
        raise SlackError("missing_scope", needed=scope, provided=provided)


def readable(world: World, args: Args, action: str) -> Channel:
    """The conversation that is asked for, if the bot may do `action` ("read", "history") to it.

    Raises SlackError: channel_not_found, missing_scope, not_in_channel.
    """
    channel = world.channels.get(args.needed("channel"))
    if channel is None:
        raise SlackError("channel_not_found")
    need_scope(world, f"{'im' if channel.is_dm else 'channels'}:{action}")
    if action == "history" and world.bot.id not in channel.members:
        raise SlackError("not_in_channel")
    return channel

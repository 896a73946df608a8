"""The least that Slack must allow: each scope is needed by something the code does, and none is
missing. What needs which scope stands on each method's and event's page:
https://docs.slack.dev/reference/methods, https://docs.slack.dev/reference/events
"""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.reports import kinds
from handlers.slack.manifest import SCOPES, slack_manifest
from playground.api import METHODS, call
from playground.world import World

HANDLERS = Path(__file__).parents[3] / "handlers"
HISTORY = {"channels:history", "groups:history", "im:history"}
"""One for each kind of conversation that is looked through: the channel of the digest may be
public or private, people are spoken to in direct messages."""

NEEDED_BY_METHODS = {
    "apps_connections_open": set(),  # an app-level token's connections:write
    "api_test": set(),  # asked without a token, to see whether Slack is reached
    "auth_test": set(),
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_history": HISTORY,
    "conversations_open": {"im:write"},
    "conversations_replies": HISTORY,
    "files_upload_v2": {"files:write"},
    "users_info": {"users:read", "users:read.email"},  # the second for the address in it
    "views_open": set(),
    "views_publish": set(),
    "views_push": set(),
    "views_update": set(),
}
NEEDED_BY_EVENTS = {"app_home_opened": set(), "message.im": {"im:history"}}
NEEDED_BY_COMMANDS = {"commands"}
CALL = re.compile(r"\b_?client\.([a-z]+_[a-zA-Z0-9_]+)")


def called() -> set[str]:
    sources = (path.read_text() for path in HANDLERS.rglob("*.py"))
    return {name for source in sources for name in CALL.findall(source)}


def test_every_method_that_is_called_has_its_scopes_and_none_is_named_that_is_not_called():
    assert called() == set(NEEDED_BY_METHODS)


def test_the_manifest_asks_for_what_is_needed_and_for_nothing_else():
    needed = set().union(
        *NEEDED_BY_METHODS.values(), *NEEDED_BY_EVENTS.values(), NEEDED_BY_COMMANDS
    )
    assert set(SCOPES) == needed


def test_every_scope_has_a_reason_in_the_manifest():
    manifest = slack_manifest(kinds(), "https://bot.example.se")
    for scope in SCOPES:
        assert re.search(rf"- {scope}  # \w.{{10,}}", manifest), scope


def test_the_manifest_subscribes_to_the_events_that_are_listened_to_and_no_others():
    events = re.search(r"bot_events: \[([^]]+)\]", slack_manifest(kinds(), ""))[1]
    assert set(events.split(", ")) == set(NEEDED_BY_EVENTS)


@pytest.mark.parametrize("scope", ["chat:write", "files:write", "im:write", "users:read"])
def test_the_stand_in_refuses_what_a_missing_scope_forbids(clock, scope):
    world = World(clock=clock, monotonic=lambda: 0.0, wall=lambda: 0.0)
    world.app = replace(world.app, scopes=world.app.scopes - {scope})
    for name, method in METHODS.items():
        if method.scope == scope:
            answer = call(world, name, {}, world.app.bot_token)
            assert (answer["error"], answer["needed"]) == ("missing_scope", scope), name

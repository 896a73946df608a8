"""What the bot needs of Slack: a token that works, its scopes, its channel, the same clock."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.doctor import Finding
from handlers.slack.manifest import SCOPES

CLOCKS_DIFFER = timedelta(minutes=1)
"""Slack's requests are refused when they seem five minutes old: one is a warning in good time.
https://docs.slack.dev/authentication/verifying-requests-from-slack"""

SECRETS_SHAPE = re.compile("[0-9a-f]{32}")
"""What Slack hands out today. It promises no more than a string, and its own example has other
letters too, so another shape is worth a second look and no reason not to start."""

UNREACHED = (SlackClientError, HTTPException, OSError, ValueError)
"""The connection broke, or the answer was none. Only its kind is told: the text may hold what was
sent."""
REACH = "See that this machine reaches Slack (a proxy? SLACK_API_URL?)."


def slack_findings(client: WebClient, channel: str, now: datetime) -> Iterator[Finding]:
    """`channel` is the id of the one that gets the digest; empty where it is not known."""
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        remedy = "Copy the bot token anew from “OAuth & Permissions”; install the app if needed."
        yield Finding("Bot token", _name(error), remedy)
        yield from _clock(error.response, now)
        return
    except UNREACHED as error:
        yield Finding("Slack", type(error).__name__, REACH)
        return
    yield Finding("Bot token", f"{answer['user']} in {answer['team']}")
    yield from _scopes(answer)
    yield from _clock(answer, now)
    if channel:
        yield from _channel(client, channel)


def reach_findings(client: WebClient, now: datetime) -> Iterator[Finding]:
    """What can be looked at without a token. https://docs.slack.dev/reference/methods/api.test"""
    try:
        answer = client.api_test()
    except SlackApiError as error:
        answer = error.response  # it is Slack that says no
    except UNREACHED as error:
        yield Finding("Slack", type(error).__name__, REACH)
        return
    yield Finding("Slack", "can be reached")
    yield from _clock(answer, now)


def secret_findings(secret: str) -> Iterator[Finding]:
    if SECRETS_SHAPE.fullmatch(secret):
        yield Finding("Signing secret", "of Slack's shape")
        return
    remedy = "Copy it anew from “Basic Information”: Signing Secret, not Client Secret or a token."
    told = f"{len(secret)} characters, other than Slack's 32 hexadecimal digits"
    yield Finding("Signing secret", told, remedy)


def socket_findings(client: WebClient, app_token: str) -> Iterator[Finding]:
    try:
        client.apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        remedy = "Make an app-level token with connections:write, and turn Socket Mode on."
        yield Finding("Socket Mode", _name(error), remedy)
    except UNREACHED as error:
        yield Finding("Socket Mode", type(error).__name__, REACH)
    else:
        yield Finding("Socket Mode", "a connection can be opened")


def _scopes(answer: SlackResponse) -> Iterator[Finding]:
    # Slack names them with every answer. https://docs.slack.dev/authentication/installing-with-oauth
    given = {scope.strip() for scope in _header(answer, "x-oauth-scopes").split(",")}
    missing = sorted({*SCOPES} - given)
    if missing:
        remedy = "Paste the manifest anew (brobot manifest slack) and install the app again."
        yield Finding("Scopes", f"missing: {', '.join(missing)}", remedy)
    else:
        yield Finding("Scopes", "all there")


def _clock(answer: Any, now: datetime) -> Iterator[Finding]:
    theirs = _header(answer, "date")
    if not theirs:
        return
    apart = abs(now - parsedate_to_datetime(theirs))
    told = f"{apart.total_seconds():.0f} s from Slack's"
    yield Finding("Clock", told, "" if apart < CLOCKS_DIFFER else "Set this machine's clock (NTP).")


_INVITE = "Invite the bot (/invite @Brobot), and see that BROBOT_CHANNEL is the channel's id."
_LACKS = "Whether the bot is in it can be seen when it has its scopes: see above."


def _channel(client: WebClient, channel: str) -> Iterator[Finding]:
    try:
        client.conversations_history(channel=channel, limit=1)
    except SlackApiError as error:
        remedy = _LACKS if _name(error) == "missing_scope" else _INVITE
        yield Finding("Channel", _name(error), remedy)
    except UNREACHED as error:
        yield Finding("Channel", type(error).__name__, f"Look again. {REACH}")
    else:
        yield Finding("Channel", f"{channel}: the bot is in it")


def _name(error: SlackApiError) -> str:
    data = getattr(error.response, "data", None)
    return str(data.get("error")) if isinstance(data, dict) else "an answer that is none of Slack's"


def _header(answer: Any, name: str) -> str:
    told = getattr(answer, "headers", None) or {}
    headers = {key.lower(): value for key, value in told.items()}
    value = headers.get(name, "")
    return str(value[0] if isinstance(value, list) else value)

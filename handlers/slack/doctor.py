"""What the bot needs of Slack: a token that works, its scopes, its channel, the same clock."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.doctor import Finding
from handlers.slack.manifest import SCOPES

CLOCKS_DIFFER = timedelta(minutes=1)
"""Slack's requests are refused when they seem five minutes old: one is a warning in good time.
https://docs.slack.dev/authentication/verifying-requests-from-slack"""


def slack_findings(client: WebClient, channel: str, now: datetime) -> Iterator[Finding]:
    """`channel` is the id of the one that gets the digest."""
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        remedy = "Copy the bot token anew from “OAuth & Permissions”; install the app if needed."
        yield Finding("Bot token", _name(error), remedy)
        return
    except (SlackClientError, OSError) as error:
        remedy = "See that this machine reaches Slack (a proxy? SLACK_API_URL?)."
        yield Finding("Slack", type(error).__name__, remedy)
        return
    yield Finding("Bot token", f"{answer['user']} in {answer['team']}")
    yield from _scopes(answer)
    yield from _clock(answer, now)
    yield from _channel(client, channel)


def socket_findings(client: WebClient, app_token: str) -> Iterator[Finding]:
    try:
        client.apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        remedy = "Make an app-level token with connections:write, and turn Socket Mode on."
        yield Finding("Socket Mode", _name(error), remedy)
    except (SlackClientError, OSError) as error:
        yield Finding("Socket Mode", type(error).__name__, "See that this machine reaches Slack.")
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


def _clock(answer: SlackResponse, now: datetime) -> Iterator[Finding]:
    theirs = _header(answer, "date")
    if not theirs:
        return
    apart = abs(now - parsedate_to_datetime(theirs))
    told = f"{apart.total_seconds():.0f} s from Slack's"
    yield Finding("Clock", told, "" if apart < CLOCKS_DIFFER else "Set this machine's clock (NTP).")


def _channel(client: WebClient, channel: str) -> Iterator[Finding]:
    try:
        client.conversations_history(channel=channel, limit=1)
    except SlackApiError as error:
        remedy = (
            "Invite the bot (/invite @Brobot), and see that BROBOT_CHANNEL is the channel's id."
        )
        yield Finding("Channel", _name(error), remedy)
    else:
        yield Finding("Channel", f"{channel}: the bot is in it")


def _name(error: SlackApiError) -> str:
    data = getattr(error.response, "data", None)
    return str(data.get("error")) if isinstance(data, dict) else "an answer that is none of Slack's"


def _header(answer: SlackResponse, name: str) -> str:
    headers = {key.lower(): value for key, value in (answer.headers or {}).items()}
    value = headers.get(name, "")
    return str(value[0] if isinstance(value, list) else value)

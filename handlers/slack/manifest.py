"""The app manifest: all that Slack must know, ready to paste, each scope with its reason.

https://docs.slack.dev/reference/app-manifest
"""

from collections.abc import Iterator, Mapping

from bot.language import N_, language
from bot.reports import Report

SCOPES = {
    "commands": "the slash commands",
    "chat:write": "the digest, reminders and receipts",
    "files:write": "the picture in the digest",
    "im:write": "opening the direct message that receipts and reminders come in",
    "im:history": "answering who writes without a command; looking whether a message arrived",
    "channels:history": "the same, for the digest in a public channel",
    "groups:history": "the same, for the digest in a private channel",
    "users:read": "people's names",
    "users:read.email": "the guess which municipality somebody works for",
}

DESCRIPTION = N_("How the plan stands, week by week")
COMMANDS = (
    (
        "okr",
        N_("S4, a municipality, silent, or week 2026-v11"),
        N_("How the plan stands, or one key result"),
    ),
    ("paminnelse", N_("Report the quarter, or: list"), N_("Schedule a reminder (admins)")),
    ("bro", N_("help, mine, settings"), N_("Help, my reports and settings")),
)


def slash_commands(kinds: Mapping[str, type[Report]]) -> Iterator[tuple[str, str, str]]:
    """Each command with its usage hint and description, in Swedish."""
    t = language("sv").t
    for kind in kinds.values():
        if kind.offered:
            yield f"/{kind.kind}", t(kind.wording.example), t(kind.wording.purpose)
    for name, hint, words in COMMANDS:
        yield f"/{name}", t(hint), t(words)


def slack_manifest(kinds: Mapping[str, type[Report]], url: str) -> str:
    """As YAML. With `url` (https://…) for signed HTTP, without for Socket Mode."""
    return "\n".join(_lines(kinds, f"{url.rstrip('/')}/slack/events" if url else ""))


def _lines(kinds: Mapping[str, type[Report]], events_url: str) -> Iterator[str]:
    yield "display_information:"
    yield "  name: Brobot"
    yield f"  description: {_quoted(language('sv').t(DESCRIPTION))}"
    yield "features:"
    yield "  app_home: {home_tab_enabled: true, messages_tab_enabled: true, "
    yield "             messages_tab_read_only_enabled: false}"
    yield "  bot_user: {display_name: Brobot, always_online: true}"
    yield "  slash_commands:"
    for command, hint, words in slash_commands(kinds):
        yield f"    - command: {command}"
        yield f"      description: {_quoted(words)}"
        yield f"      usage_hint: {_quoted(hint)}"
        yield "      should_escape: false"
        if events_url:
            yield f"      url: {events_url}"
    yield "oauth_config:"
    yield "  scopes:"
    yield "    bot:"
    yield from (f"      - {scope}  # {reason}" for scope, reason in SCOPES.items())
    yield from _connection(events_url)


def _connection(events_url: str) -> Iterator[str]:
    url = f", request_url: {events_url}" if events_url else ""
    yield "settings:"
    yield "  event_subscriptions: {bot_events: [app_home_opened, message.im]" + url + "}"
    yield "  interactivity: {is_enabled: true" + url + "}"
    yield f"  socket_mode_enabled: {'false' if events_url else 'true'}"
    yield "  token_rotation_enabled: false"


def _quoted(words: str) -> str:
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'

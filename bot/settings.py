"""Settings, from the environment. One sentence each; the README's table is made from them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.undone import UndoneError

BRO_PLAN = Path(__file__).parent / "plan" / "bro-2026-2027.toml"


class SettingsError(UndoneError):
    """Missing or contradictory settings: one text that names all of them."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A setting that is missing or wrong. The sentence names it and says how it should be."""

    setting: str
    sentence: str


class Settings(BaseModel):
    """Everything that differs between installations."""

    # Secrets are left out of every `repr`, and what was given out of every error.
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    slack_bot_token: str = Field(
        alias="SLACK_BOT_TOKEN",
        repr=False,
        default="",
        description="The app's bot token (xoxb-…), from “OAuth & Permissions”.",
    )
    slack_signing_secret: str = Field(
        alias="SLACK_SIGNING_SECRET",
        repr=False,
        default="",
        description="Proves that requests come from Slack; with it, Slack calls /slack/events.",
    )
    slack_app_token: str = Field(
        alias="SLACK_APP_TOKEN",
        repr=False,
        default="",
        description="The app-level token (xapp-…) for Socket Mode, where nothing is let in.",
    )
    slack_api_url: str = Field(
        alias="SLACK_API_URL",
        default="https://slack.com/api/",
        description="Where Slack's Web API is; any Slack-like server will do.",
    )
    database_url: str = Field(
        alias="DATABASE_URL",
        repr=False,
        default="sqlite:///brobot.db",
        description="sqlite:///file for one machine, postgresql://… for several processes.",
    )
    channel: str = Field(
        alias="BROBOT_CHANNEL",
        default="",
        description="The id (C…) of the channel that gets the weekly digest.",
    )
    plan: Path = Field(
        alias="BROBOT_PLAN",
        default=BRO_PLAN,
        description="The plan file; by default BRO's plan for 2026–2027.",
    )
    admins: tuple[str, ...] = Field(
        alias="BROBOT_ADMINS",
        default=(),
        description="Slack user ids or e-mail addresses of the first admins, parted by commas.",
    )
    erasures: str = Field(
        alias="BROBOT_ERASURES",
        default="",
        description="The journal of erasures; by default beside the SQLite file. See below.",
    )
    host: str = Field(
        alias="HOST",
        default="0.0.0.0",  # noqa: S104 - a container's door; what comes in is signed
        description="The address that the web process listens on.",
    )
    port: int = Field(
        alias="PORT",
        default=3000,
        ge=1,
        le=65535,
        description="The port that the web process listens on.",
    )
    pace: float = Field(
        alias="BROBOT_PACE",
        default=1.0,
        ge=0,
        description="How many requests a second one person may go on making (30 at once); 0: any.",
    )
    log_level: str = Field(
        alias="BROBOT_LOG_LEVEL",
        default="INFO",
        pattern="^(DEBUG|INFO|WARNING|ERROR)$",
        description="How much is logged: DEBUG, INFO, WARNING or ERROR. Never what people wrote.",
    )

    log_format: str = Field(
        alias="BROBOT_LOG_FORMAT",
        default="text",
        pattern="^(text|json)$",
        description="How a line of the log looks: text for people, json for a collector.",
    )
    metrics_token: str = Field(
        alias="BROBOT_METRICS_TOKEN",
        default="",
        description="What monitoring must bring to read /metrics; without it there is none.",
    )

    @field_validator("admins", mode="before")
    @classmethod
    def _parted(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @property
    def erasures_file(self) -> Path | None:
        """None for PostgreSQL without the setting: nothing is beside such a database."""
        if self.erasures:
            return Path(self.erasures)
        _, _, file = self.database_url.partition("sqlite:///")
        return Path(f"{file}.erasures") if file else None

    @property
    def admin_ids(self) -> frozenset[str]:
        """As the people book knows them: ids with their platform before them, or addresses."""
        return frozenset(each.lower() if "@" in each else f"slack:{each}" for each in self.admins)

    @property
    def digest_recipient(self) -> str:
        return f"slack:{self.channel}"


def settings_from(environment: Mapping[str, str], *, connected: bool = True) -> Settings:
    """Read the settings. Raises SettingsError, which names everything that is wrong at once.

    `connected` is false for commands that only look at the database and the plan.
    """
    settings, wrong = settings_read(environment, connected=connected)
    if wrong:
        raise SettingsError(_told(wrong))
    return settings


def settings_read(
    environment: Mapping[str, str], *, connected: bool = True
) -> tuple[Settings, tuple[Wrong, ...]]:
    """As `settings_from`, for who goes on with what can be read: the settings, and what is wrong
    with them. What must not be relied on is named there."""
    names = [str(field.alias) for field in Settings.model_fields.values()]
    given = {name: environment[name] for name in names if environment.get(name, "").strip()}
    wrong: dict[str, str] = {}
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        wrong = {str(detail["loc"][0]): detail["msg"] for detail in error.errors()}
        right = {name: value for name, value in given.items() if name not in wrong}
        settings = Settings.model_validate(right)
    refused = (Wrong(name, f"{name}: {message}") for name, message in wrong.items())
    missing = _unconnected(settings) if connected else ()
    return settings, (*refused, *missing, *_problems(settings))


def _unconnected(settings: Settings) -> Iterator[Wrong]:
    if not settings.slack_bot_token:
        yield Wrong("SLACK_BOT_TOKEN", "SLACK_BOT_TOKEN is missing: the bot token, xoxb-…")
    if not (settings.slack_signing_secret or settings.slack_app_token):
        yield Wrong(
            "SLACK_SIGNING_SECRET",
            "SLACK_SIGNING_SECRET or SLACK_APP_TOKEN is missing: the first where Slack can reach "
            "this machine over HTTPS, the second (Socket Mode) where it cannot",
        )
    if not settings.channel:
        missing = "BROBOT_CHANNEL is missing: the id of the channel for the digest, C…"
        yield Wrong("BROBOT_CHANNEL", missing)


def _problems(settings: Settings) -> Iterator[Wrong]:
    for name, sentence in (*_keys(settings), *_places(settings)):
        yield Wrong(name, f"{name}{sentence}")


def _keys(settings: Settings) -> Iterator[tuple[str, str]]:
    """What is wrong with them, said without quoting them."""
    bot, app, secret = (
        settings.slack_bot_token,
        settings.slack_app_token,
        settings.slack_signing_secret,
    )
    if bot and not bot.startswith("xoxb-"):
        yield "SLACK_BOT_TOKEN", " does not begin with xoxb-: it is the bot token, not a person's"
    if app and not app.startswith("xapp-"):
        yield "SLACK_APP_TOKEN", " does not begin with xapp-: it is the app-level token"
    named = {"SLACK_BOT_TOKEN": bot, "SLACK_APP_TOKEN": app, "SLACK_SIGNING_SECRET": secret}
    for name, key in named.items():
        if re.search(r"\s", key):
            # systemd, other than a shell, takes what follows on the line for a part of the value.
            yield name, " has a space in it: a comment must stand on a line of its own"


def _places(settings: Settings) -> Iterator[tuple[str, str]]:
    if settings.channel and not re.fullmatch("[CG][A-Z0-9]+", settings.channel):
        sentence = " is not a channel's id (C…): Slack shows it under the channel's name"
        yield "BROBOT_CHANNEL", sentence
    if not settings.slack_api_url.startswith(("https://", "http://")):
        yield "SLACK_API_URL", " must begin with https://"
    if not settings.database_url.startswith(("sqlite:///", "postgresql://", "postgres://")):
        yield "DATABASE_URL", " must begin with sqlite:/// or postgresql://"
    elif settings.database_url in {"sqlite:///", "sqlite:///:memory:"}:
        yield "DATABASE_URL", " names no file: sqlite:////var/lib/brobot/brobot.db"
    elif not _is_url(settings.database_url):
        yield (
            "DATABASE_URL",
            " cannot be read: its port, or a sign in its password that must be written as %40",
        )
    if not settings.plan.is_file():
        yield "BROBOT_PLAN", f": there is no file {settings.plan}"


def _is_url(text: str) -> bool:
    try:
        make_url(text)
    except (ArgumentError, ValueError):
        return False
    return True


def _told(wrong: tuple[Wrong, ...]) -> str:
    return "\n".join(
        (
            "Brobot cannot start. Put these settings right:",
            *(f"  - {each.sentence}" for each in wrong),
        )
    )

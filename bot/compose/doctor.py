"""All that `brobot doctor` looks at, of every room."""

from collections.abc import Collection, Iterator
from datetime import datetime

from bot.compose.desk import REAL, Outside, checked_plan
from bot.compose.worker import slack_client
from bot.doctor import (
    Finding,
    database_findings,
    erasure_findings,
    plan_findings,
    settings_findings,
    zone_findings,
)
from bot.plan.loader import PlanError
from bot.settings import Settings, Wrong
from handlers.slack.doctor import (
    reach_findings,
    secret_findings,
    slack_findings,
    socket_findings,
)
from schedules.names import NAMES

USUAL_ZONE = "Europe/Stockholm"
"""Looked at where the plan cannot be read: it may be the zones' data that are missing."""


def findings(
    settings: Settings, outside: Outside = REAL, wrong: Collection[Wrong] = ()
) -> Iterator[Finding]:
    """All that an installation needs, looked at; where settings are `wrong`, all that does not hang
    on those. Changes nothing."""
    yield from settings_findings(wrong)
    unsure = {each.setting for each in wrong}
    now = outside.clock()
    if "BROBOT_PLAN" not in unsure:
        yield from _plan(settings, now)
    if "DATABASE_URL" not in unsure:
        url, mounted = settings.database_url, outside.mounts()
        yield from database_findings(url, outside.machine, now, mounted, NAMES)
        yield from erasure_findings(url, settings.erasures_file)
    yield from _keys(settings, unsure)
    if "SLACK_API_URL" not in unsure:
        yield from _slack(settings, outside, unsure)


def _plan(settings: Settings, now: datetime) -> Iterator[Finding]:
    try:
        plan = checked_plan(settings.plan)
    except PlanError as error:
        remedy = f"Put it right, and look again: brobot plan check {settings.plan}"
        yield Finding("Plan file", str(error), remedy)
        yield from zone_findings(USUAL_ZONE, now)
        return
    yield from plan_findings(plan)
    yield from zone_findings(plan.zone.key, now)


def _keys(settings: Settings, unsure: Collection[str]) -> Iterator[Finding]:
    if settings.slack_signing_secret and "SLACK_SIGNING_SECRET" not in unsure:
        yield from secret_findings(settings.slack_signing_secret)


def _slack(settings: Settings, outside: Outside, unsure: Collection[str]) -> Iterator[Finding]:
    client = slack_client(settings)
    channel = "" if "BROBOT_CHANNEL" in unsure else settings.channel
    if "SLACK_BOT_TOKEN" in unsure:
        yield from reach_findings(client, outside.clock())
    else:
        yield from slack_findings(client, channel, outside.clock())
    if settings.slack_app_token and "SLACK_APP_TOKEN" not in unsure:
        yield from socket_findings(client, settings.slack_app_token)

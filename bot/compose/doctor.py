"""All that `brobot doctor` looks at, of every room."""

from collections.abc import Iterator

from bot.compose.desk import REAL, Outside, checked_plan
from bot.compose.worker import slack_client
from bot.doctor import Finding, database_findings, erasure_findings, plan_findings
from bot.settings import Settings
from handlers.slack.doctor import slack_findings, socket_findings


def findings(settings: Settings, outside: Outside = REAL) -> Iterator[Finding]:
    """All that an installation needs, looked at. Changes nothing. Raises PlanError."""
    yield from plan_findings(checked_plan(settings.plan))
    now = outside.clock()
    yield from database_findings(settings.database_url, outside.machine, now, outside.mounts())
    yield from erasure_findings(settings.database_url, settings.erasures_file)
    client = slack_client(settings)
    yield from slack_findings(client, settings.channel, outside.clock())
    if settings.slack_app_token:
        yield from socket_findings(client, settings.slack_app_token)

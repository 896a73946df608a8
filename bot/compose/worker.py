"""The worker: what happens by itself, and the way out to each platform."""

from collections.abc import Mapping

from slack_sdk import WebClient

from bot.compose.desk import REAL, Outside
from bot.composer import Composer
from bot.desk.desk import Desk
from bot.door import Door
from bot.language import language
from bot.rests import Rests
from bot.settings import Settings
from handlers.slack.door import SlackDoor
from handlers.slack.forms import PREFIX
from schedules.alarms import Alarm, alarms, tell_admins, tell_admins_of_the_channel
from schedules.clockwork import Clockwork
from schedules.delivery import Deliverer
from schedules.names import NAMES
from schedules.trouble import Trouble
from schedules.watchdog import Progress, Watchdog

DELIVERY_TIMEOUT = 5
"""Seconds for a request by the worker. One delivery makes a dozen at most, pauses included, and
must be over before another worker takes the message for lost (`LOST_AFTER`)."""


def deliverer(desk: Desk, settings: Settings, outside: Outside = REAL) -> Deliverer:
    return Deliverer(
        ledger=desk.setup.ledger,
        composer=Composer(desk),
        doors=doors(desk, settings, outside),
        clock=outside.clock,
        failed=tell_admins(desk),
        shut_out=tell_admins_of_the_channel(desk),
    )


def slack_client(settings: Settings) -> WebClient:
    # The SDK's own retries would post twice after a dropped connection: the outbox decides.
    return WebClient(
        token=settings.slack_bot_token,
        base_url=settings.slack_api_url,
        timeout=DELIVERY_TIMEOUT,
        retry_handlers=[],
    )


def doors(desk: Desk, settings: Settings, outside: Outside = REAL) -> Mapping[str, Door]:
    voice = language(desk.setup.plan.language)
    rests = Rests(desk.setup.ledger, outside.clock)
    return {PREFIX.rstrip(":"): SlackDoor(slack_client(settings), voice, outside.pause, rests)}


def clockwork(desk: Desk, settings: Settings, outside: Outside = REAL) -> Clockwork:
    """All that happens by itself. From here on, the errors in this process's log are noted."""
    progress = Progress(NAMES, outside.monotonic)
    table = alarms(desk, deliverer(desk, settings, outside), progress)
    trouble = Trouble(desk.setup.ledger, outside.clock)
    trouble.listen()
    noting = Alarm("trouble", 15, trouble.note)
    return Clockwork((*table, noting), Watchdog(progress, outside.leave))

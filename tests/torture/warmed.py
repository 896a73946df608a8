"""A web process put together once, and thrown away: imported by the process that the others are
forked from, so that they find everything loaded."""

import uvicorn

from bot.compose.desk import desk_for
from bot.compose.web import web_process
from bot.settings import settings_from

_settings = settings_from(
    {
        "SLACK_BOT_TOKEN": "xoxb-nobody's",
        "SLACK_SIGNING_SECRET": "nobody's",
        "BROBOT_CHANNEL": "C0",
    }
)
_desk = desk_for(_settings)  # connects to nothing yet
uvicorn.Config(web_process(_desk, _settings), log_config=None).load()

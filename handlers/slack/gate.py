"""Whom Slack's requests are answered to: people of our own workspace, at a pace that leaves room
for everybody. Asked by every listener before the database is, over HTTP and Socket Mode alike."""

from collections.abc import Mapping
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from bot.language import N_
from handlers.allowance import Allowance
from handlers.slack.workspace import OurWorkspace, Workspace

STRANGER = N_("I only answer people of the workspace that I belong to.")
TOO_FAST = N_("That was more at once than I can manage. Wait a few seconds, then try again.")
SLACK_SILENT = N_("Slack does not answer me just now. Nothing was lost: try again in a moment.")

Body = Mapping[str, Any]


class HeldBackError(Exception):
    """A request that is not served, or not now. `sentence` says why, as a msgid."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Gate:
    def __init__(self, workspace: OurWorkspace, allowance: Allowance) -> None:
        self._workspace = workspace
        self._allowance = allowance

    async def admit(self, body: Body) -> None:
        """Raises HeldBackError unless the request is to be served."""
        if not (await self._ours()).sent(body):
            raise HeldBackError(STRANGER)
        if not self._allowance.admits(user_of(body), _request_of(body)):
            raise HeldBackError(TOO_FAST)

    async def admit_newcomer(self, user: Body) -> None:
        """The same for somebody whom Slack has just described (`users.info`): not every request
        names the workspace of the one who made it."""
        if not (await self._ours()).employs(user):
            raise HeldBackError(STRANGER)

    async def _ours(self) -> Workspace:
        """What cannot be checked is not let through."""
        try:
            return await self._workspace.known()
        except (SlackApiError, ClientError, OSError, TimeoutError) as error:
            raise HeldBackError(SLACK_SILENT) from error


def user_of(body: Body) -> str:
    """Who typed, pressed, submitted, wrote or looked."""
    inner = body.get("event", body)
    user: str = inner["user_id"] if "user_id" in inner else inner["user"]
    return user if isinstance(user, str) else user["id"]


def _request_of(body: Body) -> str:
    """What Slack's repetitions of a request have in common."""
    return str(body.get("trigger_id") or body.get("event_id") or "")

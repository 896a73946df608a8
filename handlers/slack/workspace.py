"""Which workspace is ours, and whether a request comes from it.

The signing secret belongs to the app: whatever workspace an app has been installed in, its
requests are signed alike. And in a channel shared by Slack Connect, people of other workspaces
press our buttons. https://docs.slack.dev/apis/slack-connect
"""

import asyncio
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

log = logging.getLogger(__name__)

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Workspace:
    """`enterprise` is the organisation that the workspace belongs to, or empty: it stands in the
    workspace's place for people of an Enterprise Grid."""

    team: str
    enterprise: str = ""

    def sent(self, body: Body) -> bool:
        """Whether a request names this workspace, and no other. One that names none is not ours."""
        named = {str(each) for each in _named(body)}
        return bool(named) and named <= {self.team, self.enterprise}

    def employs(self, user: Body) -> bool:
        """Whether somebody, as `users.info` describes them, works here and not at the other end of
        a shared channel. https://docs.slack.dev/reference/objects/user-object"""
        teams = _inner(user, "enterprise_user").get("teams") or []
        here = user.get("team_id") in {self.team, self.enterprise} or self.team in teams
        return here and not user.get("is_stranger")


def _named(body: Body) -> Iterator[str]:
    """Every workspace that a request names: where the app is installed, where it was done, and
    where the one who did it works.
    https://docs.slack.dev/apis/events-api#authorizations
    https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload"""
    event, view = _inner(body, "event"), _inner(body, "view")
    yield from filter(
        None,
        (
            body.get("team_id"),
            _inner(body, "team").get("id"),
            _inner(body, "user").get("team_id"),
            view.get("app_installed_team_id"),
            *(event.get(name) for name in ("team", "user_team", "source_team")),
            *(each.get("team_id") for each in body.get("authorizations") or []),
        ),
    )


def _inner(body: Body, name: str) -> Body:
    inner = body.get(name)
    return inner if isinstance(inner, Mapping) else {}


class OurWorkspace:
    """Learnt from Slack by our own token. Until Slack has said it, whoever needs it asks again;
    those who ask at the same moment share one question. Held open by the web process
    (`handlers.web.Connection`), so that it is known before the first request."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._known: Workspace | None = None
        self._asking: asyncio.Task[None] | None = None

    async def known(self) -> Workspace:
        """Raises what the client raises while Slack does not answer."""
        while self._known is None:
            if self._asking is None or self._asking.done():
                self._asking = asyncio.create_task(self._ask())
            await asyncio.shield(self._asking)
        return self._known

    async def _ask(self) -> None:
        answer = await self._client.auth_test()
        self._known = Workspace(answer["team_id"], answer.get("enterprise_id") or "")

    async def connect_async(self) -> None:
        try:
            await self.known()
        except Exception as error:  # noqa: BLE001 - whatever it is, the next request asks again
            log.warning("Slack does not say yet which workspace is ours: %s", type(error).__name__)

    async def close_async(self) -> None:
        """Nothing is held."""

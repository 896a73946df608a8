"""The way out to Slack: what the outbox delivers, and how Slack's refusals are understood."""

import logging
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.door import DeliveryError, Place
from bot.language import N_, Language
from bot.pages import Page
from bot.picture import png
from handlers.slack.forms import PREFIX
from handlers.slack.pages import blocks_of, text_of

log = logging.getLogger(__name__)

EVENT_TYPE = "brobot_message"
PAGE = 200
"""How many messages Slack is asked for at a time. It recommends no more."""
CLOCKS_DIFFER = timedelta(minutes=5)
"""How far Slack's clock, which dates the messages, may be behind ours."""

NO_PICTURE = N_("The picture could not be shown; its numbers stand above.")

_UNSURE = {"fatal_error", "internal_error", "request_timeout", "service_unavailable"}
"""Slack says that the message may have been posted all the same.
https://docs.slack.dev/reference/methods/chat.postMessage#errors"""

_MENDABLE = {
    "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired",
    "missing_scope", "not_in_channel", "channel_not_found", "is_archived",
    "team_access_not_granted", "ekm_access_denied",
}  # fmt: skip
"""Wrong with the installation, not with the message: an operator can put it right."""

_WAIT_FOR_OPERATOR = 300.0
_WAIT_UNTOLD = 30.0
_LONGEST_WAIT = 3600.0
_PICTURE_TRIES = 4


class SlackDoor:
    """Slack as a `bot.door.Door`.

    `client` must not retry by itself: its retry after a dropped connection posts twice.
    `pause` waits a number of seconds while an uploaded picture becomes ready.
    """

    def __init__(
        self, client: WebClient, language: Language, pause: Callable[[float], None]
    ) -> None:
        self._client = client
        self._language = language
        self._pause = pause

    def say(self, recipient: str, page: Page, token: str, thread: Place | None) -> Place:
        channel = self._channel(recipient)
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"token": token}}
        post: dict[str, Any] = {
            "channel": channel,
            "metadata": metadata,
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if thread is not None:
            post["thread_ts"] = thread["ts"]
        answer = self._post(page, post)
        return {"channel": answer["channel"], "ts": answer["ts"]}

    def edit(self, place: Place, page: Page) -> None:
        drawn = {"text": text_of(page), "blocks": blocks_of(page)}
        self._call(self._client.chat_update, channel=place["channel"], ts=place["ts"], **drawn)

    def find(
        self, recipient: str, token: str, since: datetime, thread: Place | None
    ) -> Place | None:
        channel = self._channel(recipient)
        for message in self._since(since - CLOCKS_DIFFER, channel, thread):
            payload = message.get("metadata", {}).get("event_payload", {})
            if payload.get("token") == token:
                return {"channel": channel, "ts": message["ts"]}
        return None

    def _since(
        self, moment: datetime, channel: str, thread: Place | None
    ) -> Iterator[dict[str, Any]]:
        """All that has been said in a channel or a thread of it.
        https://docs.slack.dev/apis/web-api/pagination"""
        window: dict[str, Any] = {
            "channel": channel,
            "oldest": str(moment.timestamp()),
            "limit": PAGE,
            "include_all_metadata": True,
        }
        method: Callable[..., Any] = self._client.conversations_history
        if thread is not None:
            method, window["ts"] = self._client.conversations_replies, thread["ts"]
        more = True
        while more:
            answer = self._call(method, **window)
            yield from answer["messages"]
            window["cursor"] = answer.get("response_metadata", {}).get("next_cursor", "")
            more = bool(window["cursor"])

    def _channel(self, recipient: str) -> str:
        """A person is spoken to in their direct message, which Slack opens on demand."""
        conversation = recipient.removeprefix(PREFIX)
        if not conversation.startswith(("U", "W")):
            return conversation
        answer = self._call(self._client.conversations_open, users=conversation)
        channel: str = answer["channel"]["id"]
        return channel

    def _post(self, page: Page, post: dict[str, Any]) -> Any:
        file = self._uploaded(page)
        # An uploaded file cannot be shown for about a second (python-slack-sdk #1521).
        for _ in range(_PICTURE_TRIES if file else 0):
            try:
                return self._call(self._client.chat_postMessage, **post, **_drawn(page, file))
            except DeliveryError as error:
                if not error.permanent:
                    raise
                self._pause(1.0)
        if page.picture is not None:
            page = page.without_picture(self._language.t(NO_PICTURE))
        return self._call(self._client.chat_postMessage, **post, **_drawn(page))

    def _uploaded(self, page: Page) -> str | None:
        """None if there is no picture, or none to be had: the text does not wait for it."""
        picture = page.picture
        if picture is None:
            return None
        try:
            answer = self._call(
                self._client.files_upload_v2,
                content=png(picture.chart),
                filename="standing.png",
                title=picture.chart.title,
                alt_txt=picture.alt,
            )
        except DeliveryError as error:
            log.warning("the picture could not be uploaded: %s", error.trouble)
            return None
        file: str = answer["files"][0]["id"]
        return file

    def _call(self, method: Callable[..., Any], **arguments: Any) -> Any:
        try:
            return method(**arguments)
        except SlackApiError as error:
            raise _understood(error) from None
        except (SlackClientError, HTTPException, OSError, ValueError) as error:
            # The connection broke or the answer was no answer. Only its kind is told: the text
            # may hold what was sent.
            raise DeliveryError(type(error).__name__, unsure=True) from None


def _drawn(page: Page, picture_file: str | None = None) -> dict[str, Any]:
    return {"text": text_of(page), "blocks": blocks_of(page, picture_file)}


def _understood(error: SlackApiError) -> DeliveryError:
    status = getattr(error.response, "status_code", 0)
    data = error.response.data if hasattr(error.response, "data") else error.response
    name = str(data.get("error", "")) if isinstance(data, dict) else ""
    # For an answer that is no JSON (a proxy's page) the SDK puts all of it here.
    name = name if re.fullmatch(r"\w+", name) else ""
    if status == 429 or name in {"ratelimited", "rate_limited"}:  # noqa: PLR2004 - Too Many Requests
        return DeliveryError("ratelimited", wait=_retry_after(error))
    if not name or status >= 500 or name in _UNSURE:  # noqa: PLR2004 - a server's own failure
        return DeliveryError(name or f"http {status}", unsure=True)
    if name in _MENDABLE:
        return DeliveryError(name, wait=_WAIT_FOR_OPERATOR)
    return DeliveryError(name, permanent=True)


def _retry_after(error: SlackApiError) -> float:
    """Seconds; a header that is no number (seen behind proxies) is answered with patience."""
    headers = {name.lower(): value for name, value in (error.response.headers or {}).items()}
    value = headers.get("retry-after", "")
    value = value[0] if isinstance(value, list) else value
    told = str(value).isascii() and str(value).isdigit()
    return min(float(value), _LONGEST_WAIT) if told else _WAIT_UNTOLD

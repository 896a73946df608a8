"""How Slack's refusals are understood: what waits, what is looked for, what will never be said."""

import re

from slack_sdk.errors import SlackApiError

from bot.door import DeliveryError

RATELIMITED = "ratelimited"

_LIMITED = {RATELIMITED, "rate_limited", "message_limit_exceeded"}

_UNSURE = {"fatal_error", "internal_error", "request_timeout", "service_unavailable"}
"""Slack says that the message may have been posted all the same.
https://docs.slack.dev/reference/methods/chat.postMessage#errors"""

_SHUT = {"not_in_channel", "channel_not_found", "is_archived"}
"""Wrong with the conversation alone: whoever is elsewhere can be told."""

_MENDABLE = {
    "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired",
    "not_allowed_token_type", "missing_scope", "no_permission", "access_denied", "accesslimited",
    "two_factor_setup_required", "org_login_required", "team_added_to_org",
    "team_access_not_granted", "enterprise_is_restricted", "ekm_access_denied",
    "messages_tab_disabled", *_SHUT,
}  # fmt: skip
"""Wrong with the installation or the workspace, not with the message: an operator can put it
right, or a move of the workspace comes to its end.

Whatever stands nowhere here is final, also a name that Slack has not documented: the message is
not said again, and the admins are told by what name it was refused."""

_WAIT_FOR_OPERATOR = 300.0
_WAIT_UNTOLD = 30.0
_LONGEST_WAIT = 3600.0


def understood(error: SlackApiError) -> DeliveryError:
    status = getattr(error.response, "status_code", 0)
    data = error.response.data if hasattr(error.response, "data") else error.response
    name = str(data.get("error", "")) if isinstance(data, dict) else ""
    # For an answer that is no JSON (a proxy's page) the SDK puts all of it here.
    name = name if re.fullmatch(r"\w+", name) else ""
    if status == 429 or name in _LIMITED:  # noqa: PLR2004 - Too Many Requests
        return DeliveryError(RATELIMITED, wait=_retry_after(error))
    if not name or status >= 500 or name in _UNSURE:  # noqa: PLR2004 - a server's own failure
        return DeliveryError(name or f"http {status}", unsure=True)
    if name in _MENDABLE:
        return DeliveryError(name, wait=_WAIT_FOR_OPERATOR, shut=name in _SHUT)
    return DeliveryError(name, permanent=True)


def _retry_after(error: SlackApiError) -> float:
    """Seconds; a header that is no number (seen behind proxies) is answered with patience."""
    headers = {name.lower(): value for name, value in (error.response.headers or {}).items()}
    value = headers.get("retry-after", "")
    value = value[0] if isinstance(value, list) else value
    told = str(value).isascii() and str(value).isdigit()
    return min(float(value), _LONGEST_WAIT) if told else _WAIT_UNTOLD

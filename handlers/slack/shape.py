"""The shape of what Slack sends, as far as bolt and our listeners rely on it.

Whatever else a payload holds is let be: Slack adds to it as it likes. Where bolt reads a part that
is there, it must be of the kind that bolt takes it for: on anything else it stumbles, and Slack is
answered with 500. https://docs.slack.dev/interactivity/handling-user-interaction and
https://docs.slack.dev/apis/events-api
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,60}$")]
"""Ids become keys in our tables."""

Object = dict[str, Any]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True)


class _Named(_Part):
    id: Id


class _Block(_Part):
    type: str
    block_id: str


class _State(_Part):
    values: dict[str, dict[str, Object]]


class _View(_Part):
    """Where a button was pressed."""

    id: Id
    type: str
    app_installed_team_id: Id | None = None


class _SubmittedView(_View):
    callback_id: str
    private_metadata: str
    blocks: list[_Block]
    state: _State


class _Pressed(_Part):
    action_id: str
    value: str | None = None


class _Payload(_Part):
    """What bolt looks for in any of them."""

    team: _Named | None = None
    channel: _Named | Id | None = None
    enterprise: _Named | None = None
    authorizations: list[Object] | None = None
    message: Object | None = None
    response_urls: list[Object] = Field(default_factory=list)  # a plain [] would be copied deeply


class _Command(_Payload):
    command: str
    user_id: Id
    trigger_id: str
    text: str = ""


class _Actions(_Payload):
    type: Literal["block_actions"]
    user: _Named
    trigger_id: str
    actions: Annotated[list[_Pressed], Field(min_length=1)]
    view: _View | None = None
    response_url: str | None = None


class _Submission(_Payload):
    type: Literal["view_submission"]
    user: _Named
    view: _SubmittedView


class _Happening(_Part):
    type: str
    user: Id | _Named | None = None
    channel: Id | _Named | None = None
    item: Object | None = None
    message: Object | None = None
    previous_message: Object | None = None
    assistant_thread: Object | None = None


class _Event(_Payload):
    type: Literal["event_callback"]
    event_id: Id
    event: _Happening


class _Challenge(_Part):
    """Slack's question whether a request URL is ours."""

    type: Literal["url_verification"]
    challenge: str


_form: TypeAdapter[object] = TypeAdapter(_Command)
_json: TypeAdapter[object] = TypeAdapter(
    Annotated[_Actions | _Submission | _Event | _Challenge, Field(discriminator="type")]
)


def is_command(form: dict[str, str]) -> bool:
    return _fits(_form, form)


def is_payload(given: object) -> bool:
    """A button, a form that was sent, an event, or the question whether the address is ours."""
    return _fits(_json, given)


def _fits(shape: TypeAdapter[object], given: object) -> bool:
    try:
        shape.validate_python(given)
    except ValidationError:
        return False
    return True

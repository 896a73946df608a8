"""What Slack sends to the app, field by field.

Sources: docs.slack.dev, "Implementing slash commands", "block_actions payload",
"view_submission payload", "view_closed payload", "Events API".
"""

from typing import Any

from playground import views
from playground.schema import Json
from playground.world import Channel, Message, OpenView, World


def escaped(text: str) -> str:
    """The three characters that Slack escapes in what people write."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def command(world: World, user_id: str, channel: Channel, typed: str) -> Json:
    name, _, text = typed.partition(" ")
    return {
        "token": world.app.verification_token,
        "team_id": world.team.id,
        "team_domain": world.team.domain,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user_id,
        "user_name": world.users[user_id].name,
        "command": name,
        "text": escaped(text.strip()),
        "api_app_id": world.app.id,
        "is_enterprise_install": "false",
        "response_url": world.new_response_url(channel.id, user_id),
        "trigger_id": world.new_trigger(user_id),
    }


def channel_name(channel: Channel) -> str:
    return "directmessage" if channel.is_dm else channel.name


def _interaction(world: World, kind: str, user_id: str) -> Json:
    name = world.users[user_id].name
    return {
        "type": kind,
        "team": {"id": world.team.id, "domain": world.team.domain},
        "user": {"id": user_id, "username": name, "name": name, "team_id": world.team.id},
        "api_app_id": world.app.id,
        "token": world.app.verification_token,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def message_action(
    world: World, user_id: str, place: tuple[Channel, Message], action: Json, values: Json
) -> Json:
    """block_actions from a message; Slack leaves `message` out when it is ephemeral."""
    channel, message = place
    ephemeral = message.ephemeral_to is not None
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": ephemeral,
    }
    return {
        **_interaction(world, "block_actions", user_id),
        "container": container,
        "trigger_id": world.new_trigger(user_id),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        **({} if ephemeral else {"message": message.body}),
        "state": {"values": values},
        "response_url": world.new_response_url(channel.id, user_id, message.ts),
        "actions": [action],
    }


def view_action(world: World, view: OpenView, action: Json) -> Json:
    return {
        **_interaction(world, "block_actions", view.user),
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": world.new_trigger(view.user),
        "view": views.payload(view),
        "actions": [action],
    }


def action(world: World, block: Json, element: Json, state: Json) -> Json:
    """One entry of `actions`: the element, what was chosen in it, and when."""
    kept: Json = {key: element[key] for key in ("text", "value", "style", "url") if key in element}
    if element["type"] != "button":
        kept = state
    return {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        **kept,
        "action_ts": world.new_ts(),
    }


def suggestion(world: World, view: OpenView, block: Json, element: Json, typed: str) -> Json:
    """block_suggestion: an external select asks for options."""
    return {
        **_interaction(world, "block_suggestion", view.user),
        "container": {"type": "view", "view_id": view.id},
        "view": views.payload(view),
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "value": typed,
    }


def submission(world: World, view: OpenView) -> Json:
    return {
        **_interaction(world, "view_submission", view.user),
        "trigger_id": world.new_trigger(view.user),
        "view": views.payload(view),
        "response_urls": [],
    }


def closed(world: World, view: OpenView, *, is_cleared: bool) -> Json:
    return {
        **_interaction(world, "view_closed", view.user),
        "view": views.payload(view),
        "is_cleared": is_cleared,
    }


def event(world: World, inner: Json) -> Json:
    authorization = {
        "enterprise_id": None,
        "team_id": world.team.id,
        "user_id": world.bot.id,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": world.app.verification_token,
        "team_id": world.team.id,
        "api_app_id": world.app.id,
        "event": inner,
        "type": "event_callback",
        "event_id": world.new_id("Ev"),
        "event_time": int(world.clock().timestamp()),
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
        "event_context": world.new_id("4-"),
    }


def home_opened(world: World, user_id: str) -> Json:
    home: Any = world.homes.get(user_id)
    shown = {"view": views.payload(home)} if home else {}
    return event(
        world,
        {
            "type": "app_home_opened",
            "user": user_id,
            "channel": world.dm(user_id).id,
            "tab": "home",
            "event_ts": world.new_ts(),
            **shown,
        },
    )


def direct_message(world: World, message: Message, channel: Channel) -> Json:
    inner = {
        **message.body,
        "channel": channel.id,
        "channel_type": "im",
        "event_ts": message.ts,
        "client_msg_id": world.new_id("m"),
    }
    return event(world, inner)


def joined(world: World, user_id: str, channel: Channel, inviter: str = "") -> Json:
    inner = {
        "type": "member_joined_channel",
        "user": user_id,
        "channel": channel.id,
        "channel_type": "C",
        "team": world.team.id,
        "event_ts": world.new_ts(),
    }
    return event(world, inner | ({"inviter": inviter} if inviter else {}))

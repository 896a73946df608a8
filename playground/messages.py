"""Posting, changing and finding messages, with Slack's checks."""

from typing import Any

from playground.blocks import stored
from playground.errors import SlackError
from playground.limits import (
    MESSAGE_TEXT,
    blocks_are_too_long,
    message_problems,
    metadata_error,
)
from playground.schema import Json
from playground.world import Channel, Message, World


def image_ready(world: World, reference: Json) -> bool:
    """A picture in a message must be an uploaded file that Slack has finished with."""
    for file in world.files.values():
        if file.id == reference.get("id") or f"/{file.id}" in reference.get("url", ""):
            return file.complete and not world.faults.image_is_unready()
    return False


def content(world: World, given: Json) -> Json:
    """The checked text, blocks and metadata of a message to be.

    Raises SlackError: invalid_blocks_format, invalid_blocks, msg_blocks_too_long, no_text,
    invalid_metadata_format, invalid_metadata_schema, metadata_too_large.
    """
    text, blocks = given.get("text") or "", given.get("blocks") or []
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    if problems := message_problems(blocks, lambda file: image_ready(world, file)):
        raise SlackError("invalid_blocks", problems=problems)
    if blocks_are_too_long(blocks):
        raise SlackError("msg_blocks_too_long")
    if not text and not blocks and not given.get("attachments"):
        raise SlackError("no_text")
    kept: Json = {"text": str(text)[:MESSAGE_TEXT]}
    if blocks:
        kept["blocks"] = stored(blocks, lambda: world.new_id("b"))
    if given.get("attachments"):
        kept["attachments"] = given["attachments"]
    return kept | _metadata(given.get("metadata"))


def _metadata(metadata: Any) -> Json:
    if not metadata:
        return {}
    if error := metadata_error(metadata):
        raise SlackError(error)
    return {"metadata": metadata}


def by_bot(world: World, kept: Json, thread_ts: str | None = None) -> Json:
    """A whole message from the app, with `kept` as its content."""
    body = {
        "type": "message",
        "user": world.bot.id,
        "bot_id": world.app.bot_id,
        "app_id": world.app.id,
        "team": world.team.id,
        "ts": world.new_ts(),
        **kept,
    }
    return body | ({"thread_ts": thread_ts} if thread_ts else {})


def add(world: World, channel: Channel, body: Json, ephemeral_to: str | None = None) -> Message:
    message = Message(body, ephemeral_to)
    channel.messages.append(message)
    if (thread_ts := body.get("thread_ts")) and not ephemeral_to:
        parent = find(channel, thread_ts, "thread_not_found").body
        parent.update(thread_ts=thread_ts, latest_reply=body["ts"])
        parent["reply_count"] = parent.get("reply_count", 0) + 1
    world.touch()
    return message


def find(channel: Channel, ts: str, error: str = "message_not_found") -> Message:
    """A message that everyone can see. Raises SlackError with the name given."""
    for message in channel.messages:
        if message.ts == ts and message.ephemeral_to is None:
            return message
    raise SlackError(error)


def change(world: World, message: Message, kept: Json) -> None:
    """Blocks that are not given again are kept (docs.slack.dev, chat.update)."""
    edited = {"user": world.bot.id, "ts": world.new_ts()}
    message.body = {**message.body, **kept, "edited": edited}
    world.touch()


def remove(world: World, channel: Channel, message: Message) -> None:
    channel.messages.remove(message)
    world.touch()


def visible(world: World, channel: Channel, user_id: str) -> list[Message]:
    """The messages a person sees in a channel, oldest first."""
    now = world.clock()
    return [
        message
        for message in channel.messages
        if message.ephemeral_to in {None, user_id} and message.has_landed(now)
    ]


def respond(world: World, key: str, given: Json) -> None:
    """What is posted to a `response_url` (docs.slack.dev, "Handling user interaction")."""
    hook = world.use_hook(key)
    channel = world.channels[hook.channel]
    original = next((m for m in channel.messages if m.ts == hook.ts), None)
    if given.get("delete_original") and original:
        remove(world, channel, original)
    elif given.get("replace_original") and original:
        change(world, original, content(world, given))
    else:
        add_response(world, channel, hook.user, given)


def add_response(world: World, channel: Channel, user_id: str, given: Json) -> None:
    """An answer to a command or interaction: seen by one person unless it says otherwise."""
    body = by_bot(world, content(world, given), given.get("thread_ts"))
    in_channel = given.get("response_type") == "in_channel"
    add(world, channel, body, None if in_channel else user_id)

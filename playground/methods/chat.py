"""chat.*: posting, changing and deleting messages."""

from playground import messages
from playground.api import Args, method
from playground.errors import SlackError
from playground.limits import MESSAGE_TEXT, UPDATED_TEXT
from playground.schema import Json
from playground.world import Channel, Message, World

_RATE_SECONDS = 1.0


def _content(args: Args) -> Json:
    nested: Json = {name: args.json(name) for name in ("blocks", "attachments", "metadata")}
    return {"text": args.text("text"), **nested}


def _postable(world: World, name: str) -> Channel:
    """A channel by id or name, or the DM with a user. Slack lets a bot post only where it is."""
    channel = world.dm(name) if name in world.users else world.channel_named(name)
    public = not channel.is_dm and "chat:write.public" in world.app.scopes
    if world.bot.id not in channel.members and not public:
        raise SlackError("not_in_channel")
    return channel


@method("chat.postMessage", "chat:write")
def post_message(world: World, args: Args) -> Json:
    channel = _postable(world, args.needed("channel"))
    _check_rate(world, channel)
    thread_ts = args.text("thread_ts")
    if thread_ts:
        messages.find(channel, thread_ts, "thread_not_found")
    body = messages.by_bot(world, messages.content(world, _content(args)), thread_ts)
    posted = messages.add(world, channel, body)
    answer = {"channel": channel.id, "ts": posted.ts, "message": posted.body}
    return answer | _truncated(args)


def _check_rate(world: World, channel: Channel) -> None:
    now, last = world.monotonic(), world.posted_at.get(channel.id)
    if world.enforce_rate and last is not None and now - last < _RATE_SECONDS:
        raise SlackError("ratelimited")
    world.posted_at[channel.id] = now


def _truncated(args: Args) -> Json:
    if len(args.text("text")) <= MESSAGE_TEXT:
        return {}
    warning = "message_truncated"
    return {"warning": warning, "response_metadata": {"warnings": [warning]}}


@method("chat.update", "chat:write")
def update(world: World, args: Args) -> Json:
    channel, message = _own(world, args, "cant_update_message")
    if len(args.text("text")) > UPDATED_TEXT:
        raise SlackError("msg_too_long")
    given = _content(args)
    kept = messages.content(world, given)
    if given["blocks"] == []:
        kept["blocks"] = []
    messages.change(world, message, kept)
    text = message.body["text"]
    return {"channel": channel.id, "ts": message.ts, "text": text, "message": message.body}


@method("chat.delete", "chat:write")
def delete(world: World, args: Args) -> Json:
    channel, message = _own(world, args, "cant_delete_message")
    messages.remove(world, channel, message)
    return {"channel": channel.id, "ts": message.ts}


def _own(world: World, args: Args, refusal: str) -> tuple[Channel, Message]:
    channel = world.channels.get(args.needed("channel"))
    if channel is None:
        raise SlackError("channel_not_found")
    message = messages.find(channel, args.needed("ts"))
    if message.body["user"] != world.bot.id:
        raise SlackError(refusal)
    return channel, message


@method("chat.postEphemeral", "chat:write")
def post_ephemeral(world: World, args: Args) -> Json:
    channel = _postable(world, args.needed("channel"))
    reader = args.needed("user")
    if reader not in channel.members:
        raise SlackError("user_not_in_channel")
    kept = messages.content(world, _content(args))
    body = messages.by_bot(world, kept, args.text("thread_ts"))
    return {"message_ts": messages.add(world, channel, body, reader).ts}


@method("chat.getPermalink")
def permalink(world: World, args: Args) -> Json:
    channel = world.channels.get(args.needed("channel"))
    if channel is None:
        raise SlackError("channel_not_found")
    ts = messages.find(channel, args.needed("message_ts")).ts
    path = f"archives/{channel.id}/p{ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": f"https://{world.team.domain}.slack.com/{path}"}

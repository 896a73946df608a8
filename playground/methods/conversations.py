"""conversations.*: channels, direct messages and what has been said in them."""

import base64
from collections.abc import Callable
from typing import TypeVar

from playground import messages
from playground.api import Args, method, need_scope, readable
from playground.errors import SlackError
from playground.schema import Json
from playground.world import Channel, Message, World

_MOST = 1000
Row = TypeVar("Row")


def described(channel: Channel, world: World) -> Json:
    if channel.is_dm:
        other = next(iter(channel.members - {world.bot.id}))
        return {"id": channel.id, "is_im": True, "is_open": True, "user": other, "created": 0}
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": True,
        "is_im": False,
        "is_private": False,
        "is_archived": False,
        "is_member": world.bot.id in channel.members,
        "num_members": len(channel.members),
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
    }


@method("conversations.open", "im:write")
def open_dm(world: World, args: Args) -> Json:
    user_id = args.needed("users")
    if "," in user_id:
        raise SlackError("method_not_supported_for_channel_type")
    channel = world.dm(user_id)
    full = described(channel, world) if args.flag("return_im") else {"id": channel.id}
    return {"channel": full}


@method("conversations.info")
def info(world: World, args: Args) -> Json:
    return {"channel": described(readable(world, args, "read"), world)}


@method("conversations.list")
def listed(world: World, args: Args) -> Json:
    kinds = (args.text("types") or "public_channel").split(",")
    found: list[Channel] = []
    for kind, scope, is_dm in (
        ("public_channel", "channels:read", False),
        ("im", "im:read", True),
    ):
        if kind in kinds:
            need_scope(world, scope)
            found += [c for c in world.channels.values() if c.is_dm == is_dm]
    page, following = _page(found, args, "team", lambda channel: channel.id)
    return {"channels": [described(channel, world) for channel in page], **following}


@method("conversations.members")
def members(world: World, args: Args) -> Json:
    channel = readable(world, args, "read")
    page, following = _page(sorted(channel.members), args, "user", str)
    return {"members": page, **following}


def _page(
    rows: list[Row], args: Args, name: str, key: Callable[[Row], str]
) -> tuple[list[Row], Json]:
    """One page, and the cursor that names the first row of the next."""
    start = _start(args, name, [key(row) for row in rows])
    end = start + min(args.number("limit", 100) or 100, _MOST)
    cursor = ""
    if end < len(rows):
        cursor = base64.b64encode(f"{name}:{key(rows[end])}".encode()).decode()
    return rows[start:end], {"response_metadata": {"next_cursor": cursor}}


def _start(args: Args, name: str, keys: list[str]) -> int:
    cursor = args.text("cursor")
    if not cursor:
        return 0
    try:
        kind, _, key = base64.b64decode(cursor, validate=True).decode().partition(":")
        return keys.index(key if kind == name else "")
    except ValueError as error:
        raise SlackError("invalid_cursor") from error


@method("conversations.history")
def history(world: World, args: Args) -> Json:
    """Newest first, threads by their first message only."""
    channel = readable(world, args, "history")
    rows = [m for m in _listed(world, channel) if _is_top(m) and _within(m.ts, args)]
    for message in channel.messages:
        message.late_reads -= message.late_reads > 0
    return _answer(rows[::-1], args)


@method("conversations.replies")
def replies(world: World, args: Args) -> Json:
    """A whole thread, oldest first."""
    channel = readable(world, args, "history")
    ts = args.needed("ts")
    messages.find(channel, ts, "thread_not_found")
    rows = [m for m in _listed(world, channel) if ts in {m.ts, m.body.get("thread_ts")}]
    return _answer([m for m in rows if m.ts == ts or _within(m.ts, args)], args)


def _listed(world: World, channel: Channel) -> list[Message]:
    now = world.clock()
    return [m for m in channel.messages if m.ephemeral_to is None and m.has_landed(now)]


def _is_top(message: Message) -> bool:
    return message.body.get("thread_ts") in {None, message.ts}


def _within(ts: str, args: Args) -> bool:
    """`oldest` and `latest` are exclusive unless `inclusive` is set."""
    oldest, latest = args.text("oldest") or "0", args.text("latest") or "99999999999"
    at = float(ts)
    if args.flag("inclusive"):
        return float(oldest) <= at <= float(latest)
    return float(oldest) < at < float(latest)


def _answer(rows: list[Message], args: Args) -> Json:
    page, following = _page(rows, args, "next_ts", lambda message: message.ts)
    bodies = [_shown(m.body, with_metadata=args.flag("include_all_metadata")) for m in page]
    more = bool(following["response_metadata"]["next_cursor"])
    return {"messages": bodies, "has_more": more} | (following if more else {})


def _shown(body: Json, *, with_metadata: bool) -> Json:
    return body if with_metadata else {k: v for k, v in body.items() if k != "metadata"}

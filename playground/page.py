"""JSON for the web page, where one looks at the workspace through somebody's eyes."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from playground import form, messages, views
from playground.client import Client
from playground.errors import NotAllowed, SlackError
from playground.schema import Json
from playground.world import Channel, Message, OpenView, User, World

WAIT_SECONDS = 25.0


def state(world: World, user_id: str) -> Json:
    """All that one person sees; Slack always lists the app among them. Raises SlackError
    user_not_found."""
    with world.lock:
        me = world.user(user_id) if user_id else _first(world)
        world.dm(me.id)
        mine = [c for c in world.channels.values() if me.id in c.members]
        home = world.homes.get(me.id)
        return {
            "version": world.version,
            "now": world.clock().isoformat(),
            "me": _person(me),
            "users": [_person(user) for user in world.users.values()],
            "channels": [_channel(world, channel, me) for channel in mine],
            "messages": {c.id: _messages(world, c, me) for c in mine},
            "views": [_view(view) for view in world.stacks.get(me.id, [])],
            "home": _view(home) if home else None,
            "commands": [_command(world, name) for name in sorted(world.commands)],
            "notice": world.notices.get(me.id),
        }


def _first(world: World) -> User:
    """Whoever comes to the page without saying who: the first person there."""
    return next(user for user in world.users.values() if not user.is_bot)


def _person(user: User) -> Json:
    shown = ("id", "name", "real_name", "title", "is_bot")
    return {key: getattr(user, key) for key in shown}


def _command(world: World, name: str) -> Json:
    found = world.commands[name]
    return {
        "command": found.command,
        "usage_hint": found.usage_hint,
        "description": found.description,
    }


def _channel(world: World, channel: Channel, me: User) -> Json:
    since = world.read_until.get((me.id, channel.id), "")
    shown = messages.visible(world, channel, me.id)
    name = world.bot.real_name if channel.is_dm else channel.name
    return {
        "id": channel.id,
        "name": name,
        "kind": channel.kind,
        "topic": channel.topic,
        "unread": len([m for m in shown if m.ts > since and m.body["user"] != me.id]),
    }


def _messages(world: World, channel: Channel, me: User) -> list[Json]:
    return [_message(world, each) for each in messages.visible(world, channel, me.id)]


def _message(world: World, message: Message) -> Json:
    defaults: Json = {"reply_count": 0, "thread_ts": None, "edited": None}
    return {
        **defaults,
        **_with_image_urls(message.body),
        "is_ephemeral": message.ephemeral_to is not None,
        "user_name": world.users[message.body["user"]].real_name,
    }


def _view(view: OpenView) -> Json:
    return {**_with_image_urls(views.payload(view)), "errors": view.errors}


def _with_image_urls(value: Any) -> Any:
    """Uploaded pictures are given an address that the browser can fetch."""
    if isinstance(value, list):
        return [_with_image_urls(each) for each in value]
    if not isinstance(value, dict):
        return value
    shown = {key: _with_image_urls(each) for key, each in value.items()}
    if "slack_file" in value:
        file_id = value["slack_file"].get("id") or value["slack_file"]["url"].rsplit("/", 1)[-1]
        shown["image_url"] = f"/page/file/{file_id}"
    return shown


def act(client: Client, user_id: str, action: Json) -> Json:
    """One act of a person on the page; `ok` false says what Slack's client objects to."""
    acting = _ACTS.get(str(action.get("type")))
    if acting is None:
        return {"ok": False, "error": f"no such action: {action.get('type')}"}
    try:
        client.world.user(user_id)
        acting(client, user_id, action)
    except (NotAllowed, SlackError, KeyError, ValueError) as error:
        return {"ok": False, "error": str(error)}
    return {"ok": True}


def _type(client: Client, user_id: str, action: Json) -> None:
    channel = client.world.channels[action["channel"]]
    client.types(user_id, channel, action["text"], action.get("thread_ts") or "")


def _press(client: Client, user_id: str, action: Json) -> None:
    ids, value = (action["block_id"], action["action_id"]), action.get("value") or {}
    if "view_id" in action:
        client.press_in_view(_mine(client, user_id, action), ids, value)
        return
    channel = client.world.channels[action["channel"]]
    shown = messages.visible(client.world, channel, user_id)
    message = next((m for m in shown if m.ts == action["ts"]), None)
    if message is None:
        raise NotAllowed("message", "it is gone")
    client.press_in_message(user_id, (channel, message), ids, value)


def _mine(client: Client, user_id: str, action: Json) -> OpenView:
    view = views.find(client.world, action["view_id"])
    if view.user != user_id:
        raise NotAllowed("view", "it is somebody else's")
    return view


def _fill(client: Client, user_id: str, action: Json) -> None:
    view = _mine(client, user_id, action)
    with client.world.lock:
        for block_id, elements in action["values"].items():
            for action_id, given in elements.items():
                form.put(view, block_id, action_id, given)


def _submit(client: Client, user_id: str, action: Json) -> None:
    _fill(client, user_id, action)
    view = _mine(client, user_id, action)
    try:
        client.submit(view)
    except NotAllowed as refusal:
        view.errors[refusal.field] = refusal.reason
        client.world.touch()
        raise


def _close(client: Client, user_id: str, action: Json) -> None:
    client.close(_mine(client, user_id, action))


def _home(client: Client, user_id: str, action: Json) -> None:  # noqa: ARG001 - the shape of an act
    client.open_home(user_id)


def _read(client: Client, user_id: str, action: Json) -> None:
    channel = client.world.channels[action["channel"]]
    shown = messages.visible(client.world, channel, user_id)
    latest = max((m.ts for m in shown), default="")
    place = (user_id, channel.id)
    if client.world.read_until.get(place, "") != latest:
        client.world.read_until[place] = latest
        client.world.touch()


def _reload(client: Client, user_id: str, action: Json) -> None:  # noqa: ARG001 - the shape of an act
    client.reload(user_id)


def _clock(client: Client, user_id: str, action: Json) -> None:  # noqa: ARG001 - the shape of an act
    if client.world.set_clock is None:
        raise NotAllowed("clock", "it cannot be moved here")
    client.world.set_clock(datetime.fromisoformat(action["to"]))
    client.world.touch()


_ACTS: dict[str, Callable[[Client, str, Json], None]] = {
    "type": _type,
    "press": _press,
    "fill": _fill,
    "submit": _submit,
    "close": _close,
    "home": _home,
    "read": _read,
    "reload": _reload,
    "clock": _clock,
}


def routes(client: Client) -> list[Route]:
    page = Page(client)
    return [
        Route("/page/state", page.show),
        Route("/page/wait", page.wait),
        Route("/page/do", page.do, methods=["POST"]),
        Route("/page/file/{file_id}", page.file),
    ]


@dataclass(frozen=True, slots=True)
class Page:
    client: Client

    async def show(self, request: Request) -> Response:
        try:
            return JSONResponse(state(self.client.world, request.query_params.get("as", "")))
        except SlackError as error:
            return JSONResponse(error.reply(), 404)

    async def wait(self, request: Request) -> Response:
        known = int(request.query_params.get("version", "0"))
        version = await run_in_threadpool(self.client.world.wait, known, WAIT_SECONDS)
        return JSONResponse({"version": version})

    async def do(self, request: Request) -> Response:
        given = json.loads(await request.body())
        user_id, action = given.get("as", ""), given.get("action") or {}
        return JSONResponse(await run_in_threadpool(act, self.client, user_id, action))

    async def file(self, request: Request) -> Response:
        found = self.client.world.files.get(request.path_params["file_id"])
        if found is None or not found.complete:
            return Response(status_code=404)
        return Response(found.data, media_type=_media_type(found.name))


def _media_type(name: str) -> str:
    return {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif"}.get(
        name.rsplit(".", 1)[-1].lower(), "application/octet-stream"
    )

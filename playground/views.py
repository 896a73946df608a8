"""Modals and the Home tab: opening, stacking, updating and closing views."""

from typing import Any

from playground import form
from playground.blocks import stored
from playground.errors import SlackError
from playground.limits import STACKED_VIEWS, view_is_too_large, view_problems
from playground.messages import image_ready
from playground.schema import Json
from playground.world import OpenView, World

_DEFAULTS: Json = {"private_metadata": "", "callback_id": "", "external_id": ""}
_MODAL_DEFAULTS: Json = {
    "submit": None,
    "close": None,
    "clear_on_close": False,
    "notify_on_close": False,
}


def checked(world: World, view: Any, kind: str, same_as: OpenView | None = None) -> Json:
    """The view as Slack keeps it, without identity.

    Raises SlackError: view_too_large, invalid_arguments, duplicate_external_id.
    """
    if view_is_too_large(view):
        raise SlackError("view_too_large")
    problems = view_problems(view, kind, lambda file: image_ready(world, file))
    if problems:
        raise SlackError("invalid_arguments", problems=problems)
    _external_id_is_free(world, view.get("external_id"), same_as)
    defaults = _DEFAULTS | (_MODAL_DEFAULTS if kind == "modal" else {})
    blocks = stored(view["blocks"], lambda: world.new_id("b"))
    title = {"title": view.get("title", {"type": "plain_text", "text": "View Title"})}
    return {**defaults, **title, **view, "blocks": blocks}


def _external_id_is_free(world: World, external_id: str | None, same_as: OpenView | None) -> None:
    for view in everything_open(world):
        if external_id and view is not same_as and view.body["external_id"] == external_id:
            raise SlackError("duplicate_external_id")


def everything_open(world: World) -> list[OpenView]:
    modals = [view for stack in world.stacks.values() for view in stack]
    return [*modals, *world.homes.values()]


def find(world: World, view_id: str = "", external_id: str = "") -> OpenView:
    for view in everything_open(world):
        if view_id == view.id or external_id == view.body["external_id"] != "":
            return view
    raise SlackError("not_found")


def _new(world: World, kept: Json, user_id: str, below: OpenView | None = None) -> OpenView:
    view_id = world.new_id("V")
    identity: Json = {
        "id": view_id,
        "team_id": world.team.id,
        "app_id": world.app.id,
        "app_installed_team_id": world.team.id,
        "bot_id": world.app.bot_id,
        "root_view_id": below.body["root_view_id"] if below else view_id,
        "previous_view_id": below.id if below else None,
        "hash": _hash(world),
        "state": {"values": {}},
    }
    return OpenView({**identity, **kept}, user_id, form.values(kept["blocks"]))


def _hash(world: World) -> str:
    return f"{int(world.clock().timestamp())}.{world.new_id('')}"


def open_modal(world: World, user_id: str, view: Any) -> OpenView:
    """A new root: what was open before is gone from the screen."""
    opened = _new(world, checked(world, view, "modal"), user_id)
    world.stacks[user_id] = [opened]
    world.touch()
    return opened


def push(world: World, user_id: str, view: Any) -> OpenView:
    """Raises SlackError push_limit_reached at the fourth view of a stack."""
    stack = world.stacks.get(user_id) or []
    if not stack:
        raise SlackError("not_found")
    if len(stack) >= STACKED_VIEWS:
        raise SlackError("push_limit_reached")
    opened = _new(world, checked(world, view, "modal"), user_id, stack[-1])
    stack.append(opened)
    world.touch()
    return opened


def update(world: World, old: OpenView, view: Any, known_hash: str = "") -> OpenView:
    """Raises SlackError hash_conflict when the view has changed since `known_hash`."""
    if known_hash and known_hash != old.body["hash"]:
        raise SlackError("hash_conflict")
    kept = checked(world, view, old.body["type"], old)
    before = OpenView(old.body, old.user, old.values, old.touched)
    old.values = form.values(kept["blocks"], before)
    old.touched = {(b, a) for b, a in old.touched if a in old.values.get(b, {})}
    old.body = _identity(old.body) | kept | {"hash": _hash(world)}
    old.errors = {}
    world.touch()
    return old


def _identity(body: Json) -> Json:
    keys = ("id", "team_id", "app_id", "app_installed_team_id", "bot_id", "state")
    return {key: body[key] for key in (*keys, "root_view_id", "previous_view_id")}


def publish(world: World, user_id: str, view: Any, known_hash: str = "") -> OpenView:
    old = world.homes.get(world.user(user_id).id)
    if old is not None:
        return update(world, old, view, known_hash)
    world.homes[user_id] = _new(world, checked(world, view, "home"), user_id)
    world.touch()
    return world.homes[user_id]


def payload(view: OpenView) -> Json:
    """The view as it is sent to the app, with what has been typed."""
    return {**view.body, "state": {"values": view.values}}

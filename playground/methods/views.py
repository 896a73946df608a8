"""views.*"""

from playground import views
from playground.api import Args, method
from playground.errors import SlackError
from playground.schema import Json
from playground.world import World


@method("views.open")
def open_modal(world: World, args: Args) -> Json:
    user = world.use_trigger(args.needed("trigger_id"))
    return {"view": views.open_modal(world, user, args.json("view")).body}


@method("views.push")
def push(world: World, args: Args) -> Json:
    user = world.use_trigger(args.needed("trigger_id"))
    return {"view": views.push(world, user, args.json("view")).body}


@method("views.update")
def update(world: World, args: Args) -> Json:
    view_id, external_id = args.text("view_id"), args.text("external_id")
    if bool(view_id) == bool(external_id):
        raise SlackError("invalid_arguments")
    old = views.find(world, view_id, external_id)
    return {"view": views.update(world, old, args.json("view"), args.text("hash")).body}


@method("views.publish")
def publish(world: World, args: Args) -> Json:
    user = args.needed("user_id")
    return {"view": views.publish(world, user, args.json("view"), args.text("hash")).body}

"""api.test, auth.test and apps.connections.open."""

from playground.api import Args, method
from playground.errors import SlackError
from playground.schema import Json
from playground.world import World


@method("api.test", token="none")  # noqa: S106 - a kind of token
def api_test(world: World, args: Args) -> Json:  # noqa: ARG001 - the shape of a method
    if error := args.text("error"):
        raise SlackError(error)
    return {"args": args.given}


@method("auth.test")
def auth_test(world: World, args: Args) -> Json:  # noqa: ARG001 - the shape of a method
    return {
        "url": f"https://{world.team.domain}.slack.com/",
        "team": world.team.name,
        "user": world.bot.name,
        "team_id": world.team.id,
        "user_id": world.bot.id,
        "bot_id": world.app.bot_id,
        "is_enterprise_install": False,
    }


@method("apps.connections.open", token="app")  # noqa: S106 - a kind of token
def open_connection(world: World, args: Args) -> Json:  # noqa: ARG001 - the shape of a method
    ticket = world.new_id("K")
    world.tickets.add(ticket)
    return {"url": f"{world.base_url.replace('http', 'ws', 1)}/link/?ticket={ticket}"}

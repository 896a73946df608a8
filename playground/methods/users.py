"""users.*"""

from playground.api import Args, method
from playground.errors import SlackError
from playground.schema import Json
from playground.world import User, World


def described(world: World, user: User, *, with_locale: bool = False) -> Json:
    """Slack's user object; the address only with the scope for it."""
    profile = {"real_name": user.real_name, "display_name": user.name, "title": user.title}
    if "users:read.email" in world.app.scopes and user.email:
        profile["email"] = user.email
    shown: Json = {
        "id": user.id,
        "team_id": world.team.id,
        "name": user.name,
        "real_name": user.real_name,
        "deleted": False,
        "tz": user.tz,
        "is_bot": user.is_bot,
        "is_admin": user.is_admin,
        "profile": profile,
    }
    return shown | ({"locale": user.locale} if with_locale else {})


@method("users.info", "users:read")
def info(world: World, args: Args) -> Json:
    user = world.user(args.needed("user"))
    return {"user": described(world, user, with_locale=args.flag("include_locale"))}


@method("users.list", "users:read")
def listed(world: World, args: Args) -> Json:
    locale = args.flag("include_locale")
    shown = [described(world, user, with_locale=locale) for user in world.users.values()]
    return {"members": shown, "response_metadata": {"next_cursor": ""}}


@method("users.lookupByEmail", "users:read.email")
def by_email(world: World, args: Args) -> Json:
    email = args.needed("email").lower()
    for user in world.users.values():
        if user.email.lower() == email:
            return {"user": described(world, user)}
    raise SlackError("users_not_found")

"""files.*: the two-step upload (docs.slack.dev, "Working with files")."""

from playground import messages
from playground.api import Args, method
from playground.errors import SlackError
from playground.schema import Json
from playground.world import File, World


@method("files.getUploadURLExternal", "files:write")
def upload_url(world: World, args: Args) -> Json:
    name, length = args.needed("filename"), args.number("length", 0)
    if length <= 0:
        raise SlackError("invalid_arguments")
    file = File(world.new_id("F"), name, length, args.text("alt_txt"))
    world.files[file.id] = file
    return {"upload_url": f"{world.base_url}/upload/v1/{file.id}", "file_id": file.id}


@method("files.completeUploadExternal", "files:write")
def complete(world: World, args: Args) -> Json:
    """Raises SlackError file_not_found for a file that has no bytes yet."""
    given = args.json("files")
    if not given or not isinstance(given, list) or not all(isinstance(f, dict) for f in given):
        raise SlackError("invalid_arguments")
    done = [_completed(world, each) for each in given]
    shown = [{"id": file.id, "title": file.title} for file in done]
    if channel_id := args.text("channel_id"):
        _share(world, channel_id, args, shown)
    return {"files": shown}


def _completed(world: World, given: Json) -> File:
    file = world.files.get(given.get("id", ""))
    if file is None or not file.data:
        raise SlackError("file_not_found")
    file.title, file.complete = given.get("title") or file.name, True
    return file


def _share(world: World, channel_id: str, args: Args, shown: list[Json]) -> None:
    channel = world.channels.get(channel_id)
    if channel is None:
        raise SlackError("channel_not_found")
    if world.bot.id not in channel.members:
        raise SlackError("not_in_channel")
    kept = {"text": args.text("initial_comment"), "files": shown, "upload": False}
    messages.add(world, channel, messages.by_bot(world, kept, args.text("thread_ts")))


def receive(world: World, file_id: str, data: bytes) -> bool:
    """The bytes sent to an upload URL; they must be as many as was announced."""
    with world.lock:
        file = world.files.get(file_id)
        if file is None or file.complete or len(data) != file.length:
            return False
        file.data = data
        return True

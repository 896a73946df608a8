"""The stand-in's workspace: people, channels, messages, views, files and commands.

One lock guards everything. Whoever changes something that people can see calls `touch`, which
moves the version on and wakes those who wait for news.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from threading import Condition, RLock

from playground.errors import SlackError
from playground.faults import Faults
from playground.schema import Json

TRIGGER_SECONDS = 3.0
HOOK_SECONDS = 30 * 60.0
HOOK_USES = 5

BOT_SCOPES = frozenset(
    {
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "files:read",
        "files:write",
        "im:history",
        "im:read",
        "im:write",
        "users:read",
        "users:read.email",
    }
)
EVENTS = frozenset({"app_home_opened", "message.im", "member_joined_channel"})


@dataclass(frozen=True, slots=True)
class Team:
    id: str = "T000BROBOT"
    domain: str = "ostmark"
    name: str = "Östmark"


@dataclass(frozen=True, slots=True)
class App:
    """The installed app; `scopes` are those granted to its bot, `events` those it subscribes to."""

    id: str = "A000BROBOT"
    bot_id: str = "B000BROBOT"
    name: str = "brobot"
    bot_token: str = "xoxb-stand-in"  # noqa: S105 - opens nothing but the stand-in
    app_token: str = "xapp-1-stand-in"  # noqa: S105 - opens nothing but the stand-in
    signing_secret: str = "feedc0de" * 4  # of Slack's shape; signs nothing else
    verification_token: str = "stand-in-verification"  # noqa: S105 - as Slack's deprecated one
    scopes: frozenset[str] = BOT_SCOPES
    events: frozenset[str] = EVENTS


@dataclass(frozen=True, slots=True)
class User:
    id: str
    name: str
    real_name: str
    email: str = ""
    locale: str = "sv-SE"
    tz: str = "Europe/Stockholm"
    title: str = ""
    is_bot: bool = False
    is_admin: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    command: str
    usage_hint: str = ""
    description: str = ""


@dataclass(slots=True)
class Message:
    """A message as Slack's JSON. An ephemeral one has one reader; a late one is not yet listed."""

    body: Json
    ephemeral_to: str | None = None
    late_reads: int = 0
    lands_at: datetime | None = None

    @property
    def ts(self) -> str:
        return str(self.body["ts"])

    def has_landed(self, now: datetime) -> bool:
        return self.late_reads <= 0 and (self.lands_at is None or now >= self.lands_at)


@dataclass(slots=True)
class Channel:
    id: str
    name: str
    kind: str
    members: set[str]
    topic: str = ""
    messages: list[Message] = field(default_factory=list)

    @property
    def is_dm(self) -> bool:
        return self.kind == "dm"


@dataclass(slots=True)
class File:
    id: str
    name: str
    length: int
    alt_text: str = ""
    title: str = ""
    data: bytes = b""
    complete: bool = False


@dataclass(slots=True)
class Trigger:
    user: str
    issued: float
    used: bool = False


@dataclass(slots=True)
class Hook:
    """What a `response_url` stands for; `ts` is the message that was acted upon, if any."""

    channel: str
    user: str
    issued: float
    ts: str | None = None
    uses: int = 0


@dataclass(slots=True)
class OpenView:
    """A view as Slack's JSON, with what its reader has typed and the errors shown to them."""

    body: Json
    user: str
    values: dict[str, Json] = field(default_factory=dict)
    touched: set[tuple[str, str]] = field(default_factory=set)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return str(self.body["id"])


@dataclass(kw_only=True, eq=False)
class World:
    """`clock` dates messages; `monotonic` (seconds) ages triggers and response URLs; `wall`
    (seconds since 1970) dates request signatures, which receivers check against real time.
    `enforce_rate` holds the bot to one message a second and channel."""

    clock: Callable[[], datetime]
    monotonic: Callable[[], float]
    wall: Callable[[], float]
    set_clock: Callable[[datetime], None] | None = None
    team: Team = field(default_factory=Team)
    app: App = field(default_factory=App)
    enforce_rate: bool = False
    base_url: str = ""
    version: int = 1
    open: bool = True
    lock: RLock = field(default_factory=RLock)
    faults: Faults = field(default_factory=Faults)
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    commands: dict[str, Command] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    hooks: dict[str, Hook] = field(default_factory=dict)
    stacks: dict[str, list[OpenView]] = field(default_factory=dict)
    homes: dict[str, OpenView] = field(default_factory=dict)
    notices: dict[str, str] = field(default_factory=dict)
    read_until: dict[tuple[str, str], str] = field(default_factory=dict)
    posted_at: dict[str, float] = field(default_factory=dict)
    tickets: set[str] = field(default_factory=set)
    _ids: Iterator[int] = field(default_factory=lambda: count(1))
    _last_ts: int = 0

    def __post_init__(self) -> None:
        self.news = Condition(self.lock)
        self.bot = self._add(User(self.new_id("U"), self.app.name, "Brobot", is_bot=True))

    def add_user(
        self,
        name: str,
        real_name: str = "",
        *,
        email: str = "",
        title: str = "",
        locale: str = "sv-SE",
        tz: str = "Europe/Stockholm",
        is_admin: bool = False,
    ) -> User:
        real_name = real_name or name.capitalize()
        email = email or f"{name}@example.se"
        new = User(self.new_id("U"), name, real_name, email, locale, tz, title, is_admin=is_admin)
        return self._add(new)

    def add_channel(
        self, name: str, members: list[User], *, topic: str = "", with_bot: bool = True
    ) -> Channel:
        ids = {user.id for user in members} | ({self.bot.id} if with_bot else set())
        with self.lock:
            channel = Channel(self.new_id("C"), name, "channel", ids, topic)
            self.channels[channel.id] = channel
            self.touch()
        return channel

    def add_command(self, command: str, usage_hint: str = "", description: str = "") -> Command:
        self.commands[command] = Command(command, usage_hint, description)
        return self.commands[command]

    def _add(self, user: User) -> User:
        with self.lock:
            self.users[user.id] = user
            self.touch()
        return user

    def touch(self) -> None:
        with self.lock:
            self.version += 1
            self.news.notify_all()

    def wait(self, version: int, seconds: float) -> int:
        """Waits until the version is no longer `version`, and returns it."""
        with self.lock:
            self.news.wait_for(lambda: self.version != version or not self.open, seconds)
            return self.version

    def close(self) -> None:
        with self.lock:
            self.open = False
            self.news.notify_all()

    def new_id(self, prefix: str) -> str:
        return f"{prefix}0{next(self._ids):08X}"

    def new_ts(self) -> str:
        """A message's timestamp, which is also its identity: unique and increasing."""
        with self.lock:
            now = int(self.clock().timestamp()) * 1_000_000
            self._last_ts = max(now, self._last_ts) + 100
            return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def user(self, user_id: str) -> User:
        if user_id not in self.users:
            raise SlackError("user_not_found")
        return self.users[user_id]

    def user_named(self, name: str) -> User:
        """By id or by name. Raises SlackError user_not_found."""
        for user in self.users.values():
            if name in {user.name, user.id}:
                return user
        raise SlackError("user_not_found")

    def channel_named(self, name: str) -> Channel:
        """By id or by name, with or without "#". Raises SlackError channel_not_found."""
        for channel in self.channels.values():
            if name == channel.id or name.removeprefix("#") == channel.name != "":
                return channel
        raise SlackError("channel_not_found")

    def dm(self, user_id: str) -> Channel:
        """The direct conversation between the bot and a person; opened if there is none."""
        pair = {self.user(user_id).id, self.bot.id}
        for channel in self.channels.values():
            if channel.is_dm and channel.members == pair:
                return channel
        channel = Channel(self.new_id("D"), "", "dm", pair)
        self.channels[channel.id] = channel
        self.touch()
        return channel

    def new_trigger(self, user_id: str) -> str:
        number = next(self._ids)
        trigger = f"{number}.{number + 7_000_000}.{number:032x}"
        self.triggers[trigger] = Trigger(user_id, self.monotonic())
        return trigger

    def use_trigger(self, trigger_id: str) -> str:
        """The user behind a trigger, which lives three seconds and is good for one view."""
        trigger = self.triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self.monotonic() - trigger.issued > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger.user

    def new_response_url(self, channel_id: str, user_id: str, ts: str | None = None) -> str:
        key = f"{next(self._ids):024x}"
        self.hooks[key] = Hook(channel_id, user_id, self.monotonic(), ts)
        return f"{self.base_url}/response/{self.team.id}/{key}"

    def use_hook(self, key: str) -> Hook:
        """A `response_url` is good for five uses within thirty minutes."""
        hook = self.hooks.get(key)
        if hook is None or self.monotonic() - hook.issued > HOOK_SECONDS:
            raise SlackError("expired_url")
        if hook.uses >= HOOK_USES:
            raise SlackError("used_url")
        hook.uses += 1
        return hook

    def notice(self, user_id: str, text: str) -> None:
        """Slack tells a person that something went wrong."""
        self.notices[user_id] = text
        self.touch()

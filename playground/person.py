"""A person at work in the stand-in Slack: the driver of the tests and of the demo's story.

maria = slack.person("maria")
maria.types("/workshop Exportdag", channel="bro")
maria.fills(title="Exportdag", members=["Kumla"])
maria.submits()
assert "Exportdag" in maria.dm[-1].text
"""

from typing import Any

from playground import form, messages, seen
from playground.client import Client
from playground.errors import NotAllowed
from playground.schema import Json
from playground.seen import Screen, Seen
from playground.world import Channel, Message, OpenView, User, World

Place = tuple[Channel, Message]


class Person:
    """Every act returns when the app has answered. Raises NotAllowed for what Slack's own client
    would not let a person do."""

    def __init__(self, world: World, client: Client, user: User) -> None:
        self.world = world
        self.client = client
        self.user = user

    @property
    def id(self) -> str:
        return self.user.id

    @property
    def notice(self) -> str:
        """What Slack itself last told this person went wrong, if anything."""
        return self.world.notices.get(self.id, "")

    def types(self, text: str, channel: str = "", thread: str = "") -> None:
        """A slash command or a text, in a channel by name or id; without one, in the DM."""
        self.client.types(self.id, self._channel(channel), text, thread)

    says = types

    def _channel(self, name: str) -> Channel:
        with self.world.lock:
            return self.world.channel_named(name) if name else self.world.dm(self.id)

    def sees(self, channel: str = "") -> list[Seen]:
        """The messages on the screen, oldest first."""
        place = self._channel(channel)
        with self.world.lock:
            shown = messages.visible(self.world, place, self.id)
            return [seen.message(self.world, place, each) for each in shown]

    @property
    def dm(self) -> list[Seen]:
        """The messages with the bot."""
        return self.sees()

    @property
    def modal(self) -> Screen | None:
        """The form on top, if any is open."""
        with self.world.lock:
            stack = self.world.stacks.get(self.id)
            return seen.screen(stack[-1]) if stack else None

    @property
    def modals(self) -> int:
        """How many forms lie on one another."""
        return len(self.world.stacks.get(self.id, []))

    @property
    def home(self) -> Screen | None:
        with self.world.lock:
            view = self.world.homes.get(self.id)
            return seen.screen(view) if view else None

    def _top(self) -> OpenView:
        stack = self.world.stacks.get(self.id)
        if not stack:
            raise NotAllowed("modal", "no form is open")
        return stack[-1]

    def fills(self, **fields: Any) -> None:
        """By block id. Options are given by their visible text or value, dates as dates or text,
        and None empties a field."""
        for block_id, value in fields.items():
            view = self._top()
            ids, element = self._field(view, block_id)
            self.client.fill(view, ids, form.from_words(element, block_id, value))

    def _field(self, view: OpenView, block_id: str) -> tuple[tuple[str, str], Json]:
        for block, element in form.stateful(view.body["blocks"]):
            if block["block_id"] == block_id:
                return (block_id, element["action_id"]), element
        raise NotAllowed(block_id, "there is no such field")

    def searches(self, block_id: str, typed: str) -> list[str]:
        """Types into an external select, and picks the first of the options offered, if any."""
        view = self._top()
        ids, element = self._field(view, block_id)
        offered = self.client.suggested(view, ids, typed)
        if offered:
            value = [offered[0]] if element["type"].startswith("multi") else offered[0]
            self.client.fill(view, ids, form.state(element, value))
        return [option["text"]["text"] for option in offered]

    def submits(self) -> None:
        self.client.submit(self._top())

    def closes(self) -> None:
        self.client.close(self._top())

    def presses(self, label: str, in_message: Seen | None = None) -> None:
        """A button or menu entry by its visible text: in the message given, else in the open
        form, else in the latest message that has it, else in the Home tab."""
        with self.world.lock:
            target = self._pressable(label, in_message)
        if target is None:
            raise NotAllowed(label, "nothing to press has this text")
        place, ids, state = target
        if isinstance(place, OpenView):
            self.client.press_in_view(place, ids, state)
        else:
            self.client.press_in_message(self.id, place, ids, state)

    def _pressable(
        self, label: str, in_message: Seen | None
    ) -> tuple[OpenView | Place, tuple[str, str], Json] | None:
        for place, blocks in self._places(in_message):
            for text, ids, state in seen.pressable(blocks):
                if text == label:
                    return place, ids, state
        return None

    def _places(self, only: Seen | None) -> list[tuple[OpenView | Place, list[Json]]]:
        """Where this person can press, the likeliest first."""
        found: list[tuple[OpenView | Place, list[Json]]] = []
        if stack := self.world.stacks.get(self.id):
            found.append((stack[-1], stack[-1].body["blocks"]))
        shown = [place for place in self._messages() if only is None or place[1].ts == only.ts]
        listed = [(place, place[1].body.get("blocks", [])) for place in shown]
        if only is not None:
            return [*listed]
        found.extend(listed)
        if home := self.world.homes.get(self.id):
            found.append((home, home.body["blocks"]))
        return found

    def _messages(self) -> list[Place]:
        """Every message this person can see, newest first."""
        mine = [c for c in self.world.channels.values() if self.id in c.members]
        found = [(c, m) for c in mine for m in messages.visible(self.world, c, self.id)]
        return sorted(found, key=lambda place: place[1].ts, reverse=True)

    def chooses(self, action_id: str, wanted: Any, in_message: Seen | None = None) -> None:
        """Chooses in a select, picker or tick box of a message, the open form or the Home tab."""
        with self.world.lock:
            places = self._places(in_message)
        for place, blocks in places:
            for block, element in form.stateful(blocks):
                if element["action_id"] == action_id:
                    ids = (block["block_id"], action_id)
                    self._choose(place, ids, form.from_words(element, ids[0], wanted))
                    return
        raise NotAllowed(action_id, "there is nothing like it to choose in")

    def _choose(self, place: OpenView | Place, ids: tuple[str, str], state: Json) -> None:
        if isinstance(place, OpenView):
            self.client.fill(place, ids, state)
        else:
            self.client.press_in_message(self.id, place, ids, state)

    def opens_home(self) -> Screen | None:
        self.client.open_home(self.id)
        return self.home

    def joins(self, channel: str) -> None:
        self.client.join(self.id, self._channel(channel))

    def invites_bot(self, channel: str) -> None:
        self.client.join(self.world.bot.id, self._channel(channel), inviter=self.id)

    def reloads(self) -> None:
        """Ephemeral messages and open forms are gone."""
        self.client.reload(self.id)

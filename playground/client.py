"""Slack's own client: what happens when a person types, presses, submits or closes.

Nothing is held locked while the app is asked, since the app calls the Web API before it answers.
"""

from typing import Any

from playground import form, messages, payloads, views
from playground.blocks import PRESSED, elements
from playground.delivery import COMMAND, EVENT, INTERACTION, Answer, Courier
from playground.errors import NotAllowed, SlackError
from playground.limits import options
from playground.schema import Json
from playground.world import Channel, Message, OpenView, World

TROUBLE = "We had some trouble connecting. Try again?"
UNANSWERED = "Something went wrong. This app did not answer in the way that Slack expects."


class Client:
    def __init__(self, world: World, courier: Courier) -> None:
        self.world = world
        self.courier = courier

    def types(self, user_id: str, channel: Channel, text: str, thread_ts: str = "") -> None:
        """A slash command, or something said."""
        self.world.notices.pop(user_id, None)
        if text.startswith("/"):
            self._command(user_id, channel, text)
        else:
            self._say(user_id, channel, text, thread_ts)

    def _command(self, user_id: str, channel: Channel, text: str) -> None:
        name = text.partition(" ")[0]
        if name not in self.world.commands:
            self.world.notice(user_id, f"{name} is not a valid command.")
            return
        payload = payloads.command(self.world, user_id, channel, text)
        answer = self.courier.send(COMMAND, payload)
        error = answer.error or self._show_answer(user_id, channel, answer.body)
        if error:
            self.world.notice(user_id, f'{name} failed with the error "{error}"')

    def _show_answer(self, user_id: str, channel: Channel, body: Any) -> str:
        """A command may be answered with nothing, a text or a message. The error's name, if any."""
        given = {"text": body} if isinstance(body, str) else body
        if not given or given == {"text": ""}:
            return ""
        try:
            with self.world.lock:
                messages.add_response(self.world, channel, user_id, given)
        except (SlackError, AttributeError):
            return "invalid_command_response"
        return ""

    def _say(self, user_id: str, channel: Channel, text: str, thread_ts: str) -> None:
        if user_id not in channel.members:
            raise NotAllowed(channel.name, "not a member")
        body = {
            "type": "message",
            "user": user_id,
            "team": self.world.team.id,
            "text": payloads.escaped(text),
            "ts": self.world.new_ts(),
            **({"thread_ts": thread_ts} if thread_ts else {}),
        }
        with self.world.lock:
            said = messages.add(self.world, channel, body)
        if channel.is_dm:
            self.event("message.im", payloads.direct_message(self.world, said, channel))

    def event(self, name: str, payload: Json) -> Answer | None:
        """An event reaches the app if it subscribes to it."""
        if name not in self.world.app.events:
            return None
        return self.courier.send(EVENT, payload)

    def press_in_message(
        self, user_id: str, place: tuple[Channel, Message], ids: tuple[str, str], value: Json
    ) -> None:
        """`ids` are block id and action id; `value` is the state of an element that has one."""
        channel, message = place
        blocks = message.body.get("blocks", [])
        block, element = _found(blocks, *ids)
        state = _state(element, block["block_id"], value)
        values = form.values(blocks)
        if element["type"] not in PRESSED:
            values[ids[0]][ids[1]] = state
        action = payloads.action(self.world, block, element, state)
        self._interact(
            user_id,
            payloads.message_action(self.world, user_id, (channel, message), action, values),
        )

    def press_in_view(self, view: OpenView, ids: tuple[str, str], value: Json) -> None:
        block, element = _found(view.body["blocks"], *ids)
        state = _state(element, block["block_id"], value)
        if element["type"] not in PRESSED:
            with self.world.lock:
                form.put(view, *ids, state)
        action = payloads.action(self.world, block, element, state)
        self._interact(view.user, payloads.view_action(self.world, view, action))

    def _interact(self, user_id: str, payload: Json) -> None:
        self.world.notices.pop(user_id, None)
        if self.courier.send(INTERACTION, payload).error:
            self.world.notice(user_id, UNANSWERED)

    def fill(self, view: OpenView, ids: tuple[str, str], state: Json) -> None:
        """Typing or choosing in a form; the app hears of it only where it has asked to."""
        with self.world.lock:
            form.put(view, *ids, state)
            self.world.touch()
        block, element = _found(view.body["blocks"], *ids)
        chosen = not element["type"].endswith("_input")
        if block["type"] != "input" or (block.get("dispatch_action") and chosen):
            self.press_in_view(view, ids, state)

    def suggested(self, view: OpenView, ids: tuple[str, str], typed: str) -> list[Json]:
        """The options an external select offers for what has been typed."""
        block, element = _found(view.body["blocks"], *ids)
        payload = payloads.suggestion(self.world, view, block, element, typed)
        body = self.courier.send(INTERACTION, payload).body
        return list(options(body)) if isinstance(body, dict) else []

    def submit(self, view: OpenView) -> None:
        """Raises NotAllowed, and sends nothing, when the client finds the form incomplete."""
        user_id = view.user
        if view.body["submit"] is None:
            raise NotAllowed("submit", "this form has no submit button")
        for refusal in form.refusals(view):
            raise refusal
        self.world.notices.pop(user_id, None)
        answer = self.courier.send(INTERACTION, payloads.submission(self.world, view))
        try:
            with self.world.lock:
                self._after_submission(view, answer)
        except (SlackError, AttributeError, KeyError, TypeError):
            self.world.notice(user_id, TROUBLE)

    def _after_submission(self, view: OpenView, said: Answer) -> None:
        if said.error:
            raise SlackError(said.error)
        answer: Json = said.body or {}
        action = answer.get("response_action")
        if action == "errors":
            self._show_errors(view, answer["errors"])
        elif action == "update":
            views.update(self.world, view, answer["view"])
        elif action == "push":
            views.push(self.world, view.user, answer["view"])
        elif action == "clear":
            self.world.stacks[view.user] = []
        elif action is None:
            self._take_away(view)
        else:
            raise SlackError("invalid_arguments")
        self.world.touch()

    def _show_errors(self, view: OpenView, errors: dict[str, str]) -> None:
        """Slack shows an error only beside an input block, and drops the others."""
        inputs = {b["block_id"] for b in view.body["blocks"] if b["type"] == "input"}
        view.errors = {block: str(text) for block, text in errors.items() if block in inputs}

    def _take_away(self, view: OpenView) -> None:
        stack = self.world.stacks.get(view.user, [])
        if view in stack:
            stack.remove(view)

    def close(self, view: OpenView) -> None:
        """The person turns away from a form; with clear_on_close from all that lie below too."""
        with self.world.lock:
            cleared = bool(view.body["clear_on_close"])
            stack = self.world.stacks.get(view.user, [])
            gone = list(reversed(stack)) if cleared else [view]
            self.world.stacks[view.user] = [other for other in stack if other not in gone]
            self.world.touch()
        for each in gone:
            if each.body["notify_on_close"]:
                payload = payloads.closed(self.world, each, is_cleared=cleared)
                self.courier.send(INTERACTION, payload)

    def open_home(self, user_id: str) -> None:
        self.world.notices.pop(user_id, None)
        with self.world.lock:
            payload = payloads.home_opened(self.world, user_id)
        self.event("app_home_opened", payload)

    def join(self, user_id: str, channel: Channel, inviter: str = "") -> None:
        with self.world.lock:
            channel.members.add(user_id)
            self.world.touch()
        payload = payloads.joined(self.world, user_id, channel, inviter)
        self.event("member_joined_channel", payload)

    def reload(self, user_id: str) -> None:
        """Slack keeps no ephemeral message beyond the session it was shown in."""
        with self.world.lock:
            for channel in self.world.channels.values():
                kept = [m for m in channel.messages if m.ephemeral_to != user_id]
                channel.messages[:] = kept
            self.world.stacks.pop(user_id, None)
            self.world.touch()


def _found(blocks: list[Json], block_id: str, action_id: str) -> tuple[Json, Json]:
    for block in blocks:
        for element in elements(block):
            if block["block_id"] == block_id and element["action_id"] == action_id:
                return block, element
    raise NotAllowed(block_id, f"there is no {action_id} here")


def _state(element: Json, block_id: str, value: Json) -> Json:
    """What was chosen, as the app is told of it."""
    if element["type"] == "button":
        return {}
    if element["type"] == "overflow":
        wanted = value.get("selected_option", value)
        chosen = next((o for o in element["options"] if o["value"] == wanted.get("value")), None)
        if chosen is None:
            raise NotAllowed(block_id, "no such option is offered")
        return {"selected_option": chosen}
    return form.from_words(element, block_id, form.held(element, value))

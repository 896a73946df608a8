"""What Slack is answered, and what when somebody has sent a form.
https://docs.slack.dev/surfaces/modals#response_actions"""

from collections.abc import Mapping
from typing import Any

from bot.language import Code, language
from bot.outcomes import Done, Open, Outcome, Refuse, Replace, Retry, Show
from bot.pages import said
from bot.people import Person
from handlers.slack.forms import errors_of, page_view, view_of
from handlers.slack.pages import blocks_of

Body = Mapping[str, Any]
Response = dict[str, Any] | str
"""What Slack is answered when all is done: the only acknowledgement there is."""

TAKEN: Response = ""

HELD_BACK = "held-back"
OUR_PARTS = ("type", "callback_id", "title", "submit", "close", "private_metadata")
"""What of a view we have made ourselves; Slack adds to it."""


def of_form(outcome: Outcome, person: Person, body: Body) -> Response:
    voice = language(_chosen(outcome) or person.language)
    match outcome:
        case Done():
            return {"response_action": "clear"}
        case Retry(form=form) if errors_of(form):
            return {"response_action": "errors", "errors": errors_of(form)}
        case Retry(form=form):
            return {"response_action": "update", "view": view_of(form, voice)}
        case Open(form=form):
            return {"response_action": "push", "view": view_of(form, voice)}
        case Refuse(sentence=sentence):
            return _refused(sentence, body)
        case Show(page=page) | Replace(page=page):
            return {"response_action": "update", "view": page_view(page, voice)}


def _chosen(outcome: Outcome) -> Code | None:
    return outcome.language if isinstance(outcome, Show) else None


def _refused(sentence: str, body: Body) -> Response:
    """At the form's first field, so that all that was typed stays; a form without fields is
    shown the sentence instead."""
    inputs = (each["block_id"] for each in body["view"]["blocks"] if each["type"] == "input")
    first = next(inputs, None)
    if first is not None:
        return {"response_action": "errors", "errors": {first: sentence}}
    return {"response_action": "update", "view": page_view(said(sentence), language("sv"))}


def held_back(sentence: str, body: Body) -> Response:
    """As `_refused`, but a form without fields stays too: it can be sent once more."""
    view = body["view"]
    if any(each["type"] == "input" for each in view["blocks"]):
        return _refused(sentence, body)
    told = blocks_of(said(sentence))[0] | {"block_id": HELD_BACK}
    below = [each for each in view["blocks"] if each["block_id"] != HELD_BACK]
    kept = {name: view[name] for name in OUR_PARTS if view.get(name)}
    return {"response_action": "update", "view": {**kept, "blocks": [told, *below]}}

"""Blocks and views to test with, each valid unless a test breaks it."""

from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str = "Hej", **extra: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **extra}


def button(label: str = "Ändra", action_id: str = "change", **extra: Any) -> Json:
    return {"type": "button", "text": plain(label), "action_id": action_id, **extra}


def actions(*elements: Json, **extra: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **extra}


def option(value: str, text: str = "") -> Json:
    return {"text": plain(text or value), "value": value}


def field(block_id: str, element: Json | None = None, **extra: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": "a"} if element is None else element
    label = plain(block_id.capitalize())
    return {"type": "input", "block_id": block_id, "label": label, "element": element, **extra}


def select(kind: str, *values: str, **extra: Any) -> Json:
    return {"type": kind, "action_id": "a", "options": [option(v) for v in values], **extra}


def modal(*blocks: Json, **extra: Any) -> Json:
    shown = list(blocks) or [section()]
    return {
        "type": "modal",
        "title": plain("Workshop"),
        "submit": plain("Skicka"),
        "blocks": shown,
        **extra,
    }


def home(*blocks: Json) -> Json:
    return {"type": "home", "blocks": list(blocks)}

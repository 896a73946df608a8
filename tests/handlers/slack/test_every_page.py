"""The scenes by which pages are tried leave none out."""

import sys
from collections.abc import Iterator
from importlib import import_module
from inspect import isfunction
from pkgutil import iter_modules
from types import CodeType, FrameType

from bot import say
from bot.ledger.audit import Act
from bot.say.acts import ACTS
from tests.handlers.slack.every_page import pages


def spoken() -> Iterator[tuple[str, CodeType]]:
    """Every public function of the rooms that put facts into words."""
    for found in iter_modules(say.__path__):
        module = import_module(f"{say.__name__}.{found.name}")
        for name, each in vars(module).items():
            if isfunction(each) and each.__module__ == module.__name__ and name[0] != "_":
                yield f"{found.name}.{name}", each.__code__


def entered() -> set[CodeType]:
    """The functions that run while all scenes are drawn."""
    found: set[CodeType] = set()

    def note(frame: FrameType, _event: str, _arg: object) -> None:
        found.add(frame.f_code)

    sys.setprofile(note)
    try:
        pages("Exportdag", "sv")
    finally:
        sys.setprofile(None)
    return found


def test_every_public_function_that_puts_facts_into_words_is_entered_by_a_scene():
    everything = dict(spoken())
    assert len(everything) > 60  # else they are not found
    reached = entered()
    assert [name for name, code in everything.items() if code not in reached] == []


def test_every_act_in_the_audit_trail_is_named_on_some_page():
    """`acts.py` has no function of its own: its words stand in the extract."""
    shown = repr(pages("Exportdag", "en"))
    assert [act for act in Act if ACTS[act] not in shown] == []

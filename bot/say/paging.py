"""Long lists, a few entries at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.language import Language
from bot.pages import Button, Buttons, Note, Part

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of a list: `number` counts from 0, `length` is how many entries fit."""

    number: int
    length: int

    def of(self, entries: Sequence[T]) -> Sequence[T]:
        return entries[self.number * self.length : (self.number + 1) * self.length]

    def turning(
        self, verb: str, about: Mapping[str, str], count: int, language: Language
    ) -> tuple[Part, ...]:
        """The way to the pages before and after, where there are any."""
        last = (count - 1) // self.length
        if last < 1:
            return ()
        t = language.t
        ways = []
        if self.number > 0:
            to = {**about, "page": str(self.number - 1)}
            ways.append(Button(t("Previous page"), verb, to))
        if self.number < last:
            ways.append(Button(t("Next page"), verb, {**about, "page": str(self.number + 1)}))
        where = t("Page {page} of {pages}", page=self.number + 1, pages=last + 1)
        return (Note((where,)), Buttons(tuple(ways)))

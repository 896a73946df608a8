"""What came back from a report's form, as it came."""

from dataclasses import dataclass

from bot.asking import RawAnswers
from bot.desk import on_behalf
from bot.desk.recording import GONE
from bot.desk.report_forms import FOR, HOME, SAME, SURE
from bot.rights import NotAllowedError

_DIGITS = 18
"""More than any id has, and what every database takes."""


@dataclass(frozen=True, slots=True)
class Submission:
    """What came back from a report's form. A repeat of it comes with the same key."""

    kind: str
    answers: RawAnswers
    about: dict[str, str]
    key: str

    @property
    def changes(self) -> bool:
        return "report" in self.about

    @property
    def changed(self) -> int:
        """The id of the report that it changes. Raises NotAllowedError if that is no id."""
        given = self.about["report"]
        if not given.isdecimal() or len(given) > _DIGITS:
            raise NotAllowedError(GONE)
        return int(given)

    @property
    def own(self) -> RawAnswers:
        """The answers to the report's own questions."""
        asked_beside = (HOME, SAME, SURE, FOR)
        return {name: v for name, v in self.answers.items() if name not in asked_beside}

    @property
    def answered_for(self) -> str | None:
        """The municipality whose answer it is, where the office records it for them."""
        if self.changes or self.kind != on_behalf.KIND or FOR not in self.about:
            return None
        return str(self.answers.get(FOR))

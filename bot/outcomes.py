"""What the desk answers, for any door to carry out."""

from dataclasses import dataclass

from bot.forms import Form
from bot.language import Code
from bot.pages import Page


@dataclass(frozen=True, slots=True)
class Show:
    """Say this privately to whoever asked."""

    page: Page
    language: Code | None = None
    """The one that it is in, where they have just chosen it."""


@dataclass(frozen=True, slots=True)
class Replace:
    """Put this in place of the page whose button was pressed."""

    page: Page


@dataclass(frozen=True, slots=True)
class Open:
    """Open this form; above the one that is open, if there is one."""

    form: Form


@dataclass(frozen=True, slots=True)
class Retry:
    """The answers cannot be taken yet. The same form again, with errors or further questions."""

    form: Form


@dataclass(frozen=True, slots=True)
class Done:
    """Taken. Close the form, and all below it."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """It was not done. Say why, and keep what was typed."""

    sentence: str


Outcome = Show | Replace | Open | Retry | Done | Refuse

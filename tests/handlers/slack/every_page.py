"""All scenes together: no page that somebody may come to see is missing from them."""

from collections.abc import Callable

from bot.language import Code
from bot.pages import Page
from tests.handlers.slack import scenes, scenes_of_upkeep

SCENES: tuple[Callable[[str, Code], scenes.Named], ...] = (
    scenes._on_the_plan,
    scenes._on_reports,
    scenes._on_people,
    scenes._on_reminders,
    scenes._on_the_week,
    scenes._ways_in,
    scenes._on_inquiries,
    scenes._on_campaigns,
    scenes_of_upkeep._on_what_is_kept,
    scenes_of_upkeep._on_erasing,
    scenes_of_upkeep._on_disposal,
    scenes_of_upkeep._on_the_bot_itself,
)


def pages(words: str, code: Code) -> dict[str, Page]:
    """By a name to be told apart with."""
    return {name: page for scene in SCENES for name, page in scene(words, code)}

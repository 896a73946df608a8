"""Questions that several kinds of report ask in the same words."""

from typing import Annotated

from pydantic import Field

from bot.asking import Ask, Prose
from bot.language import N_

Remark = Annotated[
    str | None,
    Field(max_length=1000),
    Ask(N_("Notes"), Prose(1000), hint=N_("No personal data, please.")),
]
"""A few words beside a step in a case."""

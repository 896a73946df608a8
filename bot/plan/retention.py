"""How long records are kept, as a plan file says it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Retention(BaseModel):
    """How long cases that a report of `kind` opens are kept, with all that is told in them. `basis`
    quotes the authority's decision. A kind without a rule is kept for good."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    keep_years: int = Field(gt=0, le=1000)
    after: Literal["plan ends", "case closes", "recorded"]
    basis: str = Field(min_length=1)


class Disposal(BaseModel):
    """After how many days goes what has served its purpose: settled messages (those of a case stay
    with it), keys of submissions, notes of who has been reminded."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    messages_days: int = Field(default=90, ge=30)
    keys_days: int = Field(default=30, ge=7)
    reminded_days: int = Field(default=730, ge=366)

"""What is to be said unasked, as the outbox keeps it: a name and ids, never words.

The words are found when the message is delivered, for the one who will read it then. So no row
holds what somebody may no longer see, and a reminder can notice that it has lost its point.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class _Notice(BaseModel):
    model_config = ConfigDict(frozen=True)


class Receipt(_Notice):
    """A report was recorded: what was saved, what it counts for, how to change it."""

    say: Literal["receipt"] = "receipt"
    report: int


class HeldReceipt(_Notice):
    """What was reported is kept until an admin has said whom the reporter speaks for."""

    say: Literal["held"] = "held"


class HomeRequest(_Notice):
    """To an admin: somebody asks to speak for a municipality."""

    say: Literal["home_request"] = "home_request"
    person: str
    home: str


class HomeDecision(_Notice):
    """To the one who asked."""

    say: Literal["home_decision"] = "home_decision"
    home: str
    granted: bool


class ReminderDue(_Notice):
    """An occasion of an admin's reminder, for one recipient."""

    say: Literal["reminder"] = "reminder"
    reminder: int
    period: str


class ReminderMissed(_Notice):
    """To an admin: occasions of a reminder that did not come, and will not."""

    say: Literal["reminder_missed"] = "reminder_missed"
    reminder: int
    period: str


class ReminderSaved(_Notice):
    """To the admin who made or changed it."""

    say: Literal["reminder_saved"] = "reminder_saved"
    reminder: int


class DigestDue(_Notice):
    """The week's digest, for the channel."""

    say: Literal["digest"] = "digest"
    week: str


class DigestDetail(_Notice):
    """What does not fit on the digest's one screen, for its thread."""

    say: Literal["digest_detail"] = "digest_detail"
    week: str


class InquiryAsked(_Notice):
    """To a contact: an inquiry that their municipality (`home`) is asked to answer."""

    say: Literal["inquiry"] = "inquiry"
    case: str
    home: str


class InquiryFollowed(_Notice):
    """To a coordinator, and to a leader named in the case: an inquiry that somebody else has
    registered, kept current."""

    say: Literal["followed"] = "followed"
    case: str


class InquiryNudge(_Notice):
    """To a contact or a deputy: a limit of an inquiry is near, or has passed. `home` is whose."""

    say: Literal["nudge"] = "nudge"
    case: str
    home: str
    limit: Literal["acknowledge", "answer"]


class InquiryLate(_Notice):
    """To the coordinator and to whose case it is: limits have passed. Which, and whose, is found
    when it is said."""

    say: Literal["late"] = "late"
    case: str


class InquiryOld(_Notice):
    """To whom a case belongs: what became of it?"""

    say: Literal["old"] = "old"
    case: str


class Guide(_Notice):
    """To somebody who wrote to the bot without a command. `near` is the command that the first
    word may have meant, as it is typed; none of their own words."""

    say: Literal["guide"] = "guide"
    near: str = ""


class DisposalAhead(_Notice):
    """To an admin: what goes by the rules of disposal, on the day `by`."""

    say: Literal["disposal"] = "disposal"
    by: str


class Joined(_Notice):
    """To an admin: somebody has become a contact without being asked about, by the address."""

    say: Literal["joined"] = "joined"
    person: str
    home: str


class Undelivered(_Notice):
    """To an admin: a message could not be delivered, for good."""

    say: Literal["undelivered"] = "undelivered"
    recipient: str
    what: str
    trouble: str


class Unsaid(_Notice):
    """To an admin: a message to the channel waits for somebody to put something right."""

    say: Literal["unsaid"] = "unsaid"
    message: str
    """Its key."""
    trouble: str


Notice = (
    Receipt
    | HeldReceipt
    | HomeRequest
    | HomeDecision
    | Joined
    | ReminderDue
    | ReminderMissed
    | ReminderSaved
    | DigestDue
    | DigestDetail
    | InquiryAsked
    | InquiryFollowed
    | InquiryNudge
    | InquiryLate
    | InquiryOld
    | Guide
    | DisposalAhead
    | Undelivered
    | Unsaid
)

OF_A_CASE = (Receipt, InquiryAsked, InquiryFollowed, InquiryNudge, InquiryLate, InquiryOld)
"""What may tell of a confidential case: to others it is a message like any other."""

BY_THE_CLOCK = (
    *(ReminderDue, ReminderMissed, DigestDue, DigestDetail),
    *(InquiryNudge, InquiryLate, InquiryOld, DisposalAhead),
)
"""What is said because its time has come. All else follows from what somebody has done."""

_ADAPTER: TypeAdapter[Notice] = TypeAdapter(Annotated[Notice, Field(discriminator="say")])


def notice_from(row: object) -> Notice:
    """From the outbox's JSON. Raises pydantic's ValidationError for anything else."""
    return _ADAPTER.validate_python(row)

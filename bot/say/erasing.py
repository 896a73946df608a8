"""Before somebody's personal data are erased: what goes, what stays, and what to look at first."""

from dataclasses import dataclass

from bot.language import Language
from bot.pages import Part, Strong, lines, note, text
from bot.people import Person

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Preview:
    """`reports` and `held` are how many there are; `mentions` the ids of the reports in whose free
    text the person's name, address or id stands."""

    person: Person
    reports: int
    held: int
    mentions: tuple[int, ...]


def before(preview: Preview, language: Language) -> tuple[Part, ...]:
    t = language.t
    going = (
        t("Name, e-mail address, id in the chat, municipality and roles are removed."),
        t("Reports that wait for an admin are removed: {count}.", count=preview.held),
        t("Messages to the person are removed here. Those in the chat itself stay there."),
        t("Reports stay as the record, told by a pseudonym: {count}.", count=preview.reports),
    )
    return (
        text(Strong(preview.person.name), f" {preview.person.email}"),
        lines((f"• {each}",) for each in going),
        *_mentions(preview, language),
    )


def _mentions(preview: Preview, language: Language) -> tuple[Part, ...]:
    if not preview.mentions:
        return ()
    ids = ", ".join(map(str, preview.mentions[:SHOWN]))
    sentence = language.t(
        "Their name stands in the text of these reports, which stays as it was written: {ids}. "
        "Change them first if it should not.",
        ids=ids,
    )
    return (note(sentence),)

"""Somebody's personal data erased, in words: what goes, what stays, what to look at."""

from dataclasses import dataclass

from bot.language import Language
from bot.pages import Page, Part, Strong, lines, note, text
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


def erased(pseudonym: str, mentions: tuple[int, ...], language: Language) -> Page:
    """Once it has been done."""
    t = language.t
    done = t("Erased. What stays is told by: {pseudonym}.", pseudonym=pseudonym)
    numbers = ", ".join(map(str, mentions[:SHOWN]))
    named = t("The name still stands in the text of reports {numbers}.", numbers=numbers)
    return Page(done, (text(done), *((text(named),) if mentions else ())))

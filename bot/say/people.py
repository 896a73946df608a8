"""People in words: requests to speak for a municipality, and the admins' list."""

from bot.language import N_, Language
from bot.names import PlanNames
from bot.pages import (
    Button,
    Buttons,
    Divider,
    Heading,
    Page,
    Part,
    Strong,
    Text,
    lines,
    note,
    said,
    text,
)
from bot.people import Person, Role
from bot.say.paging import Leaf

PAGE_LENGTH = 8

ROLES = {
    Role.CONTACT: N_("contact"),
    Role.DEPUTY: N_("deputy"),
    Role.COORDINATOR: N_("coordinator"),
    Role.LEADERSHIP: N_("leadership"),
    Role.ADMIN: N_("admin"),
}
LANGUAGES = {"sv": N_("Swedish"), "en": N_("English")}

AS_CONTACT = N_(
    "A contact also hears of each inquiry that {home} is asked, confidential ones too, and answers "
    "for the municipality."
)


def request(person: Person, home: str, language: Language, names: PlanNames) -> Page:
    """To an admin. Once it has been decided, by anybody, it says so and asks nothing."""
    t = language.t
    place = names.place(home)
    sentence = t("{name} wants to report for {home}.", name=person.name, home=place)
    if person.wanted_home == home:
        return Page(
            sentence,
            (
                text(sentence),
                note(person.email or "–"),
                *((text(t(AS_CONTACT, home=place)),) if home in names.members else ()),
                _decide(person, home, language),
            ),
        )
    outcome = t(_outcome(person, home))
    return Page(f"{sentence} {outcome}", (note(f"{sentence} {outcome}"),))


def _outcome(person: Person, home: str) -> str:
    if person.home != home:
        return N_("No longer current.")
    if person.has(Role.CONTACT):
        return N_("Approved as a contact.")
    return N_("Approved only to report.")


def _decide(person: Person, home: str, language: Language) -> Buttons:
    t = language.t
    about = {"person": person.id, "home": home}
    return Buttons(
        (
            Button(t("Approve as contact"), "approve", about, style="primary"),
            Button(t("Only to report"), "approve_reporting", about),
            Button(t("Refuse"), "refuse", about, style="danger"),
        )
    )


def joined(person: Person, home: str, language: Language, names: PlanNames) -> Page:
    """To an admin, of somebody who has become a contact by their address."""
    t, place = language.t, names.place(home)
    sentence = t("{name} is now a contact for {home}.", name=person.name, home=place)
    by = t("Taken at once, by the address {email}.", email=person.email)
    change = Button(t("Change"), "person", {"person": person.id})
    about = text(f"{sentence} {t(AS_CONTACT, home=place)}")
    return Page(sentence, (about, note(by), Buttons((change,))))


def decision(home: str, *, granted: bool, language: Language, names: PlanNames) -> Page:
    place = names.place(home)
    if granted:
        return said(
            language.t(
                "You now report for {home}. What you had already written is saved.", home=place
            )
        )
    return said(
        language.t(
            "You could not be confirmed for {home}. What you had written is kept: choose your "
            "municipality under /bro settings, or ask an admin.",
            home=place,
        )
    )


def held(language: Language) -> Page:
    return said(
        language.t(
            "Kept: an admin confirms first which municipality you report for. Then what you wrote "
            "is saved by itself, and you get the receipt here."
        )
    )


def listing(people: tuple[Person, ...], page: int, language: Language, names: PlanNames) -> Page:
    t = language.t
    waiting_first = sorted(people, key=lambda person: person.wanted_home is None)
    parts: list[Part] = [Heading(t("People"))]
    leaf = Leaf(page, PAGE_LENGTH)
    for person in leaf.of(waiting_first):
        if person.wanted_home:
            parts += [*request(person, person.wanted_home, language, names).parts, Divider()]
        else:
            parts += [_entry(person, language, names), _change(person, language)]
    parts += leaf.turning("people", {}, len(people), language)
    return Page(t("People"), tuple(parts))


def _entry(person: Person, language: Language, names: PlanNames) -> Text:
    home = names.place(person.home) if person.home else language.t("no municipality yet")
    roles = language.listed(language.t(ROLES[role]) for role in sorted(person.roles)) or "–"
    return lines(((Strong(person.name),), (f"{home} · {roles}",)))


def changed(person: Person, language: Language, names: PlanNames) -> Page:
    """What an admin has just saved of somebody."""
    return Page(language.t("Saved."), (text(language.t("Saved.")), _entry(person, language, names)))


def own_settings(person: Person, language: Language, names: PlanNames) -> Page:
    """What somebody has just saved of themselves."""
    t = language.t
    home = names.place(person.home) if person.home else t("no municipality yet")
    spoken = t("Language: {language}", language=t(LANGUAGES[person.language]))
    speaks_for = waits(person, language, names) or t("Municipality: {home}", home=home)
    return Page(t("Saved."), (text(t("Saved.")), lines(((spoken,), (speaks_for,)))))


def waits(person: Person, language: Language, names: PlanNames) -> str:
    """To whoever has asked for a municipality; nothing if nobody has to decide anything."""
    if person.wanted_home is None:
        return ""
    wanted = names.place(person.wanted_home)
    if person.home is None:
        return language.t(
            "An admin confirms that you work for {home}. You can report already.", home=wanted
        )
    return language.t(
        "An admin confirms that you work for {home}. Until then you report for {present}.",
        home=wanted,
        present=names.place(person.home),
    )


def _change(person: Person, language: Language) -> Buttons:
    label, about = language.t("Change"), {"person": person.id}
    spoken = language.t("Change {name}", name=person.name)
    erase = language.t("Erase personal data of {name}", name=person.name)
    return Buttons(
        (
            Button(label, "person", about, spoken=spoken),
            Button(language.t("Erase personal data"), "erase", about, spoken=erase),
        )
    )

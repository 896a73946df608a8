"""The people and the moment that the tests of the ledger share."""

from datetime import UTC, datetime

from bot.people import Person, Role

JUNE = datetime(2026, 6, 12, 12, 0, tzinfo=UTC)

MARIA = Person(
    id="slack:U1",
    name="Maria Exempel",
    email="maria.exempel@kumla.se",
    home="1881",
    wanted_home=None,
    roles=frozenset({Role.CONTACT, Role.LEADERSHIP}),
    language="sv",
    met_at=JUNE,
)
JOHAN = Person(
    id="slack:U2",
    name="Johan Exempel",
    email="johan.exempel@hallsberg.se",
    home=None,
    wanted_home="1861",
    roles=frozenset(),
    language="en",
    met_at=JUNE,
)

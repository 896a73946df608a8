"""Both databases, as the ledger's own tests have them."""

from tests.bot.ledger.conftest import (  # noqa: F401 - fixtures
    bare_url,
    engines_of,
    postgresql_url,
    server,
    url,
)

"""Both databases, as the ledger's own tests have them, and nobody else in them."""

import pytest

from tests.bot.ledger.conftest import bare_url, engines_of, server  # noqa: F401 - fixtures
from tests.databases import migrated


@pytest.fixture
def url(bare_url: str) -> str:  # noqa: F811 - the fixture
    """An empty, migrated database."""
    return migrated(bare_url)

"""What is said of a PostgreSQL database that cannot be used: why, and neither where nor by whom."""

from collections.abc import Callable
from contextlib import closing

import psycopg
import pytest
from sqlalchemy.engine import URL, make_url

from bot.ledger.engine import Engines
from bot.ledger.migrate import migrate
from bot.ledger.unreached import why_unreached
from bot.undone import UndoneError
from tests.databases import Server

EnginesOf = Callable[[str], Engines]


def plain(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def told(server: Server, engines_of: EnginesOf, change: Callable[[URL], URL]) -> str | None:
    return why_unreached(engines_of(plain(change(make_url(server("there"))))).reading)


def test_nothing_is_said_of_one_that_is_reached(server: Server, engines_of: EnginesOf):
    assert told(server, engines_of, lambda url: url) is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda url: url.set(database="hemlig"), "no such database"),
        (lambda url: url.set(username="hemlig"), "no such user"),
        (lambda url: url.update_query_dict({"hemlig": "1"}), "parameter"),
        (lambda url: url.update_query_dict({"sslmode": "hemlig"}), "sslmode"),
        (lambda _: make_url("postgresql://hemlig@127.0.0.1:1/hemlig"), "nothing listens"),
        (lambda _: make_url("postgresql://hemlig@hemlig.invalid/hemlig"), "no machine"),
    ],
    ids=["database", "user", "parameter", "sslmode", "port", "host"],
)
def test_why_one_is_not_reached_is_said_without_naming_it(
    server: Server, engines_of: EnginesOf, change: Callable[[URL], URL], reason: str
):
    found = told(server, engines_of, change)
    assert found is not None
    assert reason in found
    assert "hemlig" not in found


def test_who_may_make_no_tables_is_told_what_to_ask_for(server: Server, engines_of: EnginesOf):
    owned = make_url(server("owned"))
    with closing(psycopg.connect(plain(owned), autocommit=True)) as owner:
        owner.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        owner.execute("DROP ROLE IF EXISTS guest")
        owner.execute("CREATE ROLE guest LOGIN")
    with pytest.raises(UndoneError, match="GRANT CREATE ON SCHEMA public"):
        migrate(engines_of(plain(owned.set(username="guest"))))

"""The least that the same work can cost: bare handlers, and bare inserts by one writer."""

import asyncio
import hmac
import json
import queue
import sqlite3
from collections.abc import Callable
from hashlib import sha256
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import psycopg
from starlette.types import ASGIApp, Receive, Scope, Send

from benchmarks.client import SECRET

_TABLES = (
    "INSERT INTO handled (key, at) VALUES (?, ?)",
    """INSERT INTO reports
    ("case", kind, part, day, members, answers, reporter, home, recorded_at)
    VALUES (?, 'workshop', '', ?, ?, ?, ?, '1881', ?)""",
    """INSERT INTO outbox
    (key, token, recipient, notice, state, created_at, due_at, attempts)
    VALUES (?, ?, ?, '{}', 'pending', ?, ?, 0)""",
)
_AT = 1_828_000_000_000_000  # microseconds since 1970, as every moment in the ledger

Done = Callable[[], object]


async def _signed_body(scope: Scope, receive: Receive) -> bytes:
    headers = dict(scope["headers"])
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    signed = b"v0:" + headers[b"x-slack-request-timestamp"] + b":" + body
    digest = hmac.new(SECRET.encode(), signed, sha256).hexdigest()
    assert hmac.compare_digest(headers[b"x-slack-signature"], f"v0={digest}".encode())
    return body


async def _answer(send: Send, body: bytes) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": body})


async def signed(scope: Scope, receive: Receive, send: Send) -> None:
    """Checks the signature and says yes."""
    await _signed_body(scope, receive)
    await _answer(send, b"{}")


def inserting(writer: "Writer") -> ASGIApp:
    """Checks the signature, reads the form, has three rows committed and says yes."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        form = parse_qs((await _signed_body(scope, receive)).decode())
        payload = json.loads(form["payload"][0])
        loop = asyncio.get_running_loop()
        committed = loop.create_future()
        rows = _rows(payload)
        writer.put(rows, lambda: loop.call_soon_threadsafe(committed.set_result, None))
        await committed
        await _answer(send, b'{"response_action":"clear"}')

    return app


def _rows(payload: Any) -> tuple[tuple[object, ...], ...]:
    view, user = payload["view"], f"slack:{payload['user']['id']}"
    values = view["state"]["values"]
    day = values["held_on"]["value"]["selected_date"]
    members = [each["value"] for each in values["members"]["value"]["selected_options"]]
    told = (view["id"], day, json.dumps(members), json.dumps(values), user, _AT)
    return (
        (view["id"], _AT),
        told,
        (f"receipt:{view['id']}", view["id"], user, _AT, _AT),
    )


class Writer:
    """One thread and one connection; all that wait go into one transaction. `pause` is called
    before each commit."""

    def __init__(self, database_url: str, pause: Callable[[], None]) -> None:
        self._url = database_url
        self._pause = pause
        self._waiting: queue.SimpleQueue[tuple[tuple[tuple[object, ...], ...], Done]] = (
            queue.SimpleQueue()
        )
        Thread(target=self._write, daemon=True).start()

    def put(self, rows: tuple[tuple[object, ...], ...], done: Done) -> None:
        self._waiting.put((rows, done))

    def _write(self) -> None:
        cursor, begin, commit, insert = _opened(self._url)
        while True:
            group = [self._waiting.get()]
            while not self._waiting.empty():
                group.append(self._waiting.get())
            begin()
            by_table = zip(*(rows for rows, _ in group), strict=True)
            for statement, rows in zip(insert, by_table, strict=True):
                cursor.executemany(statement, rows)
            self._pause()
            commit()
            for _, done in group:
                done()


def _opened(url: str) -> tuple[Any, Done, Done, tuple[str, ...]]:
    """A cursor, how a transaction begins and ends, and the statements as the driver spells them."""
    if url.startswith("sqlite"):
        file = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        file.execute("PRAGMA synchronous=FULL")
        file.execute("PRAGMA foreign_keys=ON")
        cursor = file.cursor()
        return cursor, lambda: cursor.execute("BEGIN IMMEDIATE"), file.commit, _TABLES
    server = psycopg.connect(url)
    spelt = tuple(statement.replace("?", "%s") for statement in _TABLES)
    return server.cursor(), lambda: None, server.commit, spelt

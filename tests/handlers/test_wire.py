"""What may come over a connection before anybody knows who sends it."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
import uvicorn
from uvicorn.server import ServerState

from handlers import wire
from handlers.web import HEADERS
from handlers.wire import Bounded

HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n"
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[bytes]]


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "ARRIVES_WITHIN", 0.05)


async def echoes(_scope, receive, send) -> None:
    """Answers with the body when it is there."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


def said(talk: Talk) -> bytes:
    async def scenario() -> bytes:
        config = uvicorn.Config(echoes, http=Bounded, access_log=False, log_config=None)
        config.load()
        loop, state = asyncio.get_running_loop(), ServerState()
        server = await loop.create_server(lambda: Bounded(config, state, {}), "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        try:
            return await asyncio.wait_for(talk(reader, writer), 5)
        finally:
            writer.close()
            server.close()

    return asyncio.run(scenario())


PARTS = {"nothing": b"", "empty lines": b"\r\n", "head": HEAD[:20], "body": HEAD}
PARTS["rest"] = HEAD + b"ab"


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_what_does_not_arrive_in_time_is_given_up_and_the_connection_closed(part: bytes):
    async def dawdles(reader, writer) -> bytes:
        writer.write(part)
        return await reader.read()

    answer = said(dawdles)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert all(f"\r\n{name}: {value}\r\n".encode() in answer for name, value in HEADERS.items())


def test_what_arrives_in_parts_in_time_is_answered(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(wire, "ARRIVES_WITHIN", 5)

    async def in_parts(reader, writer) -> bytes:
        for part in (HEAD[:20], HEAD[20:], b"ab", b"cd"):
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0)
        return await reader.readuntil(b"cd")

    assert said(in_parts).startswith(b"HTTP/1.1 200 ")


def test_between_two_requests_a_connection_may_rest():
    async def rests(reader, writer) -> bytes:
        writer.write(HEAD + b"abcd")
        first = await reader.readuntil(b"abcd")
        await asyncio.sleep(0.1)  # longer than a request may take
        writer.write(HEAD + b"efgh")
        return first + await reader.readuntil(b"efgh")

    assert said(rests).count(b"HTTP/1.1 200 ") == 2


def test_after_a_request_what_is_none_keeps_no_connection_open():
    async def dawdles(reader, writer) -> bytes:
        writer.write(HEAD + b"abcd")
        await reader.readuntil(b"abcd")
        writer.write(b"\r\n")
        return await reader.read()

    assert b"HTTP/1.1 408 " in said(dawdles)


def test_of_too_many_connections_the_last_is_turned_away_and_one_that_ends_makes_room(monkeypatch):
    monkeypatch.setattr(wire, "MOST_AT_ONCE", 1)

    async def asks(address) -> bytes:
        reader, writer = await asyncio.open_connection(*address)
        writer.write(HEAD + b"abcd")
        answer = await reader.read(1000)
        writer.close()
        return answer

    async def two(_reader, writer) -> bytes:
        address = writer.get_extra_info("peername")
        turned_away = await asks(address)
        writer.close()
        while not (answer := await asks(address)).startswith(b"HTTP/1.1 200 "):
            """The server has not heard yet that the first has ended."""
        return turned_away + answer

    assert said(two).startswith(b"HTTP/1.1 503 ")


def test_what_is_no_http_is_refused_like_anything_else():
    async def babbles(reader, writer) -> bytes:
        writer.write(b"\x16\x03\x01 hello\r\n\r\n")
        return await reader.read()

    answer = said(babbles)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert all(f"\r\n{name}: {value}\r\n".encode() in answer for name, value in HEADERS.items())


def test_more_than_stands_beside_a_body_is_refused():
    async def endless(reader, writer) -> bytes:
        writer.write(b"POST / HTTP/1.1\r\nX-Long: " + b"x" * wire.MOST_BESIDE_A_BODY + b"\r\n")
        return await reader.read()

    assert said(endless).startswith(b"HTTP/1.1 400 ")

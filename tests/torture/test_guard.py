"""Whatever is sent to it, the web process answers, stays as it is, and tells the log nothing.

It is `brobot web` as a process of its own, in front of it whoever can reach its port.
"""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from random import Random

import pytest

from handlers.wire import ARRIVES_WITHIN
from tests.databases import Server
from tests.torture.attacked import Attacked, Written, under_attack
from tests.torture.hostile import CANARY, Attempt, Hostility
from tests.torture.submissions import LONGEST_ANSWER, Sender, each

AT_ONCE = 16
REFUSED = {400, 401, 413}
ANSWERED = {200, 400, 404}
"""What is signed and has a shape is taken for what it is; bolt says 404 to what nobody awaits."""


@pytest.fixture(scope="module")
def database(request, tmp_path_factory) -> str:
    """Of the kind that a test asks for."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('guard')}/brobot.db"
    named: Server = request.getfixturevalue("server")
    return named("guard")


on_both = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
on_one = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For what is told apart before any database is asked."""


@pytest.fixture(scope="module")
def attacked(database: str, tmp_path_factory) -> Iterator[Attacked]:
    with under_attack(database, tmp_path_factory.mktemp("attacked")) as running:
        yield running


# --- What holds, whatever is sent


def told(attacked: Attacked) -> list[str]:
    """Lines of the log in which something stands that does not belong there."""
    app = attacked.town.world.app
    secrets = (CANARY, app.bot_token, app.signing_secret, app.verification_token, "/response/")
    lines = attacked.log.read_text(errors="replace").splitlines()
    return [line for line in lines if any(secret in line for secret in secrets)]


def statuses(attacked: Attacked, make: Callable[[Random], Attempt], numbers: range) -> Counter[int]:
    """What is answered to so many attempts."""
    found: Counter[int] = Counter()

    async def scenario() -> None:
        async with Sender(attacked.town, attacked.url, AT_ONCE) as sender:

            async def one(number: int) -> None:
                attempt = make(Random(number))
                status, _ = await sender.post(attempt.body, attempt.headers)
                found[status] += 1

            await each(one, numbers, AT_ONCE)

    asyncio.run(scenario())
    return found


def warm_up(attacked: Attacked, times: int) -> tuple[range, range]:
    """So many numbers, others on each database: the first tenth, and the rest."""
    first = times if attacked.town.database_url.startswith("postgresql") else 0
    warm = first + times // 10
    return range(first, warm), range(warm, first + times)


@on_both
def test_what_is_not_rightly_signed_changes_nothing(attacked, rounds, figures):
    times, make = rounds(600, 42_500), attacked.hostility.unsigned_attempt
    first, rest = warm_up(attacked, times)
    before = attacked.written()
    found = statuses(attacked, make, first)
    with attacked.flat() as grown:
        found += statuses(attacked, make, rest)
    assert set(found) <= REFUSED
    assert attacked.written() == before
    assert told(attacked) == []
    assert attacked.answers_maria()
    figures(f"{times:,} requests, all refused, nothing changed; {grown()}")


def news(before: Written, after: Written) -> list[str]:
    """Each row that came or went, with its table."""
    return [
        f"{table}: {row}" for table in before for row in {*before[table]} ^ {*after.get(table, ())}
    ]


def is_help(row: str) -> bool:
    """Whoever writes to the bot as to a person is sent help. A message whose id was broken is
    another message, and the only thing by which what is recorded here can add to what there was:
    all else has been done, and is not done again."""
    return row.startswith("outbox: ") and "'guide:" in row


@on_both
def test_what_is_signed_and_broken_is_answered_all_the_same_and_changes_nothing(
    attacked, rounds, figures
):
    times, make = rounds(150, 7_500), attacked.hostility.signed_attempt
    first, rest = warm_up(attacked, times)
    before = attacked.written()
    found = statuses(attacked, make, first)
    with attacked.flat() as grown:
        found += statuses(attacked, make, rest)
    assert set(found) <= ANSWERED
    helped = news(before, attacked.written())
    assert [row for row in helped if not is_help(row)] == []
    assert told(attacked) == []
    assert attacked.answers_maria()
    answers = ", ".join(f"{number:,} × {status}" for status, number in sorted(found.items()))
    figures(f"{times:,} requests: {answers}; nothing changed, {len(helped)} sent help; {grown()}")


# --- Below HTTP


async def spoken(attacked: Attacked, said: Iterable[bytes], *, hang_up: bool = True) -> bytes:
    """All that comes back to what is said on a connection of its own, until that is closed."""
    reader, writer = await asyncio.open_connection(*attacked.address)
    try:
        with suppress(OSError):  # it may hang up while we speak
            for part in said:
                writer.write(part)
                await writer.drain()
            if hang_up:
                writer.write_eof()
            return await asyncio.wait_for(reader.read(), LONGEST_ANSWER)
        return b""
    finally:
        writer.transport.abort()


def heard(attacked: Attacked, several: Iterable[Iterable[bytes]]) -> list[bytes]:
    """What comes back to each, some at a time."""
    found = []

    async def scenario() -> None:
        async def one(said: Iterable[bytes]) -> None:
            found.append(await spoken(attacked, said))

        await each(one, several, AT_ONCE)

    asyncio.run(scenario())
    return found


def failures(answers: Iterable[bytes]) -> list[bytes]:
    return [answer for answer in answers if re.search(rb"^HTTP/1\.\d 5", answer, re.MULTILINE)]


def raw(genuine: bytes, chance: Random) -> list[bytes]:
    """Something that hardly is a request; `genuine` is one."""
    head, _, body = genuine.partition(b"\r\n\r\n")
    chunked = re.sub(rb"Content-Length: \d+", b"Transfer-Encoding: chunked", head) + b"\r\n\r\n"
    lengths = (b"0", b"1", b"-1", b"9" * 30, b"0x10", b"1, 2", b"", b"%d" % (len(body) + 9))
    wrong = re.sub(rb"(?<=Content-Length: )\d+", chance.choice(lengths), head) + b"\r\n\r\n" + body
    cut = genuine[: chance.randrange(len(genuine))]
    flood = b"".join(b"X-%d: %s\r\n" % (n, CANARY.encode() * 5) for n in range(500))
    chunks = (
        b"zz\r\n",
        b"-1\r\n",
        b"f" * 20 + b"\r\n",
        b"5\r\nabc",
        b"0\r\n\r\n",
        b"3\r\nabcd\r\n",
    )
    return chance.choice(
        [
            [chance.randbytes(chance.randrange(1, 400))],
            [CANARY.encode() * 50, b"\r\n\r\n"],
            [cut],
            [head, b"\r\n", flood, b"\r\n", body],
            [genuine * 5],
            [genuine, CANARY.encode(), genuine],
            [wrong],
            [wrong, genuine],
            [chunked, chance.choice(chunks)],
            [chunked, b"5\r\nhello\r\n" * 9, chance.choice(chunks)],
            [head, b"\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", body],
            [genuine.replace(b"HTTP/1.1", chance.choice([b"HTTP/9.9", b"HTTP/1.0", b"http", b""]))],
            [genuine.replace(b"POST", chance.choice([b"GET", b"PUT", b"TRACE", b"CONNECT", b""]))],
            [genuine.replace(b"/slack/events", b"/" + b"x" * 9000)],
        ]
    )


def by_another(attacked: Attacked) -> bytes:
    """A request as it goes over the wire, well made but for its signature."""
    body, content_type = attacked.hostility.recorded[0].encoded()
    stranger = Hostility((), "stranger", time.time).signed(body, content_type)
    host, port = attacked.address
    headers = {"Host": f"{host}:{port}", **stranger.headers, "Content-Length": str(len(body))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST /slack/events HTTP/1.1\r\n{lines}\r\n".encode() + body


@on_both
def test_what_is_hardly_http_changes_nothing(attacked, rounds, figures):
    times, genuine = rounds(50, 2_500), by_another(attacked)
    first, rest = warm_up(attacked, times)
    before = attacked.written()
    answers = heard(attacked, (raw(genuine, Random(number)) for number in first))
    with attacked.flat() as grown:
        answers += heard(attacked, (raw(genuine, Random(number)) for number in rest))
    assert failures(answers) == []
    assert any(b" 401 " in answer for answer in answers)
    assert attacked.written() == before
    assert told(attacked) == []
    assert attacked.answers_maria()
    figures(f"{times:,} connections, nothing changed; {grown()}")


MIB = b"x" * 2**20


def sized(attacked: Attacked, *, declared: bool) -> Iterator[bytes]:
    """A body of 100 MiB: its length said beforehand, or streamed."""
    head = by_another(attacked).partition(b"\r\n\r\n")[0]
    said = b"Content-Length: 104857600" if declared else b"Transfer-Encoding: chunked"
    yield re.sub(rb"Content-Length: \d+", said, head) + b"\r\n\r\n"
    for _ in range(100):
        yield MIB if declared else b"100000\r\n" + MIB + b"\r\n"


@on_one
@pytest.mark.parametrize("declared", [True, False], ids=["declared", "streamed"])
def test_a_hundred_megabytes_are_not_kept(attacked, rounds, figures, declared: bool):
    times = rounds(4, 200)
    heard(attacked, (sized(attacked, declared=declared) for _ in range(AT_ONCE)))
    with attacked.flat() as grown:
        answers = heard(attacked, (sized(attacked, declared=declared) for _ in range(times)))
    assert failures(answers) == []
    assert attacked.answers_maria()
    figures(f"{times} × 100 MiB; {grown()}")


@on_one
def test_endless_headers_are_not_kept(attacked, rounds, figures):
    times = rounds(2, 20)
    line = b"X-Long: " + b"x" * 8000 + b"\r\n"
    endless = [b"POST /slack/events HTTP/1.1\r\n", *[line * 130] * 100]  # 100 MiB
    with attacked.flat() as grown:
        answers = heard(attacked, [endless] * times)
    assert failures(answers) == []
    assert attacked.answers_maria()
    figures(f"{times} × 100 MiB of headers; {grown()}")


@on_one
def test_a_body_that_dawdles_is_given_up_and_keeps_nobody_waiting(attacked, rounds, figures):
    times = rounds(20, 500)
    slow = by_another(attacked)[:-5]

    async def scenario() -> tuple[list[bytes], float, bool]:
        begun = time.monotonic()
        dawdling = [
            asyncio.create_task(spoken(attacked, [slow], hang_up=False)) for _ in range(times)
        ]
        await asyncio.sleep(0)
        answered = await asyncio.to_thread(attacked.answers_maria)
        return list(await asyncio.gather(*dawdling)), time.monotonic() - begun, answered

    answers, took, answered = asyncio.run(scenario())
    assert answered
    assert all(b" 408 " in answer for answer in answers)
    assert took < 2 * ARRIVES_WITHIN
    figures(f"{times} slow bodies at once, given up after {ARRIVES_WITHIN:.0f} s; others answered")

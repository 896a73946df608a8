"""Whatever is sent to it, the web process answers, stays as it is, and tells the log nothing.

It is `brobot web` as a process of its own, in front of it whoever can reach its port.
"""

import asyncio
import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import BinaryIO
from urllib.parse import urlsplit

import pytest

from bot.clock import MovableClock
from handlers.wire import ARRIVES_WITHIN
from playground.delivery import Delivery
from playground.town import AMIR, MARIA, Town
from tests.conftest import FRIDAY, Still
from tests.talk import sv
from tests.torture.hostile import CANARY, Attempt, Hostility
from tests.torture.submissions import LONGEST_ANSWER, Sender, each

AT_ONCE = 16
FLAT_MIB = 32
REFUSED = {400, 401, 413}
ANSWERED = {200, 400, 404}
"""What is signed and has a shape is taken for what it is; bolt says 404 to what nobody awaits."""


@dataclass
class Attacked:
    """`brobot web` beside a stand-in Slack, and what it has logged."""

    town: Town
    url: str
    process: subprocess.Popen[bytes]
    log: Path
    hostility: Hostility

    @property
    def address(self) -> tuple[str, int]:
        parts = urlsplit(self.url)
        assert parts.hostname
        assert parts.port
        return parts.hostname, parts.port

    @contextmanager
    def flat(self) -> Iterator[Callable[[], str]]:
        """Its memory's peak in here lies hardly above what it holds at the start. By how much,
        in words."""
        grown = 0.0
        (self._proc / "clear_refs").write_text("5")  # the peak, from now on: man 5 proc
        before = self._mib("VmRSS")
        yield lambda: f"{grown:+.1f} MiB"
        grown = self._mib("VmHWM") - before
        assert grown < FLAT_MIB

    @property
    def _proc(self) -> Path:
        return Path(f"/proc/{self.process.pid}")

    def _mib(self, figure: str) -> float:
        found = re.search(
            rf"^{figure}:\s+(\d+) kB$", (self._proc / "status").read_text(), re.MULTILINE
        )
        assert found
        return int(found[1]) / 1024

    def written(self) -> list[str]:
        """All that stands in the database but the pulses, which processes note by themselves."""
        file = self.town.database_url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(file)) as database:
            lines = database.iterdump()
            return [line for line in lines if not line.startswith('INSERT INTO "pulse"')]

    def answers_maria(self) -> bool:
        maria = self.town.person(MARIA)
        before = len(maria.dm)
        maria.types("/bro")
        return len(maria.dm) == before + 1 and not maria.notice


@pytest.fixture(scope="module")
def attacked(tmp_path_factory) -> Iterator[Attacked]:
    folder: Path = tmp_path_factory.mktemp("guard")
    with Town(f"sqlite:///{folder}/brobot.db", MovableClock(Still(FRIDAY))) as town:
        log = folder / "log"
        with log.open("wb") as written, started(town, written) as process:
            town.slack.request_url = f"{address_of(process, log)}/slack/events"
            hostility = Hostility(recorded(town), town.world.app.signing_secret, time.time)
            yield Attacked(town, town.slack.request_url, process, log, hostility)


@contextmanager
def started(town: Town, log: BinaryIO) -> Iterator[subprocess.Popen[bytes]]:
    settings = {
        "SLACK_BOT_TOKEN": town.settings.slack_bot_token,
        "SLACK_SIGNING_SECRET": town.settings.slack_signing_secret,
        "SLACK_API_URL": town.slack.api_url,
        "DATABASE_URL": town.database_url,
        "BROBOT_CHANNEL": town.settings.channel,
        "BROBOT_ADMINS": AMIR.email,
        "HOST": "127.0.0.1",
        "PORT": str(free_port()),
    }
    command = [sys.executable, "-m", "bot", "web"]
    environment = {**os.environ, **settings}
    with subprocess.Popen(command, env=environment, stdout=log, stderr=log) as process:
        yield process
        process.terminate()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def address_of(process: subprocess.Popen[bytes], log: Path) -> str:
    """Where it says that it listens."""
    for _ in range(200):
        if found := re.search(r"running on (\S+)", log.read_text()):
            return found[1]
        assert process.poll() is None, log.read_text()
        time.sleep(0.05)
    raise AssertionError(log.read_text())


def recorded(town: Town) -> tuple[Delivery, ...]:
    """One of each that Slack sends: commands, forms, buttons in messages and on Home, events."""
    maria, amir = town.person(MARIA), town.person(AMIR)
    for person in (maria, amir):
        person.types("/bro settings")
        person.submits()
        person.opens_home()
        person.types("/bro")
    maria.types(f"/workshop {CANARY} 7 januari 2026 Kumla")
    maria.fills(theme="service", notes=CANARY)
    maria.submits()
    maria.types("/bro mina")
    maria.presses(sv("Change"))
    maria.submits()
    maria.opens_home()
    maria.says(CANARY)
    amir.types(f"/paminnelse {CANARY}")
    return tuple(town.slack.courier.sent)


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


def test_what_is_not_rightly_signed_changes_nothing(attacked, rounds, figures):
    times, make = rounds(1_200, 85_000), attacked.hostility.unsigned_attempt
    before = attacked.written()
    found = statuses(attacked, make, range(times // 10))
    with attacked.flat() as grown:
        found += statuses(attacked, make, range(times // 10, times))
    assert set(found) <= REFUSED
    assert attacked.written() == before
    assert told(attacked) == []
    assert attacked.answers_maria()
    figures(f"{times:,} requests, all refused, nothing changed; {grown()}")


def test_what_is_signed_and_broken_is_answered_all_the_same(attacked, rounds, figures):
    times, make = rounds(300, 15_000), attacked.hostility.signed_attempt
    found = statuses(attacked, make, range(times // 10))
    with attacked.flat() as grown:
        found += statuses(attacked, make, range(times // 10, times))
    assert set(found) <= ANSWERED
    assert told(attacked) == []
    assert attacked.answers_maria()
    answers = ", ".join(f"{number:,} × {status}" for status, number in sorted(found.items()))
    figures(f"{times:,} requests: {answers}; {grown()}")


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


def test_what_is_hardly_http_changes_nothing(attacked, rounds, figures):
    times, genuine = rounds(100, 5_000), by_another(attacked)
    before = attacked.written()
    answers = heard(attacked, (raw(genuine, Random(number)) for number in range(times // 10)))
    with attacked.flat() as grown:
        answers += heard(attacked, (raw(genuine, Random(n)) for n in range(times // 10, times)))
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


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "streamed"])
def test_a_hundred_megabytes_are_not_kept(attacked, rounds, figures, declared: bool):
    times = rounds(4, 200)
    heard(attacked, (sized(attacked, declared=declared) for _ in range(AT_ONCE)))
    with attacked.flat() as grown:
        answers = heard(attacked, (sized(attacked, declared=declared) for _ in range(times)))
    assert failures(answers) == []
    assert attacked.answers_maria()
    figures(f"{times} × 100 MiB; {grown()}")


def test_endless_headers_are_not_kept(attacked, rounds, figures):
    times = rounds(2, 20)
    line = b"X-Long: " + b"x" * 8000 + b"\r\n"
    endless = [b"POST /slack/events HTTP/1.1\r\n", *[line * 130] * 100]  # 100 MiB
    with attacked.flat() as grown:
        answers = heard(attacked, [endless] * times)
    assert failures(answers) == []
    assert attacked.answers_maria()
    figures(f"{times} × 100 MiB of headers; {grown()}")


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

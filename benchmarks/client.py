"""A load client that costs less than what it measures, in a process of its own.

Requests are signed and laid out before the first is sent, and kept-alive connections speak bare
HTTP/1.1. The process takes its job on stdin and gives what it found on stdout, both as JSON.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import uvloop

from playground.delivery import signature

FORM = "application/x-www-form-urlencoded"
_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Job:
    """`rate` is requests a second, sent when they are due whether or not others have been
    answered; without one, each connection sends its next as soon as it has been answered."""

    port: int
    secret: str
    bodies: Sequence[str]
    connections: int
    rate: float | None = None
    expects: str = ""
    """What must be in every answer."""


@dataclass(frozen=True, slots=True)
class Found:
    """`latencies` in seconds: from when a request was due until it was answered."""

    seconds: float
    latencies: list[float]

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds


def send(job: Job) -> Found:
    """Raises CalledProcessError when an answer is not what is expected."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.client"],
        input=json.dumps(asdict(job)).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    return Found(**json.loads(done.stdout))


class Connection(asyncio.Protocol):
    """One request at a time."""

    def __init__(self) -> None:
        self._read = b""
        self._answered: asyncio.Future[bytes] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    async def ask(self, request: bytes) -> bytes:
        self._read = b""
        self._answered = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answered

    def data_received(self, data: bytes) -> None:
        self._read += data
        if self._answered and _is_whole(self._read) and not self._answered.done():
            self._answered.set_result(self._read)

    def connection_lost(self, error: Exception | None) -> None:
        if self._answered and not self._answered.done():
            self._answered.set_exception(error or ConnectionResetError())


def _is_whole(read: bytes) -> bool:
    head, end, body = read.partition(_END)
    if not end:
        return False
    _, _, length = head.lower().partition(b"content-length: ")
    return len(body) >= int(length.partition(b"\r\n")[0]) if length else body.endswith(b"0" + _END)


class Load:
    def __init__(self, job: Job, connections: Sequence[Connection]) -> None:
        self._job = job
        self._connections = connections
        self._latencies: list[float] = []

    async def run(self) -> Found:
        requests = [request(self._job, body) for body in self._job.bodies]
        began = time.perf_counter()
        if self._job.rate is None:
            left = iter(requests)
            await asyncio.gather(*(self._one_by_one(each, left) for each in self._connections))
        else:
            await self._when_due(requests, self._job.rate)
        return Found(time.perf_counter() - began, self._latencies)

    async def _one_by_one(self, connection: Connection, requests: Iterator[bytes]) -> None:
        for each in requests:
            await self._ask(connection, each, time.perf_counter())

    async def _when_due(self, requests: Sequence[bytes], rate: float) -> None:
        free: asyncio.Queue[Connection] = asyncio.Queue()
        for connection in self._connections:
            free.put_nowait(connection)

        async def one(each: bytes, due: float) -> None:
            connection = await free.get()
            await self._ask(connection, each, due)
            free.put_nowait(connection)

        began = time.perf_counter()
        async with asyncio.TaskGroup() as asking:
            for number, each in enumerate(requests):
                due = began + number / rate
                await asyncio.sleep(due - time.perf_counter())
                asking.create_task(one(each, due))

    async def _ask(self, connection: Connection, each: bytes, due: float) -> None:
        answer = await connection.ask(each)
        self._latencies.append(time.perf_counter() - due)
        if not answer.startswith(b"HTTP/1.1 200") or self._job.expects.encode() not in answer:
            raise ValueError(answer)


def request(job: Job, body: str) -> bytes:
    stamp, content = str(int(time.time())), body.encode()
    head = (
        "POST /slack/events HTTP/1.1",
        f"Host: 127.0.0.1:{job.port}",
        f"Content-Type: {FORM}",
        f"Content-Length: {len(content)}",
        f"X-Slack-Request-Timestamp: {stamp}",
        f"X-Slack-Signature: {signature(job.secret, stamp, content)}",
    )
    return "\r\n".join(head).encode() + _END + content


async def _main(job: Job) -> Found:
    loop = asyncio.get_running_loop()
    opened = [
        await loop.create_connection(Connection, "127.0.0.1", job.port)
        for _ in range(job.connections)
    ]
    return await Load(job, [connection for _, connection in opened]).run()


if __name__ == "__main__":
    found = uvloop.run(_main(Job(**json.load(sys.stdin))))
    print(json.dumps(asdict(found)))

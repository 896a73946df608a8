"""What monitoring reads at /metrics: counts of this process, and what the database tells of all.

Numbers only: no name, no case, no word of anybody's. The names follow
https://prometheus.io/docs/practices/naming/
"""

import hmac
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol, TypeVar

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.desk.okr import BORN, DIGEST
from bot.ledger.condition import Condition
from bot.ledger.outbox import Delivery
from bot.ledger.store import HELD, TROUBLE, LedgerBusyError

OUTCOMES = ("saved", "busy", "undone")
STATUSES = ("200", "401")
"""What alerts count the increase of is told as 0 from the start: monitoring sees no increase where
a series begins with its first event."""

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 2.5, 3.0)
"""Seconds. Slack gives up after three."""

Seconds = Callable[[], float]


class Answer(Protocol):
    status: int


R = TypeVar("R")
A = TypeVar("A", bound=Answer)


class Metrics:
    """`condition` asks the database how the machinery is doing, None if it does not answer;
    `alarms` are those whose progress is told; `seconds` is a clock that only runs forward."""

    def __init__(
        self,
        condition: Callable[[], Condition | None],
        alarms: Collection[str],
        seconds: Seconds,
    ) -> None:
        self._registry = CollectorRegistry()
        self._seconds = seconds
        self._answers = Counter(
            "brobot_answers",
            "Requests that have been answered (200 to Slack: acknowledged).",
            ["status"],
            registry=self._registry,
        )
        self._answer_seconds = Histogram(
            "brobot_answer_seconds",
            "From the request to its answer.",
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._commits = Counter(
            "brobot_commits",
            "Transactions to write: saved; busy (the database did not answer in time); undone.",
            ["outcome"],
            registry=self._registry,
        )
        self._commit_seconds = Histogram(
            "brobot_commit_seconds",
            "From the wish to write to the commit.",
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._errors = Counter(
            "brobot_errors", "Errors in the log of this process.", registry=self._registry
        )
        self._begin_at_none()
        self._registry.register(_Stored(condition, alarms))

    def _begin_at_none(self) -> None:
        for outcome in OUTCOMES:
            self._commits.labels(outcome)
        for status in STATUSES:
            self._answers.labels(status)

    @contextmanager
    def committing(self) -> Iterator[None]:
        """Around each transaction that may write."""
        begun = self._seconds()
        outcome = "undone"
        try:
            yield
            outcome = "saved"
        except LedgerBusyError:
            outcome = "busy"
            raise
        finally:
            self._commits.labels(outcome).inc()
            self._commit_seconds.observe(self._seconds() - begun)

    def logged(self) -> logging.Handler:
        """For the root logger: counts what is an error."""
        return _ErrorCounter(self._errors)

    def around(self, app: ASGIApp) -> ASGIApp:
        """The same app, its answers counted and timed."""

        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            begun = self._seconds()

            async def noted(message: Message) -> None:
                if message["type"] == "http.response.start":
                    self._note(message["status"], begun)
                await send(message)

            await app(scope, receive, noted)

        return counted

    def answering(self, answer: Callable[[R], Awaitable[A]]) -> Callable[[R], Awaitable[A]]:
        """The same, for what comes otherwise than over HTTP."""

        async def counted(request: R) -> A:
            begun = self._seconds()
            answered = await answer(request)
            self._note(answered.status, begun)
            return answered

        return counted

    def _note(self, status: int, begun: float) -> None:
        self._answers.labels(str(status)).inc()
        self._answer_seconds.observe(self._seconds() - begun)

    def tell_whether_connected(self, is_open: Callable[[], bool]) -> None:
        """Where there is a connection that we have opened ourselves."""
        gauge = Gauge(
            "brobot_connected",
            "1 while the connection to Slack is open (Socket Mode).",
            registry=self._registry,
        )
        gauge.set_function(lambda: float(is_open()))

    def page(self, token: str) -> Callable[[Request], Response]:
        """The endpoint, for those who bring the token (Authorization: Bearer …)."""
        expected = f"Bearer {token}".encode()

        def metrics(request: Request) -> Response:
            given = request.headers.get("authorization", "").encode()
            if not hmac.compare_digest(given, expected):
                return PlainTextResponse("not allowed", 401, {"WWW-Authenticate": "Bearer"})
            return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)

        return metrics


class _ErrorCounter(logging.Handler):
    def __init__(self, errors: Counter) -> None:
        super().__init__(logging.ERROR)
        self._errors = errors

    def emit(self, record: logging.LogRecord) -> None:  # noqa: ARG002 - only that there was one
        self._errors.inc()


class _Stored(Collector):
    """Asked for anew at each reading, so every web process tells the same."""

    def __init__(self, condition: Callable[[], Condition | None], alarms: Collection[str]) -> None:
        self._condition = condition
        self._alarms = alarms

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand: the database may not be there yet."""
        return ()

    def collect(self) -> Iterator[Metric]:
        condition = self._condition()
        up = GaugeMetricFamily("brobot_database_up", "Whether the database answers.")
        up.add_metric([], condition is not None)
        yield up
        if condition is not None:
            yield from _told(condition, self._alarms)


def _told(condition: Condition, alarms: Collection[str]) -> Iterator[Metric]:
    yield from _outbox(condition)
    claimed = _family("occasions_claimed", "Occasions that have been claimed, by alarm.", "alarm")
    # A digest that never came is told as none: what is not there cannot be watched.
    for alarm, count in {DIGEST: 0, **condition.claimed}.items():
        claimed.add_metric([alarm], count)
    due = _family("occasions_due", "Occasions put off whose time has come.")
    due.add_metric([], condition.overdue)
    yield from (claimed, due, _digest(condition))
    yield from _beats(condition, alarms)


def _outbox(condition: Condition) -> Iterator[Metric]:
    messages = _family("outbox_messages", "Messages in the outbox by state.", "state")
    for state in Delivery:
        messages.add_metric([state.value], condition.messages.get(state, 0))
    oldest = _family("outbox_oldest_timestamp_seconds", "When the oldest that waits was put there.")
    if condition.waiting_since is not None:
        oldest.add_metric([], condition.waiting_since.timestamp())
    held = _family("outbox_held", "1 while a restored database is kept silent.")
    held.add_metric([], HELD in condition.beats)
    yield from (messages, oldest, held)


def _digest(condition: Condition) -> Metric:
    told = "When the newest digest was due; before the first, when the worker began. 0: not yet."
    digest = _family("digest_timestamp_seconds", told)
    since = condition.last_due.get(DIGEST) or condition.beats.get(BORN)
    digest.add_metric([], _stamp(since))
    return digest


def _beats(condition: Condition, alarms: Collection[str]) -> Iterator[Metric]:
    told = "When an alarm last came to its end. 0: never."
    beats = _family("progress_timestamp_seconds", told, "alarm")
    for name in alarms:
        beats.add_metric([name], _stamp(condition.beats.get(name)))
    trouble = _family(
        "worker_error_timestamp_seconds", "When a worker last put an error in its log. 0: never."
    )
    trouble.add_metric([], _stamp(condition.beats.get(TROUBLE)))
    yield from (beats, trouble)


def _stamp(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0


def _family(name: str, words: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"brobot_{name}", words, labels=labels)

"""Faults on demand: what the stand-in does to the next calls of a Web API method.

    slack.faults.next("chat.postMessage", Fault.rate_limited("3"))
    slack.faults.next("chat.postMessage", Fault.dropped_after(), Fault.late(reads=2))

Several faults given in one call strike the same request.
"""

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

JSON_TYPE = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Canned:
    """An HTTP answer instead of the real one; `dropped` closes the connection without any."""

    status: int = 200
    body: str = ""
    content_type: str = JSON_TYPE
    headers: tuple[tuple[str, str], ...] = ()
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """`accepted` says whether Slack has done what was asked when the fault strikes."""

    answer: Canned | None = None
    accepted: bool = False
    before: Callable[[], object] | None = None
    after: Callable[[], object] | None = None
    late_reads: int = 0
    lands_at: datetime | None = None

    @staticmethod
    def rate_limited(retry_after: str = "1") -> "Fault":
        """429; `retry_after` is sent as it stands, so that it may be no number at all."""
        headers = (("Retry-After", retry_after),)
        return Fault(Canned(429, '{"ok":false,"error":"ratelimited"}', headers=headers))

    @staticmethod
    def refused(error: str) -> "Fault":
        return Fault(Canned(body=f'{{"ok":false,"error":"{error}"}}'))

    @staticmethod
    def dropped_before() -> "Fault":
        return Fault(Canned(dropped=True))

    @staticmethod
    def dropped_after() -> "Fault":
        return Fault(Canned(dropped=True), accepted=True)

    @staticmethod
    def failed_before(status: int = 500) -> "Fault":
        return Fault(Canned(status, "", "text/plain"))

    @staticmethod
    def failed_after(status: int = 500) -> "Fault":
        return Fault(Canned(status, "", "text/plain"), accepted=True)

    @staticmethod
    def fatal_error() -> "Fault":
        """Slack: "some aspect of the operation succeeded before the error was raised"."""
        return Fault(Canned(body='{"ok":false,"error":"fatal_error"}'), accepted=True)

    @staticmethod
    def html(status: int = 503) -> "Fault":
        return Fault(Canned(status, "<html><body>Down</body></html>", "text/html"))

    @staticmethod
    def slow(before: Callable[[], object]) -> "Fault":
        """`before` is called in a thread of its own and may block for as long as it likes."""
        return Fault(before=before)

    @staticmethod
    def slow_after(after: Callable[[], object]) -> "Fault":
        """As `slow`, but Slack has done what was asked before it dawdles with its answer."""
        return Fault(after=after)

    @staticmethod
    def late(reads: int = 0, until: datetime | None = None) -> "Fault":
        """The message is in the history only after `reads` reads of it, or at a clock time."""
        return Fault(late_reads=reads, lands_at=until)


@dataclass(slots=True)
class Faults:
    unready_images: int = 0
    _waiting: dict[str, deque[tuple[Fault, ...]]] = field(
        default_factory=lambda: defaultdict(deque)
    )
    _lock: Lock = field(default_factory=Lock)

    def next(self, method: str, *faults: Fault, times: int = 1) -> None:
        """The next `times` calls of `method` ("*": of any method) meet these faults."""
        with self._lock:
            self._waiting[method].extend([faults] * times)

    def images_not_ready(self, posts: int) -> None:
        """The next `posts` posts with an uploaded picture are refused with `invalid_blocks`."""
        with self._lock:
            self.unready_images = posts

    def take(self, method: str) -> tuple[Fault, ...]:
        with self._lock:
            for name in (method, "*"):
                if self._waiting[name]:
                    return self._waiting[name].popleft()
            return ()

    def image_is_unready(self) -> bool:
        with self._lock:
            unready = self.unready_images > 0
            self.unready_images -= unready
            return unready

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()
            self.unready_images = 0

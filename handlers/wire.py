"""HTTP as uvicorn speaks it, with limits to what may stand beside a body, to how long a request may
take to arrive, and to how many may be connected.

uvicorn's fast parser keeps headers of any length (its slow one, h11, does not, and costs twice as
much), and waits for a request, and for the rest of one, for ever: whoever reaches the port could
fill the memory or use up the files that a process may have open, unsigned.
"""

from asyncio import TimerHandle, Transport

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from handlers.web import HEADERS

MOST_BESIDE_A_BODY = 64 * 1024
"""Bytes of request line, headers, chunk sizes and trailers together. Slack sends less than one
kilobyte."""

ARRIVES_WITHIN = 5.0
"""Seconds from the beginning of a connection, or from the first byte of a later request, until the
request is there."""

MOST_AT_ONCE = 512
"""Connections. A process may have 1,024 files open on many machines, the database's among them."""


def _answer(status: str, sentence: str) -> bytes:
    told = {**HEADERS, "connection": "close", "content-length": str(len(sentence))}
    lines = (f"HTTP/1.1 {status}", *(f"{name}: {said}" for name, said in told.items()))
    return "\r\n".join((*lines, "", sentence)).encode()


_TOO_SLOW = _answer("408 Request Timeout", "too slow")
_TOO_MANY = _answer("503 Service Unavailable", "too many connections")


class Bounded(HttpToolsProtocol):
    _beside = 0
    _is_whole = True
    _given_up: TimerHandle | None = None
    """Set only while a request is waited for, or a part of one: most come in one piece, and a timer
    for each costs as much as to check what it has signed."""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        if len(self.connections) > MOST_AT_ONCE:
            self._hang_up(_TOO_MANY)
        else:
            self._wait()

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        self._beside += len(data)
        super().data_received(data)
        if self._beside > MOST_BESIDE_A_BODY and not self.transport.is_closing():
            self.send_400_response("Too much beside the body.")
        if not self._is_whole or self._is_idle:
            self._wait()

    @property
    def _is_idle(self) -> bool:
        """Whether what came is no request, and whoever sent it no longer timed by uvicorn."""
        return self.cycle is None or self.cycle.response_complete

    def send_400_response(self, msg: str) -> None:
        self._hang_up(_answer("400 Bad Request", msg))

    def on_message_begin(self) -> None:
        self._is_whole = False
        super().on_message_begin()

    def on_body(self, body: bytes) -> None:
        self._beside -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._beside = 0
        self._is_whole = True
        self._wait_no_longer()
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_longer()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self._given_up is None:
            self._given_up = self.loop.call_later(ARRIVES_WITHIN, self._hang_up, _TOO_SLOW)

    def _wait_no_longer(self) -> None:
        if self._given_up is not None:
            self._given_up.cancel()
            self._given_up = None

    def _hang_up(self, answer: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(answer)
            self.transport.close()

"""HTTP as uvicorn speaks it, with limits to what may stand beside a body, and to how long a request
may take to arrive.

uvicorn's fast parser keeps headers of any length (its slow one, h11, does not, and costs twice as
much), and waits for the rest of a request for ever: whoever reaches the port could fill the memory,
unsigned.
"""

from asyncio import TimerHandle

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from handlers.web import HEADERS

MOST_BESIDE_A_BODY = 64 * 1024
"""Bytes of request line, headers, chunk sizes and trailers together. Slack sends less than one
kilobyte."""

ARRIVES_WITHIN = 5.0
"""Seconds from a request's first byte to its last."""

_TOO_SLOW = b"too slow"
_ABOUT_IT = {**HEADERS, "connection": "close", "content-length": str(len(_TOO_SLOW))}
_LINES = ("HTTP/1.1 408 Request Timeout", *(f"{name}: {said}" for name, said in _ABOUT_IT.items()))
_GIVEN_UP = "\r\n".join(_LINES).encode() + b"\r\n\r\n" + _TOO_SLOW


class Bounded(HttpToolsProtocol):
    _beside = 0
    _is_whole = True
    _given_up: TimerHandle | None = None
    """Set only while a part of a request is missing: most come in one piece, and a timer for each
    costs as much as to check what it has signed."""

    def data_received(self, data: bytes) -> None:
        self._beside += len(data)
        super().data_received(data)
        if self._beside > MOST_BESIDE_A_BODY and not self.transport.is_closing():
            self.send_400_response("Too much beside the body.")
        if not self._is_whole and self._given_up is None:
            self._given_up = self.loop.call_later(ARRIVES_WITHIN, self._give_up)

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

    def _wait_no_longer(self) -> None:
        if self._given_up is not None:
            self._given_up.cancel()
            self._given_up = None

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(_GIVEN_UP)
            self.transport.close()

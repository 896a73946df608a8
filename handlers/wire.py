"""HTTP as uvicorn speaks it, with a limit to what may stand beside a body.

uvicorn's fast parser keeps headers of any length (its slow one, h11, does not, and costs twice as
much): whoever reaches the port could fill the memory, unsigned.
"""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_BESIDE_A_BODY = 64 * 1024
"""Bytes of request line, headers, chunk sizes and trailers together. Slack sends less than one
kilobyte."""


class Bounded(HttpToolsProtocol):
    _beside = 0

    def data_received(self, data: bytes) -> None:
        self._beside += len(data)
        super().data_received(data)
        if self._beside > MOST_BESIDE_A_BODY and not self.transport.is_closing():
            self.send_400_response("Too much beside the body.")

    def on_body(self, body: bytes) -> None:
        self._beside -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._beside = 0
        super().on_message_complete()

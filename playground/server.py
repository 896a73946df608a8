"""The stand-in Slack as a running server.

with StandIn(world) as slack:
    slack.request_url = "http://127.0.0.1:3000/slack/events"
    slack.person("maria").types("/workshop Exportdag", channel="bro")
"""

from pathlib import Path
from types import TracebackType
from typing import Self

from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from playground import page
from playground.background import Background
from playground.client import Client
from playground.delivery import ANSWER_SECONDS, Answer, Courier
from playground.faults import Faults
from playground.person import Person
from playground.socket_mode import Sockets
from playground.web import application
from playground.world import World

PAGE = Path(__file__).parent / "page"


class StandIn:
    """Serves one world on a loopback port, in a thread of its own, from `with` to its end.

    `port` 0 takes a free one. `answer_seconds` is how long the app has for an answer: Slack's
    three seconds unless a test is about being late.
    """

    def __init__(
        self, world: World, *, port: int = 0, answer_seconds: float = ANSWER_SECONDS
    ) -> None:
        self.world = world
        self.courier = Courier(world, answer_seconds)
        self.client = Client(world, self.courier)
        app = application(world, self.courier.sockets, self._further())
        self._background = Background(app, port)
        self.url = world.base_url = self._background.url

    def _further(self) -> list[BaseRoute]:
        built = [Mount("/page", StaticFiles(directory=PAGE, html=True))] if PAGE.is_dir() else []
        return [*page.routes(self.client), *built]

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    @property
    def page_url(self) -> str:
        return f"{self.url}/page/"

    @property
    def faults(self) -> Faults:
        return self.world.faults

    @property
    def sockets(self) -> Sockets:
        return self.courier.sockets

    @property
    def request_url(self) -> str | None:
        """Where the app takes requests; None for Socket Mode."""
        return self.courier.request_url

    @request_url.setter
    def request_url(self, url: str | None) -> None:
        self.courier.request_url = url

    def person(self, name: str) -> Person:
        return Person(self.world, self.client, self.world.user_named(name))

    def redeliver_last(self, times: int = 1, *, retry_num: bool = True) -> list[Answer]:
        return self.courier.redeliver_last(times, retry_num=retry_num)

    def __enter__(self) -> Self:
        self._background.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.world.close()
        self._background.__exit__(kind, error, trace)
        self.courier.close()

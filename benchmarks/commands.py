"""What comes in signed and is acknowledged, with nothing to be written."""

from collections.abc import Iterator
from dataclasses import dataclass
from tempfile import TemporaryDirectory

from benchmarks import scene
from benchmarks.rounds import at_least, side_by_side
from benchmarks.rows import Row, rate
from benchmarks.servers import Server, serving

CONNECTIONS = 16
MANY, FEW = 60, 10
HALF = 0.5
MORE = 0.05


def measure(scale: float) -> Iterator[Row]:
    command = scene.command("/bro mina")
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/brobot.db"
        scene.prepared(url)
        options = ("--database", url, "--commands")
        with serving("brobot", *options, str(MANY)) as brobot, serving("signed") as floor:
            brobot.load([command] * 20, 1)
            loads = Loads(at_least(scale, 5), at_least(scale, 4000, 20), floor, brobot)
            yield loads.beside("an event that is only taken", scene.event())
            yield loads.beside(f"`/bro mina`, {MANY} commands, read and drawn", command)
        # Two that have just been started: after some ten thousand requests each takes longer.
        with (
            serving("brobot", *options, str(FEW)) as few,
            serving("brobot", *options, str(MANY)) as many,
        ):
            for each in (few, many):
                each.load([command] * 20, 1)
            yield _grown(command, few, many, scale)


@dataclass(frozen=True, slots=True)
class Loads:
    """So many requests at each of them, in so many rounds."""

    rounds: int
    number: int
    floor: Server
    brobot: Server

    def beside(self, what: str, body: str) -> Row:
        bodies = [body] * self.number
        pair = side_by_side(
            self.rounds,
            lambda: self.floor.load(bodies, CONNECTIONS).per_second,
            lambda: self.brobot.load(bodies, CONNECTIONS).per_second,
        )
        return rate(f"Acknowledged: {what}", pair, "only checks the signature", HALF)


def _grown(body: str, few: Server, many: Server, scale: float) -> Row:
    number = at_least(scale, 800, 20)

    def cpu(server: Server) -> float:
        before = server.cpu()
        server.load([body] * number, 1)
        return (server.cpu() - before) / number * 1_000_000

    pair = side_by_side(at_least(scale, 15), lambda: cpu(few), lambda: cpu(many))
    return Row(
        what=f"CPU for `/bro mina` with {MANY} commands instead of {FEW}",
        value=f"{pair.subject:,.0f} µs",
        floor=f"{pair.floor:,.0f} µs",
        ratio=f"{pair.ratio:.0%}",
        aim=f"≤ {1 + MORE:.0%}",
        met=pair.ratio <= 1 + MORE,
    )

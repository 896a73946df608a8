"""Starting the servers that are measured, and asking them what they have used."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from benchmarks.client import Found, Job, send


@dataclass(frozen=True, slots=True)
class Server:
    port: int

    def cpu(self) -> float:
        """Seconds of CPU used so far."""
        answer = httpx.get(f"http://127.0.0.1:{self.port}/cost", trust_env=False)
        return float(answer.json()["cpu"])

    def load(
        self, bodies: list[str], connections: int, rate: float | None = None, expects: str = ""
    ) -> Found:
        return send(Job(self.port, bodies, connections, rate, expects))


@contextmanager
def serving(name: str, *options: str) -> Iterator[Server]:
    """A server in a process of its own, from `with` to its end."""
    command = [sys.executable, "-m", "benchmarks.serve", name, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Server(int(process.stdout.readline()))
        finally:
            process.terminate()

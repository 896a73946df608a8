"""Refusals: those of the Web API, and those of Slack's own client."""

from collections.abc import Iterable

from playground.schema import Json, Problem


class SlackError(Exception):
    """A Web API answer with `ok` false. `details` become further fields of the answer."""

    def __init__(self, error: str, *, problems: Iterable[Problem] = (), **details: str) -> None:
        super().__init__(error)
        self.error = error
        self.problems = list(problems)
        self.details = details

    def reply(self) -> Json:
        answer: Json = {"ok": False, "error": self.error, **self.details}
        if self.problems:
            messages = [f"[ERROR] {problem}" for problem in self.problems]
            answer["response_metadata"] = {"messages": messages}
        if self.problems and self.error == "invalid_blocks":
            answer["errors"] = [str(problem) for problem in self.problems]
        return answer


class NotAllowed(Exception):  # noqa: N818 - reads as what the client says
    """Slack's client does not let a person do this, so the app never hears of it."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason

"""What a replayed endpoint answers, and which answer comes when."""

import enum
import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Role = Literal["programmer", "critic", "tester", "judge"]


class Fault(enum.Enum):
    UNAUTHORIZED = "unauthorized"
    NO_SUCH_MODEL = "no-such-model"
    RATE_LIMITED = "rate-limited"
    """429 with `Retry-After: 0`."""
    SERVER_ERROR = "server-error"
    CONTEXT_TOO_LONG = "context-too-long"
    CONTENT_FILTER = "content-filter"
    HTML = "html"
    DROPPED = "dropped"
    """The connection closes before a byte of the reply."""
    TRUNCATED = "truncated"
    """It closes in the middle of the body."""
    NO_CHOICES = "no-choices"
    ERROR_DOCUMENT = "error-document"
    """An error where the completion should be, with the status 200."""
    ERROR_IN_STREAM = "error-in-stream"
    INVALID = "invalid"
    """422, with a list of what is wrong."""
    NESTED = "nested"
    """A document of a hundred thousand lists, one in the other."""
    HANG = "hang"
    """Nothing is sent until the endpoint stops or the client hangs up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scripted:
    text: str
    finish: str = "stop"
    thinking: str = ""
    delay_seconds: float = 0.0
    with_usage: bool = True
    ignore_stream: bool = False
    """Answer one JSON document even where a stream was asked for."""


Answer = str | Scripted | Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRequest:
    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def prompt(self) -> str:
        """All messages, one after the other."""
        messages: list[dict[str, str]] = self.body["messages"]
        return "\n\n".join(message["content"] for message in messages)

    @property
    def stream(self) -> bool:
        return bool(self.body.get("stream"))

    @property
    def role(self) -> Role:
        """Whose request this is, told by the reply format that it asks for."""
        if "with nothing but literals in them" in self.prompt:
            return "tester"
        if "Better: A or B" in self.prompt:
            return "judge"
        return "critic" if "Score: N/5" in self.prompt else "programmer"


Answerer = Callable[[ChatRequest], Answer]
Script = Sequence[Answer] | Answerer


def in_order(answers: Sequence[Answer]) -> Answerer:
    """One after the other, and the last one for ever."""
    lock = threading.Lock()
    remaining = list(answers)

    def answer(request: ChatRequest) -> Answer:
        with lock:
            return remaining.pop(0) if len(remaining) > 1 else remaining[0]

    return answer


def by_role(answers: Sequence[tuple[Role | None, Answer]]) -> Answerer:
    """Answers meant for a role come first; the others serve everyone in order."""
    shared = [answer for role, answer in answers if role is None]
    lists: dict[Role, list[Answer]] = {
        "programmer": [answer for role, answer in answers if role == "programmer"],
        "critic": [answer for role, answer in answers if role == "critic"],
    }
    anyone = in_order(shared) if shared else None
    answerers = {role: in_order(own) for role, own in lists.items() if own}

    def answer(request: ChatRequest) -> Answer:
        answerer = answerers.get(request.role) or anyone
        return answerer(request) if answerer else Fault.SERVER_ERROR

    return answer


def load_answers(lines: str) -> list[tuple[Role | None, Answer]]:
    """Read the JSON lines that `python -m support.replay_endpoint` takes."""
    return [_answer(json.loads(line)) for line in lines.splitlines() if line.strip()]


def _answer(entry: dict[str, Any]) -> tuple[Role | None, Answer]:
    role: Role | None = entry.pop("role", None)
    if "fault" in entry:
        return role, Fault(entry["fault"])
    return role, Scripted(**entry)

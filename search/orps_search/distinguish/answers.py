"""What a candidate gives for a call: in words for people, as source text for tests."""

import ast
import builtins
from dataclasses import dataclass

from orps_sandbox.observation import Observation, ObservationKind

_MAX_CHARACTERS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One of the things that a call may give."""

    words: str
    """`returns 2.5`, `raises ValueError`."""
    value: str | None = None
    """The expected value as a Python literal; `None` where it has none."""
    exception: str | None = None
    """A built-in exception by name."""

    @property
    def is_sayable(self) -> bool:
        """Whether a test can be written that expects it."""
        return self.value is not None or self.exception is not None


def answer(observation: Observation) -> Answer:
    match observation.kind:
        case ObservationKind.VALUE:
            words = f"returns {_short(observation.text)}"
            return Answer(words=words, value=_literal(observation.text))
        case ObservationKind.RAISED:
            name = observation.text.partition(":")[0].rpartition(".")[2]
            found = getattr(builtins, name, None)
            is_known = isinstance(found, type) and issubclass(found, Exception)
            return Answer(words=f"raises {name}", exception=name if is_known else None)
        case ObservationKind.TIMEOUT:
            return Answer(words="does not end in time")
        case ObservationKind.MEMORY:
            return Answer(words="needs too much memory")
        case ObservationKind.CRASH:
            return Answer(words="ends the interpreter")
        case ObservationKind.OPAQUE | ObservationKind.INVALID:
            return Answer(words="gives something that cannot be compared")


def _literal(text: str) -> str | None:
    """The text itself if it is a literal whose value equals itself."""
    try:
        value = ast.literal_eval(text)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    return text if value == value else None  # noqa: PLR0124 - a nan is unlike itself


def _short(text: str) -> str:
    return text if len(text) <= _MAX_CHARACTERS else text[: _MAX_CHARACTERS - 3] + "..."

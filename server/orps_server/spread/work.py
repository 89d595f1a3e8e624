"""What is spread: values that perform themselves, wherever they are unpickled."""

import platform
from dataclasses import dataclass
from typing import Protocol, TypeVar

Result_co = TypeVar("Result_co", covariant=True)


class Work(Protocol[Result_co]):
    async def perform(self) -> Result_co:
        """Do it here; raises what is fatal for all works, not for this one alone."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where works are done, and how many at a time."""

    address: str | None = None
    """Of a Ray cluster: `host:port`, `auto` for the one that runs here, `local` for a
    new one; `None` does without Ray."""
    workers: int | None = None
    """Works at a time; `None` for two here, and for all that a cluster can take."""


def this_node() -> str:
    return platform.node() or "this machine"

"""What a subcommand is: its arguments as a value that can run itself."""

import argparse
from abc import ABC, abstractmethod
from dataclasses import dataclass

from orps_server.cli.status import ExitStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Configured:
    """Whatever was started from the command line, the language server included."""

    overrides: dict[str, object]
    """Settings by dotted JSON name; only those that were given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Configured, ABC):
    """The parsed arguments of one subcommand."""

    @classmethod
    @abstractmethod
    def declare(cls, parser: argparse.ArgumentParser) -> None:
        """Add the flags that `read` reads."""

    @classmethod
    @abstractmethod
    def read(cls, known: argparse.Namespace) -> "Command":
        """Make the value; raises `RequestFault` for what no parser can see."""

    @abstractmethod
    async def run(self) -> ExitStatus:
        """Do it; the result is the exit status."""

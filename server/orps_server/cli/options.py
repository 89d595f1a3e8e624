"""Flags and values that several subcommands share.

Nothing heavy is imported here: every command line is parsed with it.
"""

import argparse
import enum
from dataclasses import dataclass
from typing import cast

from orps_server.cli.command import Command
from orps_server.errors import RequestFault
from orps_server.isolation import EVERYWHERE
from orps_server.spread.work import Place


class Output(enum.Enum):
    RANKING = "ranking"
    JSON = "json"
    DIFF = "diff"
    WRITE = "write"


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetName:
    """`FILE::QUALNAME`; pytest's way of writing `Class::method` is understood."""

    file: str
    qualname: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Targeted(Command):
    """A command about one target."""

    target: TargetName
    tests: tuple[str, ...]


ENDPOINT_FLAGS: tuple[tuple[str, str, type, str], ...] = (
    ("--base-url", "llm.baseUrl", str, "URL of an OpenAI-compatible endpoint"),
    ("--model", "llm.model", str, "model that writes candidates"),
    ("--critic-model", "llm.criticModel", str, "model that writes critiques"),
)
SEARCH_FLAGS: tuple[tuple[str, str, type, str], ...] = (
    ("--policy", "search.policy", str, "search policy ({policies})"),
    ("--samples", "search.samples", int, "candidates per round and beam"),
    ("--rounds", "search.rounds", int, "rounds after the first drafts"),
    ("--beam", "search.beam", int, "candidates that each round expands"),
    ("--max-requests", "budget.maxRequestsPerSearch", int, "bound on requests"),
    ("--max-tokens", "budget.maxTokensPerSearch", int, "bound on tokens"),
    ("--max-cost", "budget.maxCostPerSearch", float, "bound on US dollars"),
    ("--max-seconds", "budget.maxSecondsPerSearch", float, "bound on seconds"),
    (
        "--profile-seconds",
        "search.profileSeconds",
        float,
        "how long finalists may be measured; 0: not at all",
    ),
    ("--seed", "search.seed", int, "make our own choices repeatable"),
    ("--critic", "search.critic", str, "who gives process rewards: llm, prm or both"),
    (
        "--generated-tests",
        "search.generatedTests",
        str,
        "off, auto or on: whether a model writes tests, too",
    ),
    ("--judge", "search.judge", str, "off or on: whether a model judges the best two"),
    ("--prm-model", "search.prmModel", str, "file of the model of lines, for prm"),
)
_OTHER_FLAGS = {
    "--python": "interpreter",
    "--tier": "sandbox.tier",
    "--log-level": "log.level",
    "--log-file": "log.file",
    "--no-journal": "journal.enabled",
}


def usage_fault(message: str) -> RequestFault:
    """What is wrong with a command line, and where the right way is written."""
    return RequestFault(
        message, kind="badRequest", hint="See orps-lsp --help, or COMMAND --help."
    )


def target_name(text: str) -> TargetName:
    """Split at the first `::` after the file's name."""
    file, separator, inner = text.partition("::")
    qualname = inner.replace("::", ".")
    if not (file and separator and qualname):
        raise usage_fault(f"{text!r} names no target; write FILE::QUALNAME")
    return TargetName(file=file, qualname=qualname)


def test_names(known: argparse.Namespace) -> tuple[str, ...]:
    """What `add_tests` collected."""
    return tuple(cast("list[str]", known.tests))


def overrides(known: argparse.Namespace) -> dict[str, object]:
    """The settings among the flags; only those that were given."""
    given = cast("dict[str, object]", vars(known))
    settings = [(flag, name) for flag, name, _, _ in (*ENDPOINT_FLAGS, *SEARCH_FLAGS)]
    values = {
        name: given.get(flag.removeprefix("--").replace("-", "_"))
        for flag, name in (*settings, *_OTHER_FLAGS.items())
    }
    found = {name: value for name, value in values.items() if value is not None}
    if found.get("sandbox.tier") == "C":
        # Whoever types it has been asked and has answered, for this one command.
        found["sandbox.unconfined"] = [EVERYWHERE]
    return found


def add_target(parser: argparse.ArgumentParser, *, several: bool = False) -> None:
    parser.add_argument(
        "target", metavar="FILE::QUALNAME", nargs="+" if several else None
    )
    add_tests(parser)
    add_execution(parser)
    add_logging(parser)


def add_tests(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--tests",
        action="append",
        default=[],
        metavar="PATH_OR_NODEID",
        help="tests to use; may be repeated; default: found by imports and names",
    )


def add_execution(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--python", metavar="PATH", help="the project's interpreter")
    parser.add_argument(
        "--tier",
        choices=("auto", "A", "B", "C"),
        help="how strongly executions have to be confined; default: as far as possible",
    )


def add_endpoint(parser: argparse.ArgumentParser) -> None:
    _add_settings(parser, ENDPOINT_FLAGS)


def add_search(parser: argparse.ArgumentParser) -> None:
    """The endpoint, the policy and how far a search may go."""
    # The language server, which has no such flags, does without the policies.
    from orps_search.policies import POLICIES  # noqa: PLC0415

    policies = ", ".join(POLICIES)
    add_endpoint(parser)
    _add_settings(
        parser,
        tuple(
            (flag, name, kind, what.format(policies=policies))
            for flag, name, kind, what in SEARCH_FLAGS
        ),
    )


def add_journal(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--no-journal",
        action="store_const",
        const=False,
        help="keep nothing of this search on disk (docs/journal.md)",
    )


def add_budget(parser: argparse.ArgumentParser) -> None:
    """How far a search may go, what it has behind it included."""
    flags = {"--rounds", "--max-requests", "--max-tokens", "--max-seconds"}
    _add_settings(parser, tuple(each for each in SEARCH_FLAGS if each[0] in flags))


def add_search_id(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "search_id",
        metavar="SEARCH_ID",
        help="as `orps-lsp searches` lists it; its beginning is enough",
    )


def add_output(parser: argparse.ArgumentParser) -> None:
    output = parser.add_mutually_exclusive_group()
    for kind, what in (
        (Output.JSON, "print one JSON document (docs/result-schema.md)"),
        (Output.DIFF, "print the best candidate as a unified diff"),
        (Output.WRITE, "put the best candidate into the file if it passes all tests"),
    ):
        output.add_argument(
            f"--{kind.value}",
            dest="output",
            action="store_const",
            const=kind.value,
            help=what,
        )


def add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print a JSON document")


def add_logging(parser: argparse.ArgumentParser) -> None:
    # A subcommand's own default would overwrite what stood before its name.
    parser.add_argument(
        "--log-level",
        choices=("debug", "info", "warning", "error"),
        default=argparse.SUPPRESS,
        help="what is logged; debug shows tracebacks",
    )
    parser.add_argument(
        "--log-file",
        metavar="PATH",
        default=argparse.SUPPRESS,
        help="log there too",
    )


def add_place(parser: argparse.ArgumentParser, *, what: str) -> None:
    """Where the parts of a large piece of work are done."""
    parser.add_argument(
        "--workers",
        type=positive,
        metavar="N",
        help=f"{what} at a time; default: 2 here, and all that a cluster can take",
    )
    parser.add_argument(
        "--executor",
        choices=("local", "ray"),
        default="local",
        help=f"where {what} are worked on (docs/scaling.md); default: local",
    )
    parser.add_argument(
        "--address",
        metavar="HOST:PORT",
        help="the Ray cluster; default: a new one on this machine",
    )


def place_of(known: argparse.Namespace) -> Place:
    if known.executor == "local":
        if known.address is not None:
            raise usage_fault("--address is of a Ray cluster; add --executor ray")
        return Place(workers=known.workers)
    return Place(address=known.address or "local", workers=known.workers)


def positive(text: str) -> int:
    number = int(text) if text.strip().isdigit() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 on")
    return number


def _add_settings(
    parser: argparse.ArgumentParser, flags: tuple[tuple[str, str, type, str], ...]
) -> None:
    for flag, _, kind, what in flags:
        metavar = {str: "TEXT", int: "N", float: "N"}[kind]
        parser.add_argument(flag, type=kind, metavar=metavar, help=what)

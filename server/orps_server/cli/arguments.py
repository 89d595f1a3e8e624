"""What may stand on the command line, as types.

Nothing heavy is imported here: a language server starts with it.
"""

import argparse
import enum
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, cast

from orps_search.policies import POLICIES
from orps_server import __version__
from orps_server.errors import RequestFault


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
class _Configured:
    overrides: dict[str, object]
    """Settings by dotted JSON name; only those that were given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Targeted(_Configured):
    target: TargetName
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Generate(_Targeted):
    output: Output


@dataclass(frozen=True, slots=True, kw_only=True)
class Verify(_Targeted):
    candidate: Path
    output: Output


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt(_Targeted):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Doctor(_Configured):
    as_json: bool
    corpus: Path | None = None
    """A folder of hostile programs to run instead of the checks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema(_Configured):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Serve(_Configured):
    pass


Command = Generate | Verify | Prompt | Doctor | Schema | Serve

_SETTING_FLAGS: tuple[tuple[str, str, type, str], ...] = (
    ("--base-url", "llm.baseUrl", str, "URL of an OpenAI-compatible endpoint"),
    ("--model", "llm.model", str, "model that writes candidates"),
    ("--critic-model", "llm.criticModel", str, "model that writes critiques"),
    ("--policy", "search.policy", str, f"search policy ({', '.join(POLICIES)})"),
    ("--samples", "search.samples", int, "candidates per round and beam"),
    ("--rounds", "search.rounds", int, "rounds after the first drafts"),
    ("--beam", "search.beam", int, "candidates that each round expands"),
    ("--max-requests", "budget.maxRequestsPerSearch", int, "bound on requests"),
    ("--max-tokens", "budget.maxTokensPerSearch", int, "bound on tokens"),
    ("--max-seconds", "budget.maxSecondsPerSearch", float, "bound on seconds"),
    ("--seed", "search.seed", int, "make our own choices repeatable"),
)
_ENDPOINT_FLAGS = 3
_OTHER_TRANSPORTS = frozenset({"--socket", "--pipe", "--port", "--tcp", "--node-ipc"})


def parse_arguments(argv: Sequence[str]) -> Command:
    """Read the command line; raises `RequestFault` for what is wrong with it.

    `--help` and `--version` print and raise `SystemExit`.
    """
    known, unknown = _parser().parse_known_args(list(argv))
    if known.command is None:
        _require_harmless(unknown)
        return Serve(overrides=_overrides(known))
    if unknown:
        raise _usage_fault(f"unrecognized arguments: {' '.join(unknown)}")
    return _command(known)


def _command(known: argparse.Namespace) -> Command:
    overrides = _overrides(known)
    match known.command:
        case "doctor":
            corpus = None if known.corpus is None else Path(known.corpus)
            return Doctor(overrides=overrides, as_json=known.json, corpus=corpus)
        case "schema":
            return Schema(overrides=overrides)
        case command:
            return _targeted(command, known, overrides)


def _targeted(
    command: str, known: argparse.Namespace, overrides: dict[str, object]
) -> Command:
    target, tests = target_name(known.target), tuple(cast("list[str]", known.tests))
    if command == "prompt":
        return Prompt(overrides=overrides, target=target, tests=tests)
    if command == "verify":
        return Verify(
            overrides=overrides,
            target=target,
            tests=tests,
            candidate=Path(known.candidate),
            output=Output.JSON if known.json else Output.RANKING,
        )
    return Generate(
        overrides=overrides,
        target=target,
        tests=tests,
        output=Output(known.output or Output.RANKING),
    )


def target_name(text: str) -> TargetName:
    """Split at the first `::` after the file's name."""
    file, separator, inner = text.partition("::")
    qualname = inner.replace("::", ".")
    if not (file and separator and qualname):
        raise _usage_fault(f"{text!r} names no target; write FILE::QUALNAME")
    return TargetName(file=file, qualname=qualname)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line; its status is ours, not argparse's 2."""

    def error(self, message: str) -> NoReturn:
        raise _usage_fault(message)


def _usage_fault(message: str) -> RequestFault:
    return RequestFault(
        message, kind="badRequest", hint="See orps-lsp --help, or COMMAND --help."
    )


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="orps-lsp",
        description="Search for implementations of a stub and show what was executed. "
        "Without a command: serve LSP on stdio.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument(
        "--stdio", action="store_true", help="serve on stdio (the default)"
    )
    parser.add_argument(
        "--check-parent-process",
        action="store_true",
        help="accepted for editors that say it; the server always watches its parent",
    )
    _add_logging(parser)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, what, add in (
        ("generate", "search, and show ranked candidates", _add_generate),
        ("verify", "run one given body, without a model", _add_verify),
        ("prompt", "print what would be sent, and send nothing", _add_prompt),
        ("doctor", "say what works here and what does not", _add_doctor),
        ("schema", "print the JSON schema of the settings", _add_logging),
    ):
        add(commands.add_parser(name, help=what, description=what, allow_abbrev=False))
    return parser


def _add_generate(parser: argparse.ArgumentParser) -> None:
    _add_target(parser)
    _add_flags(parser, len(_SETTING_FLAGS))
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


def _add_verify(parser: argparse.ArgumentParser) -> None:
    _add_target(parser)
    parser.add_argument(
        "--candidate",
        required=True,
        metavar="PATH",
        help="file with a body, function, class or module",
    )
    parser.add_argument("--json", action="store_true", help="print a JSON document")


def _add_prompt(parser: argparse.ArgumentParser) -> None:
    _add_target(parser)
    _add_flags(parser, len(_SETTING_FLAGS))


def _add_doctor(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print a JSON document")
    parser.add_argument(
        "--corpus",
        metavar="DIR",
        help="run the hostile programs in DIR instead, and compare (docs/sandbox.md)",
    )
    _add_execution(parser)
    _add_flags(parser, _ENDPOINT_FLAGS)
    _add_logging(parser)


def _add_target(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="FILE::QUALNAME")
    parser.add_argument(
        "--tests",
        action="append",
        default=[],
        metavar="PATH_OR_NODEID",
        help="tests to use; may be repeated; default: found by imports and names",
    )
    _add_execution(parser)
    _add_logging(parser)


def _add_execution(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--python", metavar="PATH", help="the project's interpreter")
    parser.add_argument(
        "--tier",
        choices=("auto", "A", "B", "C"),
        help="how strongly executions have to be confined; default: as far as possible",
    )


def _add_flags(parser: argparse.ArgumentParser, count: int) -> None:
    for flag, _, kind, what in _SETTING_FLAGS[:count]:
        metavar = {str: "TEXT", int: "N", float: "N"}[kind]
        parser.add_argument(flag, type=kind, metavar=metavar, help=what)


def _add_logging(parser: argparse.ArgumentParser) -> None:
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


def _overrides(known: argparse.Namespace) -> dict[str, object]:
    given = cast("dict[str, object]", vars(known))
    flags = {flag: name for flag, name, _, _ in _SETTING_FLAGS} | {
        "--python": "interpreter",
        "--tier": "sandbox.tier",
        "--log-level": "log.level",
        "--log-file": "log.file",
    }
    values = {
        name: given.get(flag.removeprefix("--").replace("-", "_"))
        for flag, name in flags.items()
    }
    return {name: value for name, value in values.items() if value is not None}


def _require_harmless(unknown: Sequence[str]) -> None:
    """Let pass what editors add on their own, such as `--clientProcessId=123`."""
    for argument in unknown:
        name = argument.partition("=")[0]
        if name in _OTHER_TRANSPORTS or not name.startswith("--"):
            raise _usage_fault(f"{argument} is not understood; LSP is served on stdio")

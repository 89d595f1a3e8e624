"""Format `prm`: steps of candidates with truth values, for `trl`'s trainers.

A step of a candidate is right if some candidate of the search that begins with the same
steps passes every test: what the search has shown to be possible from there. A step that
only failures share is wrong as far as the search knows.
"""

from collections.abc import Iterator

from orps_search.candidate import Candidate
from orps_search.journal.fold import SearchState
from orps_search.journal.playback import ranking
from orps_search.mutation import Source, sources_of, steps_of

Json = dict[str, object]


def export(state: SearchState) -> Iterator[Json]:
    """One object for each candidate that is a function or a class, best first."""
    began = state.began
    written = [(each, _steps(each)) for each in ranking(state)]
    solutions = [_plain(steps) for each, steps in written if each.outcome.all_passed]
    for candidate, steps in written:
        if not steps:
            continue
        plain = _plain(steps)
        yield {
            "prompt": began.source,
            "completions": steps,
            "labels": [
                any(
                    plain[: count + 1] == solution[: count + 1]
                    for solution in solutions
                )
                for count in range(len(plain))
            ],
            "problem": f"{began.module_path}::{began.qualname}",
            "operator": "original",
            "cases": candidate.outcome.n_total,
            "executed": [candidate.outcome.n_total] * len(steps),
        }


def _steps(candidate: Candidate) -> list[str]:
    """Cut a candidate's code into its statements, signatures with the first of each."""
    texts: list[str] = []
    for source in sources_of(candidate.code):
        texts += _texts(source)
    return texts


def _texts(source: Source) -> Iterator[str]:
    for step in steps_of(source):
        yield source.text[step.text_start : step.text_end]


def _plain(steps: list[str]) -> tuple[str, ...]:
    """Equal for steps that differ in spaces at line ends and in blank lines."""
    return tuple(
        "\n".join(line.rstrip() for line in step.splitlines() if line.strip())
        for step in steps
    )

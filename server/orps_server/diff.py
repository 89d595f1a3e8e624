"""Unified diffs that `git apply` and `patch -p1` take, from the project's root."""

import difflib

from orps_search.candidate import Candidate
from orps_search.problem import Problem
from orps_search.source.splice import Misplacement, apply_edits, place

NO_NEWLINE = "\\ No newline at end of file\n"


def candidate_text(problem: Problem, candidate: Candidate) -> str | None:
    """The target's file with the candidate in it; `None` when it does not fit."""
    placement = place(problem.module_text, problem.target, candidate.code)
    if isinstance(placement, Misplacement):
        return None
    return apply_edits(problem.module_text, placement.edits)


def unified_diff(old: str, new: str, path: str) -> str:
    """Lines end at line feeds only, as for git, and keep their carriage returns."""
    lines = difflib.unified_diff(
        _lines(old), _lines(new), fromfile=f"a/{path}", tofile=f"b/{path}"
    )
    return "".join(
        line if line.endswith("\n") else f"{line}\n{NO_NEWLINE}" for line in lines
    )


def _lines(text: str) -> list[str]:
    *whole, last = text.split("\n")
    return [f"{line}\n" for line in whole] + ([last] if last else [])

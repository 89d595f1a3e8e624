"""What canaries say of a run in which tests and candidate shared an interpreter; pure.

They are evidence of tampering, and no proof of its absence: such a run stays labelled
as one whose verdict could be forged.
"""

import secrets
from collections.abc import Collection

from orps_sandbox.outcome import CaseStatus
from orps_sandbox.reports import Attempt

N_CANARIES = 3
TAMPERED = "the candidate has tampered with the tests: {}"


def drawn() -> tuple[str, ...]:
    """Names for the canaries of one execution; like those of any test."""
    return tuple(f"test_{secrets.token_hex(4)}" for _ in range(N_CANARIES))


def tampering(attempt: Attempt, case_ids: Collection[str]) -> str:
    """Why no pass of this attempt counts; empty while nothing speaks against it.

    `case_ids` are those that the attempt was to run.
    """
    passes = [r for r in attempt.results if r.status is CaseStatus.PASSED]
    if not passes:
        return ""
    if attempt.canaries is None:
        return TAMPERED.format("nothing was planted among them")
    statuses = {result.id: result.status for result in attempt.results}
    sung = tuple(canary for canary in attempt.canaries if canary in statuses)
    # A conftest.py may skip what it does not know.
    if any(statuses[canary] is CaseStatus.PASSED for canary in sung):
        return TAMPERED.format("one that cannot pass did")
    if attempt.canaries[:1] != sung[:1]:
        return TAMPERED.format("the first one was not run")
    if statuses.keys() >= set(case_ids) and len(sung) < len(attempt.canaries):
        return TAMPERED.format("not all of them were run")
    return ""

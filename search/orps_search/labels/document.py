"""The JSON document `orps.labels/1` (docs/labels.md)."""

from orps_sandbox.outcome import CaseStatus, ExecutionOutcome
from orps_search.labels.values import LabeledMutant, LabeledStep, Labels

SCHEMA = "orps.labels/1"


def labels_document(
    labels: Labels, *, file: str, qualname: str, seed: int
) -> dict[str, object]:
    """All that a plain execution of each mutant can be compared with."""
    return {
        "schema": SCHEMA,
        "target": {"file": file, "qualname": qualname},
        "seed": seed,
        "tests": [case.id for case in labels.outcome.cases],
        "tier": labels.outcome.tier.value,
        "judge": labels.outcome.judge.value,
        "caseSeconds": labels.case_seconds,
        "source": labels.text,
        "outcome": _outcome(labels.outcome),
        "steps": [_step(each) for each in labels.steps],
        "mutants": [_mutant(index, each) for index, each in enumerate(labels.mutants)],
    }


def _step(step: LabeledStep) -> dict[str, object]:
    return {
        "line": step.step.line,
        "endLine": step.step.end_line,
        "text": step.text,
        "label": step.label,
        "cases": step.n_cases,
        "completions": step.n_completions,
        "passing": step.n_passing,
        "mutants": step.n_broken + step.n_kept,
        "broken": step.n_broken,
        "kept": step.n_kept,
    }


def _mutant(index: int, labeled: LabeledMutant) -> dict[str, object]:
    mutant = labeled.mutant
    return {
        "id": f"m{index + 1}",
        "line": mutant.line,
        "lines": list(mutant.lines),
        "operator": mutant.operator.value,
        "refactoring": labeled.is_refactoring,
        "what": mutant.edit.what,
        "edit": {
            "start": mutant.edit.start,
            "end": mutant.edit.end,
            "replacement": mutant.edit.replacement,
        },
        "prefix": mutant.prefix,
        "statement": mutant.statement,
        "source": mutant.source,
        "label": labeled.label,
        "verdict": "kept" if labeled.kept else "broken",
        "outcome": _outcome(labeled.outcome),
    }


def _outcome(outcome: ExecutionOutcome) -> dict[str, object]:
    return {
        "passed": outcome.n_passed,
        "total": outcome.n_total,
        "termination": outcome.termination.value,
        "failing": [
            {"id": case.id, "status": case.status.value}
            for case in outcome.cases
            if case.status not in (CaseStatus.PASSED, CaseStatus.SKIPPED)
        ],
    }

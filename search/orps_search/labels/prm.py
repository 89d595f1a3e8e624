"""Labels as rows for trainers of process reward models.

The shape is the one of "stepwise supervision" that `trl`'s trainers read: a prompt, the
completion in steps, and a truth value for each. Such trainers know no mask, so a
statement that no case executes is joined to the step before it, whose label it shares.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from orps_search.labels.values import LabeledMutant, LabeledStep, Labels

Row = dict[str, object]


@dataclass(slots=True, kw_only=True)
class _Chunk:
    """A step of the completion while it grows."""

    text: str
    label: bool
    n_cases: int


def prm_rows(labels: Labels, *, problem: str, prompt: str) -> Iterator[Row]:
    """Yield the program's row, then one for each mutant that has a label.

    A mutant's row ends with the changed statement: what follows was written for
    another one. `problem` names what must not be in both training and test data.
    """
    n_cases = len(labels.outcome.cases)
    head, chunks = _chunks(labels.steps)
    if chunks:
        yield _row(problem, prompt, head, chunks, n_cases, operator="original")
    for mutant in labels.mutants:
        if mutant.label is not None:
            row = _mutant_row(labels, mutant, problem, prompt, n_cases)
            if row is not None:
                yield row


def _mutant_row(
    labels: Labels, labeled: LabeledMutant, problem: str, prompt: str, n_cases: int
) -> Row | None:
    mutant = labeled.mutant
    changed = [each for each in labels.steps if each.step.start == mutant.at]
    if not changed:
        return None
    own = changed[0]
    before = [each for each in labels.steps if each.step.start < own.step.start]
    head, chunks = _chunks(before)
    statement = mutant.statement if chunks else head + mutant.statement
    chunks.append(
        _Chunk(text=statement, label=bool(labeled.label), n_cases=own.n_cases)
    )
    operator = mutant.operator.value
    return _row(problem, prompt, "", chunks, n_cases, operator=operator)


def _chunks(steps: Sequence[LabeledStep]) -> tuple[str, list[_Chunk]]:
    """Return what is masked before the first label, and a chunk for each label."""
    head = ""
    chunks: list[_Chunk] = []
    for step in steps:
        if step.label is not None:
            chunk = _Chunk(
                text=head + step.text, label=bool(step.label), n_cases=step.n_cases
            )
            chunks.append(chunk)
            head = ""
        elif chunks:
            chunks[-1].text += step.text
        else:
            head += step.text
    return head, chunks


def _row(
    problem: str,
    prompt: str,
    head: str,
    chunks: Sequence[_Chunk],
    n_cases: int,
    *,
    operator: str,
) -> Row:
    texts = [chunk.text for chunk in chunks]
    texts[0] = head + texts[0]
    return {
        "prompt": prompt,
        "completions": texts,
        "labels": [chunk.label for chunk in chunks],
        "problem": problem,
        "operator": operator,
        "cases": n_cases,
        "executed": [chunk.n_cases for chunk in chunks],
    }

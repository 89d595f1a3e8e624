"""Where the answer to a question goes: the target's own test file, as people see it."""

from dataclasses import dataclass
from pathlib import Path

from orps_search.distinguish import AddedTest, Answer, Question, added_test
from orps_search.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenTest:
    """An edit of one test file, made for one text of it."""

    file: Path
    before: str
    edit: AddedTest

    @property
    def after(self) -> str:
        return self.edit.applied(self.before)


def first_test_file(problem: Problem) -> str | None:
    """Of the tests that decide about the target; `None` if only doctests do."""
    node_ids = problem.selection.node_ids
    return node_ids[0].partition("::")[0] if node_ids else None


def chosen_test(
    problem: Problem, root: Path, text: str, question: Question, answer: Answer
) -> ChosenTest | None:
    """The test that expects the answer; `text` is the first test file's.

    `None` where the answer or the file does not allow one.
    """
    path = first_test_file(problem)
    if path is None or not path.endswith(".py"):
        return None
    edit = added_test(
        path,
        text,
        module_path=problem.module_path,
        qualname=problem.target.qualname,
        call=question.call,
        answer=answer,
    )
    if edit is None:
        return None
    return ChosenTest(file=root / path, before=text, edit=edit)

"""The model in the seat of a critic: it rates lines, and the weakest ones are named."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Protocol

from orps_search.candidate import Candidate, Critique
from orps_search.mutation import sources_of, steps_of
from orps_search.prm.rows import Example
from orps_search.problem import Problem
from orps_search.proposer import Critic, MalformedReply, Usage

_BEST: Final = 5
_SATISFYING: Final = 4
_NAMED: Final = 3
_DOUBTFUL: Final = 0.5


class Scorer(Protocol):
    """`orps_search.prm.model.LineModel` is one."""

    def scores(self, examples: Sequence[Example]) -> list[float]: ...


class PrmCritic:
    """A process reward from 1 to 5: five times the least probability among the lines.

    Reasoning is not read. A candidate that is no single function gets no reward.
    """

    def __init__(self, model: Scorer) -> None:
        self._model = model

    def worst_case(self, problem: Problem, candidate: Candidate) -> Usage:  # noqa: ARG002
        """Nothing is requested from anyone."""
        return Usage()

    async def review(
        self,
        problem: Problem,
        candidate: Candidate,
        rejected: MalformedReply | None = None,  # noqa: ARG002 - the protocol's
    ) -> tuple[Critique | MalformedReply, Usage]:
        """Score each line by what stands before it."""
        examples = steps_as_examples(candidate.code, problem.target.qualname)
        scores = self._model.scores(examples)
        if not scores:
            text = "The line model found no function to read."
            return Critique(text=text, process_reward=None), Usage()
        reward = max(1, min(_BEST, 1 + int(min(scores) * _BEST)))
        critique = Critique(
            text=_words(examples, scores),
            process_reward=reward,
            satisfied=candidate.outcome.all_passed and reward >= _SATISFYING,
        )
        return critique, Usage()


class BothCritics:
    """The model's critique with the line model's added; their rewards are averaged."""

    def __init__(self, lines: PrmCritic, model: Critic) -> None:
        self._lines = lines
        self._model = model

    def worst_case(self, problem: Problem, candidate: Candidate) -> Usage:
        return self._model.worst_case(problem, candidate)

    async def review(
        self,
        problem: Problem,
        candidate: Candidate,
        rejected: MalformedReply | None = None,
    ) -> tuple[Critique | MalformedReply, Usage]:
        """Ask the model; its malformed replies stay what they are."""
        answer, usage = await self._model.review(problem, candidate, rejected)
        if isinstance(answer, MalformedReply):
            return answer, usage
        own, _ = await self._lines.review(problem, candidate)
        if isinstance(own, MalformedReply):
            return answer, usage
        rewards = [
            each.process_reward
            for each in (answer, own)
            if each.process_reward is not None
        ]
        mean = round(sum(rewards) / len(rewards)) if rewards else None
        text = f"{answer.text}\n\n{own.text}"
        return replace(answer, text=text, process_reward=mean), usage


def steps_as_examples(code: str, qualname: str) -> list[Example]:
    """Read a candidate's code as steps; the executions of lines are not known here."""
    name = qualname.rpartition(".")[2]
    sources = sources_of(code, name) or sources_of(code)
    examples: list[Example] = []
    for source in sources:
        steps = steps_of(source)
        start = source.line_start(source.function.lineno)
        examples += [
            Example(
                problem="",
                prefix=source.text[start : step.text_start],
                step=source.text[step.text_start : step.text_end],
                label=True,
                n_cases=0,
                n_executing=0,
                position=position,
            )
            for position, step in enumerate(steps)
        ]
    return examples


def _words(examples: Sequence[Example], scores: Sequence[float]) -> str:
    ranked = sorted(zip(scores, examples, strict=True), key=lambda pair: pair[0])
    doubtful = [(s, e) for s, e in ranked[:_NAMED] if s < _DOUBTFUL]
    if not doubtful:
        return "A model of lines doubts none of them. It has not read the reasoning."
    lines = [
        f"`{example.step.strip().splitlines()[0]}` ({score:.0%} likely right)"
        for score, example in doubtful
    ]
    return "A model of lines doubts: " + "; ".join(lines) + "."

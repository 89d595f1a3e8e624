"""One problem, all searches on it, with recorded answers.

Every distinct program is executed once, whatever policies, budgets and seeds come to
it.
"""

from collections.abc import Sequence

from orps_search.candidate import Candidate, CandidateId, Critique
from orps_search.evidence import evidence_of
from orps_search.execution import execute_candidate
from orps_search.policies import POLICIES
from orps_search.policy import Contest, Review
from orps_search.proposer import Expansion, Proposal
from orps_search.source.splice import Misplacement
from orps_server.bench.folder import open_task
from orps_server.bench.game import Game
from orps_server.bench.pickers import picked
from orps_server.bench.played import Played
from orps_server.bench.prices import Prices
from orps_server.bench.recording import Recorded, Recording
from orps_server.bench.replay import Replay
from orps_server.bench.result import RunKey
from orps_server.bench.spending import config_for
from orps_server.bench.steady import SteadyRunner
from orps_server.bench.task import Task
from orps_server.engine import Workbench
from orps_server.settings import Settings

_NOBODY = CandidateId("")


async def play_recorded(
    task: Task, recording: Recording, keys: Sequence[RunKey], settings: Settings
) -> list[Played]:
    """Raises `RequestFault` where the tests do not collect, and `SandboxError`."""
    async with open_task(task, settings) as workbench:
        table = _Table(workbench)
        return [await table.play(key, Replay(recording, seed=key.seed)) for key in keys]


class _Table:
    """Where all searches on one problem are played, with what was executed so far."""

    def __init__(self, workbench: Workbench) -> None:
        self._problem = workbench.problem
        self._runner = SteadyRunner(workbench.executor)
        self._tier = workbench.executor.confinement.tier.value
        self._prices = Prices(workbench.problem)
        # Those of one seed, so that all searches share executions.
        self._evidence = evidence_of(workbench.problem)
        self._executed: dict[str, tuple[Candidate | None, float]] = {}
        """By the form of a program: what it did, and for how many CPU seconds."""

    async def play(self, key: RunKey, replay: Replay) -> Played:
        policy = POLICIES[key.policy].make(config_for(key.policy, key.budget, key.seed))
        game = Game(policy, n_calls=key.budget)
        n_tokens, cpu_seconds = 0, 0.0
        while (work := game.next()) is not None:
            match work:
                case Review(candidate=candidate):
                    n_tokens += self._prices.review(candidate)
                    game.tell_critique(work, critique_of(candidate))
                case Contest():
                    raise AssertionError("no search of a bench has a judge")
                case Expansion():
                    answer = replay.answer(work)
                    if answer is None:
                        game.tell_exhausted(work)
                        continue
                    n_tokens += self._prices.draft(work, answer)
                    if game.is_new(answer.form):
                        executed, seconds = await self._execute(answer)
                        cpu_seconds += seconds
                    else:
                        executed = None
                    candidate = game.tell(work, answer.form, executed)
                    if candidate is not None:
                        replay.note(candidate.id, answer)
        return Played(
            key=key,
            bests=tuple(game.bests),
            picks=picked(game.candidates, game.n_samples),
            n_calls=game.n_calls,
            n_tokens=n_tokens,
            n_executed=game.n_executed,
            first_pass=game.first_pass,
            stop_reason=game.stop_reason.value,
            cpu_seconds=cpu_seconds,
            tier=self._tier,
        )

    async def _execute(self, answer: Recorded) -> tuple[Candidate | None, float]:
        if answer.form not in self._executed:
            proposal = Proposal(reasoning=answer.thought, code=answer.code)
            found = await execute_candidate(
                self._problem,
                proposal,
                self._runner,
                id=_NOBODY,
                evidence=self._evidence,
            )
            seconds = self._runner.cpu_seconds
            if isinstance(found, Misplacement):
                self._executed[answer.form] = (None, 0.0)
            else:
                self._executed[answer.form] = (found, seconds)
        return self._executed[answer.form]


def critique_of(candidate: Candidate) -> Critique:
    """A rule over the visible outcome: no recording holds a critic's scores."""
    if candidate.outcome.all_passed:
        return Critique(text="", process_reward=5, satisfied=True)
    share = candidate.outcome.success_ratio
    return Critique(text="", process_reward=1 + round(3 * share))

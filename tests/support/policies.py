"""Plays policies without anyone behind them."""

from collections.abc import Callable, Sequence

from orps_search.candidate import Candidate, CandidateId, Critique
from orps_search.policy import Contest, Policy, Review, Work, tell_winner
from orps_search.proposer import Expansion

Asked = tuple[str, int | str, str | None]

Answer = Callable[[Expansion], Candidate | None]
Read = Callable[[Candidate], Critique | None]
JudgeOf = Callable[[Contest], CandidateId | None]
Pick = Callable[[Sequence[Work]], Work]


def unimpressed(candidate: Candidate) -> Critique:
    return Critique(text="Hm.", process_reward=3)


def oldest(works: Sequence[Work]) -> Work:
    return works[0]


class Game:
    """All that a policy asked for, answered in an order that someone picks."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.works: list[Work] = []
        self.open: list[Work] = []

    @property
    def expansions(self) -> list[Expansion]:
        return [work for work in self.works if isinstance(work, Expansion)]

    @property
    def reviews(self) -> list[Review]:
        return [work for work in self.works if isinstance(work, Review)]

    @property
    def asked(self) -> list[Asked]:
        """What it asked for, as values that compare."""
        return [_described(work) for work in self.works]

    def ask(self) -> None:
        works = self.policy.ask()
        self.works += works
        self.open += works

    def play(
        self,
        answer: Answer,
        read: Read = unimpressed,
        pick: Pick = oldest,
        judge: JudgeOf = lambda _: None,
    ) -> None:
        """Until the policy stops, or has nothing under way and asks for nothing."""
        self.ask()
        while self.open and self.policy.stop_reason is None:
            work = pick(self.open)
            self.open.remove(work)
            match work:
                case Expansion():
                    self.policy.tell(work.id, answer(work))
                case Review(candidate=candidate):
                    self.policy.tell_critique(candidate.id, read(candidate))
                case Contest():
                    tell_winner(self.policy, work.name, judge(work))
            self.ask()


def _described(work: Work) -> Asked:
    match work:
        case Expansion():
            parent = work.parent.id if work.parent else None
            return ("expand", work.id, parent)
        case Review(candidate=candidate):
            return ("review", candidate.id, None)
        case Contest():
            return ("judge", work.name, None)

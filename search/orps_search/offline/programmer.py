"""The offline programmer: serves synthesized drafts and repairs as proposals."""

import time
from collections.abc import Iterable, Iterator
from typing import Final

import anyio
import anyio.lowlevel

from orps_search.candidate import Candidate, CandidateId
from orps_search.execution import normal_form
from orps_search.offline.drafts import drafts_of
from orps_search.offline.repair import ScreenedRepair, Screener, repairs_of
from orps_search.problem import Problem
from orps_search.proposer import (
    Exhausted,
    Expansion,
    MalformedReply,
    Proposal,
    Usage,
)

_SLICE_SECONDS: Final = 0.004
"""How long the event loop may be kept from its other work."""
_REPAIR_EVERY: Final = 3

REMEDY: Final = (
    "The offline proposer has nothing more to try: it writes small functions and"
    " repairs single mistakes. For the rest, name a model: --base-url and --model,"
    " or the settings orps.llm.baseUrl and orps.llm.model."
)

Stream = Iterator[Proposal | None]


class OfflineProgrammer:
    """One per search: it remembers what it has served.

    Drafts come from one stream that all expansions share, repairs from one stream
    per parent. With a screener, a present body that fails is repaired before anything
    else, by edits that were screened. The same seed, problem and order of calls give the same proposals.
    """

    def __init__(
        self, problem: Problem, *, seed: int = 0, screener: Screener | None = None
    ) -> None:
        self._seed = seed
        self._screened = None
        if screener is not None and not problem.target.is_stub:
            self._screened = ScreenedRepair(problem, screener, seed=seed)
        self._drafts: Stream = drafts_of(
            problem, seed=seed, with_repairs=self._screened is None
        )
        self._repairs: dict[CandidateId, Stream] = {}
        self._served: set[str] = {normal_form(problem.target.source)}
        # Streams are generators: two expansions must not advance one at a time.
        self._turn = anyio.Lock()

    @property
    def name(self) -> str:
        return "offline"

    def worst_case(
        self,
        problem: Problem,  # noqa: ARG002 - the protocol's
        expansion: Expansion,  # noqa: ARG002 - the protocol's
    ) -> Usage:
        """Nothing is requested from anyone."""
        return Usage()

    def skip(self, codes: Iterable[str]) -> None:
        """Do not serve these programs: a search that goes on has them."""
        self._served.update(map(normal_form, codes))

    async def propose(
        self,
        problem: Problem,
        expansion: Expansion,
        rejected: MalformedReply | None = None,  # noqa: ARG002 - the protocol's
    ) -> tuple[Proposal | MalformedReply | Exhausted, Usage]:
        """Serve the next best program that was not served before."""
        async with self._turn:
            repaired = await self._next_screened()
            if repaired is not None:
                return repaired, Usage()
            if self._screened is not None and self._screened.solved:
                # A new body would be compared with a repair that fits the person's.
                return Exhausted(REMEDY), Usage()
            for stream in self._streams(problem, expansion):
                proposal = await self._next_new(stream)
                if proposal is not None:
                    return proposal, Usage()
        return Exhausted(REMEDY), Usage()

    async def _next_screened(self) -> Proposal | None:
        """Serve what has passed all cases of the present body, while there is some."""
        while self._screened is not None:
            proposal = await self._screened.next()
            if proposal is None:
                return None
            form = normal_form(proposal.code)
            if form not in self._served:
                self._served.add(form)
                return proposal
        return None

    def _streams(self, problem: Problem, expansion: Expansion) -> tuple[Stream, ...]:
        parent = expansion.parent
        if parent is None:
            return (self._drafts,)
        if parent.outcome.all_passed:
            return (self._drafts,)
        repairs = self._repairs_of(problem, parent)
        # What is left of the drafts may still hold the solution; edits of an edit
        # get a share, because two mistakes need two edits.
        if expansion.sample % _REPAIR_EVERY == 0:
            return (repairs, self._drafts)
        return (self._drafts, repairs)

    def _repairs_of(self, problem: Problem, parent: Candidate) -> Stream:
        known = self._repairs.get(parent.id)
        if known is None:
            known = repairs_of(
                parent.code, problem, outcome=parent.outcome, seed=self._seed
            )
            self._repairs[parent.id] = known
        return known

    async def _next_new(self, stream: Stream) -> Proposal | None:
        """Advance a stream in slices, so that nothing else in the process waits."""
        started = time.perf_counter()
        for proposal in stream:
            if proposal is not None:
                form = normal_form(proposal.code)
                if form not in self._served:
                    self._served.add(form)
                    return proposal
            if time.perf_counter() - started > _SLICE_SECONDS:
                await anyio.lowlevel.checkpoint()
                started = time.perf_counter()
        return None

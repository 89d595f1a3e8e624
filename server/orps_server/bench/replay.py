"""Recorded answers in the order in which one search gets them; pure.

Drafts come without replacement, in an order that the seed decides and that is the same
for every policy and budget. A repair is answered by what was recorded for the program
that is shown, each recorded answer once; where there is none left, by the next draft,
as a model would that starts again.
"""

import random

from orps_search.candidate import CandidateId
from orps_search.proposer import Expansion
from orps_server.bench.recording import Recorded, Recording


class Replay:
    """One recording, played for one search."""

    def __init__(self, recording: Recording, *, seed: int) -> None:
        drafts = list(recording.drafts)
        order = random.Random(f"{seed} {recording.task_id} {recording.model}")  # noqa: S311 - it plays
        order.shuffle(drafts)
        self._drafts = iter(drafts)
        self._repairs = {form: iter(found) for form, found in recording.repairs.items()}
        self._forms: dict[CandidateId, str] = {}

    def answer(self, expansion: Expansion) -> Recorded | None:
        """`None` once all was drawn."""
        parent = expansion.parent
        if parent is not None:
            form = self._forms.get(parent.id, "")
            repair = next(self._repairs.get(form, iter(())), None)
            if repair is not None:
                return repair
        return next(self._drafts, None)

    def note(self, candidate_id: CandidateId, recorded: Recorded) -> None:
        """Know which recorded program a candidate was."""
        self._forms[candidate_id] = recorded.form

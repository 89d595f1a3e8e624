"""Repairs a body that fails by small edits, the likeliest mistakes first.

guards.py      missing cases that the tests' examples ask for
suspicion.py   what the failing tests say about the kind of mistake
order.py       blame and likelihood -> the order of edits and of pairs
trust.py       what a repair has to keep of what the body does
screened.py    the present body: edits screened by the hundred
repairs.py     any other candidate: one edit after the other
"""

from orps_search.offline.repair.repairs import repairs_of
from orps_search.offline.repair.screened import ScreenedRepair, Screener

__all__ = ["ScreenedRepair", "Screener", "repairs_of"]

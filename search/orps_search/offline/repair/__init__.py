"""Repairs a body that fails by small edits, the likeliest mistakes first."""

from orps_search.offline.repair.repairs import repairs_of

__all__ = ["repairs_of"]

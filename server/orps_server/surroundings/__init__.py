"""What of a project a model is shown, beside the target and its tests."""

from orps_server.surroundings.gather import gather
from orps_server.surroundings.module import module_context
from orps_server.surroundings.piece import Piece, rendered

__all__ = ["Piece", "gather", "module_context", "rendered"]

"""Finds the tests of a target by reading the project; runs nothing."""

from orps_server.discovery.discover import Discovery, discover

__all__ = ["Discovery", "discover"]

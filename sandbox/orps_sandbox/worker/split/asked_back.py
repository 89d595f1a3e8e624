# pyright: basic
"""In the judge: what a candidate asks, in turn, of the objects that it was passed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from orps_sandbox.worker.split import handles, operations
from orps_sandbox.worker.split.guard import Unsplittable
from orps_sandbox.worker.split.leaves import Unreadable
from orps_sandbox.worker.split.link import LinkLost, packed, unpacked
from orps_sandbox.worker.split.surface import check_operation
from orps_sandbox.worker.verdict import CaseTimeout

if TYPE_CHECKING:
    from orps_sandbox.worker.split.graph import Graph


def answer_to(
    question: dict[str, Any],
    graph: Graph,
    table: handles.HandleTable,
    *,
    wait: Callable[[Any], Any],
) -> dict[str, Any]:
    """Do it, and say what came of it, be that an exception.

    Raises:
        LinkLost: it is nothing that our own encoder writes.
    """
    try:
        values = unpacked(graph, question)
        table.release(question.get("rel", []))
        own = table.own(question.get("on"))
        operation = question.get("op")
        names = question.get("k", [])
        if type(operation) is not str or type(names) is not list:
            raise Unreadable("not an operation")
        check_operation(own, operation)
        split = len(values) - len(names)
        args, kwargs = values[:split], dict(zip(map(str, names), values[split:]))
    except (Unreadable, ValueError) as error:
        raise LinkLost(str(error)) from None
    try:
        result = operations.perform(
            own, operation, args, kwargs, allowed=handles.FOR_CANDIDATES, wait=wait
        )
        answer = packed(graph, result)
    except (CaseTimeout, Unsplittable, LinkLost):
        raise
    except BaseException as error:  # noqa: BLE001 - the candidate is to see it
        answer = {"x": 1, **packed(graph, error)}
    return {"a": question["q"], **answer}

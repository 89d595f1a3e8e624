"""The report on one search, as Markdown, from its search document alone.

Text of a model or a test is escaped or indented, so that it can neither format nor
link, whatever it holds.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from orps_search.verdicts import counted
from orps_server.costs import described
from orps_server.markdown_text import escaped
from orps_server.reporting.reasons import why
from orps_server.wording import shortened

_MESSAGE_CHARACTERS = 300
_MAX_DETAILED = 20
"""Candidates whose code and tests are written out; the tree has them all."""

Json = Mapping[str, Any]


def markdown(document: Json) -> str:
    """All of a report, one string that ends with a line end."""
    blocks = [
        *_head(document),
        *_costs(document),
        *_tree(document["candidates"]),
        *_details(document["candidates"]),
    ]
    return "\n\n".join(blocks) + "\n"


def _head(document: Json) -> Iterator[str]:
    target = document["target"]
    yield f"# ORPS search {document['searchId']}"
    name = f"{target['file']}::{target['qualname']}"
    yield (
        f"**{_quoted(name)}**, policy {_quoted(document['policy'])}, proposed by "
        f"{_quoted(document['proposer'])}, state {document['state']}."
    )
    reason = why(document["stopReason"], document["state"])
    word = f" (`{document['stopReason']}`)" if document["stopReason"] else ""
    yield f"Why it ended: {reason}{word}"
    if document["failure"]:
        yield f"What went wrong: {escaped(document['failure'])}"
    best = next((each for each in document["candidates"] if each["rank"] == 1), None)
    if best is None:
        yield "No candidate was executed."
    else:
        yield f"Best: {best['id']}, {_score(best)}. {_found(document['candidates'])}"
    for case in document["flaky"]:
        yield (
            f"Flaky, so it decided nothing: {escaped(case['id'])} passed "
            f"{case['passed']} of {case['runs']} times on the text as it was."
        )
    if document["resumed"]:
        times = "once" if document["resumed"] == 1 else f"{document['resumed']} times"
        yield f"Somebody went on with it {times}."


def _found(nodes: Sequence[Json]) -> str:
    ranked = [node for node in nodes if node["rank"]]
    n_passing = sum(0 < node["passed"] == node["total"] for node in ranked)
    passing = "1 passes" if n_passing == 1 else f"{n_passing} pass"
    return f"Of {counted(len(ranked), 'executed candidate')}, {passing} every test."


def _costs(document: Json) -> Iterator[str]:
    usage, budget = document["usage"], document["budget"]
    tokens = usage["inputTokens"] + usage["outputTokens"]
    rows = [
        ("requests", usage["requests"], budget["requests"]),
        ("tokens", f"{tokens} ({usage['outputTokens']} written)", budget["tokens"]),
        ("seconds", round(usage["seconds"], 1), budget["seconds"]),
        ("executions", usage["executions"], None),
    ]
    yield "## Costs"
    yield "\n".join(
        [
            "| | spent | allowed |",
            "|---|--:|--:|",
            *(
                f"| {name} | {spent} | {'' if bound is None else bound} |"
                for name, spent, bound in rows
            ),
        ]
    )
    if document["tier"]:
        yield f"Runs were confined by tier {document['tier']}, judge {document['judge']}."


def _tree(nodes: Sequence[Json]) -> Iterator[str]:
    yield "## Tree"
    if not nodes:
        yield "Nothing was asked for."
        return
    yield "Each draft, in the order of age, and below it what was made from it."
    children: dict[str | None, list[Json]] = {}
    for node in sorted(nodes, key=_age):
        children.setdefault(node["parent"], []).append(node)
    # Not by recursion: a chain of rewrites may be longer than Python's stack.
    lines: list[str] = []
    waiting = [(node, 0) for node in reversed(children.get(None, ()))]
    while waiting:
        node, depth = waiting.pop()
        lines.append("  " * depth + f"- {_line(node)}")
        below = children.get(node["id"], ())
        waiting += [(child, depth + 1) for child in reversed(below)]
    yield "\n".join(lines)


def _line(node: Json) -> str:
    rank = f" (#{node['rank']})" if node["rank"] else ""
    parts = [_score(node) if node["rank"] else node["state"]]
    if node["processReward"] is not None:
        parts.append(f"critic {node['processReward']} of 5")
    if node["reason"]:
        parts.append(escaped(shortened(node["reason"], _MESSAGE_CHARACTERS)))
    if node["cost"]["requests"]:
        cost = node["cost"]
        parts.append(counted(cost["requests"], "request"))
        parts.append(counted(cost["tokens"], "token"))
    return f"**{node['id']}**{rank}: {', '.join(parts)}"


def _details(nodes: Sequence[Json]) -> Iterator[str]:
    ranked = [node for node in nodes if node["rank"]]
    if ranked:
        yield "## Candidates"
    for node in ranked[:_MAX_DETAILED]:
        yield f"### #{node['rank']} {node['id']}: {_score(node)}"
        if node["reasoning"].strip():
            yield f"Reasoning: {escaped(' '.join(node['reasoning'].split()))}"
        yield _indented(node["code"])
        if node["detail"]:
            yield f"The run failed: {escaped(shortened(node['detail'], 300))}"
        tests = [_test(test) for test in node["tests"] if test["status"] != "passed"]
        if tests:
            yield "\n".join(tests)
        if node["critique"]:
            yield f"Critique: {escaped(' '.join(node['critique'].split()))}"
        yield f"Costs: {_profile(node)}"
        if costs := described(node["costs"]):
            yield escaped(costs[0].upper() + costs[1:])
    if len(ranked) > _MAX_DETAILED:
        yield f"and {len(ranked) - _MAX_DETAILED} more, in the tree above."


def _score(node: Json) -> str:
    return f"passes {node['passed']} of {counted(node['total'], 'test')}"


def _test(test: Json) -> str:
    message = shortened(test["message"], _MESSAGE_CHARACTERS)
    said = f": {escaped(message)}" if message else ""
    return f"- {test['status']} {escaped(test['id'])}{said}"


def _profile(node: Json) -> str:
    profile: Json = node["profile"] or {}
    metrics: Json = node["metrics"] or {}
    named: list[tuple[str, object]] = [
        ("CPU ms", profile.get("cpuMs")),
        ("peak KiB", _kib(profile.get("peakMemoryBytes"))),
        ("instructions", profile.get("instructions")),
        ("lines", metrics.get("lines")),
        ("cyclomatic", metrics.get("cyclomatic")),
        ("outcome reward", round(node["outcomeReward"], 3)),
    ]
    return ", ".join(f"{name} {value}" for name, value in named if value is not None)


def _kib(n_bytes: int | None) -> int | None:
    return None if n_bytes is None else n_bytes // 1024


def _age(node: Json) -> tuple[int, str]:
    return (len(node["id"]), node["id"])


def _quoted(text: str) -> str:
    """As code, which needs no escapes, unless it could end that."""
    return escaped(text) if "`" in text or "\n" in text else f"`{text}`"


def _indented(code: str) -> str:
    """A code block that no line of the code can end, unlike a fence."""
    return "\n".join(f"    {line}" for line in code.splitlines()) or "    (no code)"

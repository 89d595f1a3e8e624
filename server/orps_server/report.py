"""A search's ranking as a document of its own."""

from orps_server.hover import MARKDOWN, leaderboard
from orps_server.searches import Search


def search_report(search: Search) -> str:
    """Markdown: every candidate with its evidence, then its code."""
    ranking = search.progress.ranking
    blocks = [leaderboard(search, MARKDOWN, n_candidates=len(ranking))]
    for idx, candidate in enumerate(ranking):
        blocks.append(f"## #{idx + 1}\n\n{_indented(candidate.code)}")
    return "\n\n".join(blocks) + "\n"


def _indented(code: str) -> str:
    """A code block that no line of the code can end, unlike a fence."""
    return "\n".join(f"    {line}" for line in code.splitlines())

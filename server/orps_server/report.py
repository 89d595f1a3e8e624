"""A search's ranking as a document of its own."""

from pathlib import Path

from orps_server.hover import MARKDOWN, leaderboard
from orps_server.searches import Search


def search_report(search: Search) -> str:
    """Markdown: every candidate with its evidence, then its code."""
    ranking = search.progress.ranking
    blocks = [leaderboard(search, MARKDOWN, n_candidates=len(ranking))]
    for idx, candidate in enumerate(ranking):
        blocks.append(f"## #{idx + 1}\n\n{_indented(candidate.code)}")
    return "\n\n".join(blocks) + "\n"


def write_report(search: Search) -> Path:
    """Put the report where the person's caches are; an older one is replaced."""
    # Imported late: the language server's start should not pay for it.
    from platformdirs import user_cache_path  # noqa: PLC0415

    folder = user_cache_path("orps-lsp", appauthor=False, ensure_exists=True)
    path = folder / f"report-{search.id}.md"
    path.write_text(search_report(search), encoding="utf-8")
    return path


def _indented(code: str) -> str:
    """A code block that no line of the code can end, unlike a fence."""
    return "\n".join(f"    {line}" for line in code.splitlines())

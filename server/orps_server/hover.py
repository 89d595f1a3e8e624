"""The ranked candidates of a function, to read: evidence, critique, what failed.

Model text is data. It is escaped, so that it can neither format nor link.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from orps_sandbox.limits import MIB
from orps_search.candidate import Candidate
from orps_search.feedback import evidence
from orps_search.reward import run_seconds
from orps_search.verdicts import complaint, failures, flaky_words, judge_words, passes
from orps_server.costs import costs_text
from orps_server.markdown_text import escaped, escaped_within
from orps_server.searches import Search
from orps_server.wording import duration, shortened, summary

MAX_CANDIDATES = 5
_CRITIQUE_CHARACTERS = 600
_MESSAGE_CHARACTERS = 200
_MAX_FAILURES = 3
_MAX_BLAMED = 2
_BLAMED_CHARACTERS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How to write for editors that render Markdown, and for those that do not."""

    text: Callable[[str], str]
    """Any text, shown as it is."""
    strong: Callable[[str], str]


MARKDOWN = Style(text=escaped, strong=lambda text: f"**{escaped_within(text)}**")
PLAIN = Style(text=str, strong=str)


def leaderboard(
    search: Search, style: Style, *, n_candidates: int = MAX_CANDIDATES
) -> str:
    progress = search.progress
    title = style.strong(f"ORPS {search.key.qualname}")
    blocks = [f"{title}: {style.text(summary(progress))}"]
    blocks += [style.text(line) for line in _insight(search)]
    blocks += [style.text(f"{flaky_words(case)}.") for case in progress.flaky]
    if progress.proposer:
        blocks.append(style.text(f"Proposed by {progress.proposer}."))
    for idx, candidate in enumerate(progress.ranking[:n_candidates]):
        entry = _entry(idx + 1, candidate, style, search.clean)
        blocks.append("\n".join(entry))
    hidden = len(progress.ranking) - n_candidates
    if hidden > 0:
        blocks.append(f"and {hidden} more")
    return "\n\n".join(blocks)


def _insight(search: Search) -> Iterator[str]:
    """What is known of the tests, and what they leave open."""
    insight = search.progress.insight
    if insight is None:
        return
    place = {each.id: f"#{idx}" for idx, each in enumerate(search.offered, start=1)}
    if insight.question is not None:
        ranks = {
            idx: place.get(group.representative.id, "another")
            for idx, group in enumerate(insight.comparison.groups)
        }
        yield f"They disagree: {insight.question.text(ranks)}."
    if insight.strength is not None and insight.strength.n_changes:
        yield f"{insight.strength.text()}.".capitalize()
        for gap in insight.strength.gaps[:_MAX_FAILURES]:
            yield f"{gap.call} {gap.was}; with `{gap.after}` it {gap.now}."


def _entry(
    rank: int, candidate: Candidate, style: Style, clean: Callable[[str], str]
) -> Iterator[str]:
    """`clean` takes secrets out of what was printed, before any of it is cut."""
    yield f"{style.strong(f'#{rank}')} {style.text(', '.join(_facts(candidate)))}"
    yield from (f"- {style.text(line)}" for line in _failures(candidate, clean))
    for blamed in candidate.blame[:_MAX_BLAMED]:
        text = shortened(blamed.text, _BLAMED_CHARACTERS)
        yield f"- {style.text(f'suspicious: {text} ({evidence(blamed)})')}"
    if costs := costs_text(candidate.costs):
        yield f"- {style.text(costs)}"
    if candidate.critique and candidate.critique.text.strip():
        words = shortened(clean(candidate.critique.text), _CRITIQUE_CHARACTERS)
        yield f"- {style.text(f'critique: {words}')}"


def _facts(candidate: Candidate) -> Iterator[str]:
    profile = candidate.outcome.profile
    yield passes(candidate.outcome)
    seconds = run_seconds(profile)
    if seconds is not None:
        yield duration(seconds)
    if profile.peak_memory_bytes is not None:
        yield f"{profile.peak_memory_bytes / MIB:.1f} MiB"
    if candidate.critique and candidate.critique.process_reward is not None:
        yield f"critic {candidate.critique.process_reward} of 5"
    if doubt := judge_words(candidate.outcome):
        yield doubt


def _failures(candidate: Candidate, clean: Callable[[str], str]) -> Iterator[str]:
    for case in failures(candidate.outcome)[:_MAX_FAILURES]:
        name = case.id.rpartition("::")[2]
        why = shortened(clean(complaint(case)), _MESSAGE_CHARACTERS)
        yield f"{case.status.value}: {name}" + (f" ({why})" if why else "")
    if candidate.outcome.detail:
        yield shortened(clean(candidate.outcome.detail), _MESSAGE_CHARACTERS)

"""The ranking on a terminal, with color; the words are those of `ranking.py`."""

from rich.console import Console
from rich.text import Text

from orps_server.cli.ranking import MAX_SHOWN, evidence, footer, headline, remarks
from orps_server.document import Result

DIFF_STYLES = {"+": "green", "-": "red", "@": "cyan"}


def print_ranking(result: Result) -> None:
    console = Console(highlight=False)
    console.print(Text(headline(result), style="bold"))
    for rank, candidate in enumerate(result.ranking[:MAX_SHOWN], start=1):
        style = "green" if candidate.outcome.all_passed else "yellow"
        console.print(Text(f"{rank}. {evidence(candidate)}", style=style))
        for line in remarks(candidate):
            console.print(Text(f"   {line}", style="dim"))
    if result.best and (diff := result.diff(result.best)):
        console.print(colored_diff(diff))
    console.print(Text(footer(result), style="dim"))


def colored_diff(diff: str) -> Text:
    """Unchanged lines keep the terminal's own color, be it light or dark."""
    text = Text()
    for line in diff.replace("\r\n", "\n").splitlines(keepends=True):
        text.append(line, style=DIFF_STYLES.get(line[:1], ""))
    return text

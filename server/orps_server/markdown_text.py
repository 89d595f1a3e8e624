"""Foreign text inside Markdown.

Only what would mean something is escaped: some editors show a hover as it is written,
and people read reports in a terminal.
"""

import re

_ANYWHERE = re.compile(
    r"""
    [\\`*\[\]<>|~$@]        # code, emphasis, links, HTML, tables, mathematics, mentions
    | (?<!\w)_ | _(?!\w)    # emphasis; inside of a word it is itself
    | &(?=[#\w])            # a character by its name or number
    | (?<=\w):(?=//)        # an address, which would become a link
    | (?<=\bwww)\.
    """,
    re.VERBOSE,
)
_LINE_START = re.compile(r"^(\s*\d*)([-+#=.):])", re.MULTILINE)
"""Lists, headings, rules, and numbers that begin a list."""


def escaped(text: str) -> str:
    """Text from a model or a test as Markdown that shows just these characters.

    Source: CommonMark 0.31, and what GitHub adds to it.
    """
    return _LINE_START.sub(r"\1\\\2", escaped_within(text))


def escaped_within(line: str) -> str:
    """The same for what does not begin a line."""
    return _ANYWHERE.sub(r"\\\g<0>", line)

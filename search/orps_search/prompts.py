"""What the two roles are told: problem, then what is special about this call.

ORPS gives one model two roles (arXiv 2412.15118, section 3): the programmer writes
reasoning and code, the critic judges both in the light of what the execution showed.
The problem stands first in every prompt, so that endpoints which cache prefixes read
it once; style, parent and outcome come last.

Both roles begin with their name, by which logs and replays tell them apart.
Prompts are plain text and ask for plain text: small models know no tool calls.
"""

from collections.abc import Sequence
from dataclasses import replace

from orps_search.candidate import Candidate
from orps_search.deciding_tests import deciding_sources
from orps_search.feedback import describe_blame, describe_metrics, describe_outcome
from orps_search.model import Message
from orps_search.problem import Problem
from orps_search.prompt_sections import Section, fenced, fitted
from orps_search.proposer import Difference, Expansion, MalformedReply
from orps_search.source.target import TargetKind

DEFAULT_PROMPT_CHARACTERS = 24_000
"""About 6,000 tokens: fits a model with a context of 8k and leaves room to answer."""

STYLES = (
    "",
    "Prefer the simplest code that could be right.",
    "Prefer what the standard library already offers.",
    "Deal with the unusual inputs first, such as empty, single or repeated elements.",
    "Prefer the approach with the best running time on large inputs.",
    "Prefer small steps with named intermediate values.",
    "Prefer comprehensions and built-in functions over explicit loops.",
    "Prefer an explicit loop over recursion and over clever expressions.",
    "Prefer the approach that needs the least memory.",
    "Take an approach that most people would not think of first.",
)
"""Hints that make samples of one parent differ; the first one says nothing."""

_PROGRAMMER = """\
You are the programmer: an expert in Python. You are given a definition to implement \
and the tests that it has to pass. Your code is executed against these tests and \
measured.
"""

_PROGRAMMER_FORMAT = """\
First think it through in a few sentences: what is asked, which cases are difficult, \
which approach fits. Then give one fenced Python block with the complete definition \
of `{name}`, its signature unchanged, and the imports that it needs. No tests, no \
examples, no other text after the block.
"""

_REPAIR_FORMAT = """\
First write your thoughts about this feedback: what it shows, and what the attempt got \
wrong. Then a plan in a few steps. Then give one fenced Python block with the complete \
definition of `{name}`, its signature unchanged, and the imports that it needs. No \
tests, no examples, no other text after the block.
"""

ANGLES = (
    "",
    "Trace the first failing case by hand before you change anything.",
    "Change as little as possible.",
    "The plan itself may be wrong: describe another one, and follow that.",
)
"""Hints that make repairs of one parent differ: what is tried last is to plan anew."""

_CRITIC = """\
You are the critic: an experienced reviewer of Python code. You are given a definition \
that had to be implemented, an attempt at it with the programmer's reasoning, and what \
executing the attempt against the tests showed. Judge the reasoning as well as the \
code: an attempt on the right way that fails one case is worth more than a dead end.
"""

_CRITIC_FORMAT = """\
Write a critique of a few sentences: what is wrong or weak, why, and the most useful \
next step. Do not write code. Then end with exactly these two lines:
Score: N/5
Accept: yes or no

N is an integer: 5 right and efficient, 4 right with room for improvement, 3 the right \
approach with faults, 2 a doubtful approach, 1 a dead end. Accept only what passes \
every case and needs no further work.
"""

_TESTER = """\
You are the tester: you write unit tests for a definition that nobody has implemented \
yet, from what its signature, its docstring and the present tests say about it.
"""

_TESTER_FORMAT = """\
Write up to {n} further tests: usual inputs, edge cases, and inputs that a careless \
implementation gets wrong. Be sure of each expected value; leave out what you cannot \
know. Answer with one fenced Python block of lines such as

assert {name}(ARGUMENTS) == VALUE

with nothing but literals in them. No imports, no functions, no text after the block.
"""

_JUDGE = """\
You are the judge: an experienced reviewer of Python code. You are given a definition \
that had to be implemented, and two attempts that pass all its tests and are not the \
same. One of them does what its author means.
"""

_JUDGE_FORMAT = """\
Say in a few sentences what the signature, the docstring and the tests mean where the \
two differ. Then end with exactly one line:
Better: A or B
"""

MAX_WRITTEN_TESTS = 20
"""Asked for and read."""

_REPAIR = """\
That answer could not be used: {reason}. Answer again, in the format that was asked for.
"""

_REJECTED_CHARACTERS = 4_000
_PROBLEM_SHARE = 0.6
"""Of a prompt; the rest is for an attempt and what is said about it."""

# What is shortened first when a prompt does not fit; the rest is never shortened.
(
    _RELATED_ORDER,
    _CONTEXT_ORDER,
    _REASONING_ORDER,
    _TESTS_ORDER,
    _OUTCOME_ORDER,
    _CRITIQUE_ORDER,
) = range(6)


def programmer_messages(
    problem: Problem,
    expansion: Expansion,
    *,
    limit_characters: int = DEFAULT_PROMPT_CHARACTERS,
) -> tuple[Message, ...]:
    """Ask for a first draft, or for something better than the parent."""
    sections: list[Section] = []
    if expansion.parent is None:
        sections.append(Section(title="Your task", body=_draft_task(problem)))
    else:
        sections += _attempt_sections(expansion.parent)
        sections.append(Section(title="Your task", body=_next_task(expansion.parent)))
    style = _style(expansion)
    form = _PROGRAMMER_FORMAT if expansion.parent is None else _REPAIR_FORMAT
    written = form.format(name=problem.target.qualname)
    tail = "\n\n".join(part for part in (style, written) if part)
    return _messages(problem, _PROGRAMMER, sections, tail, limit_characters)


def critic_messages(
    problem: Problem,
    candidate: Candidate,
    *,
    limit_characters: int = DEFAULT_PROMPT_CHARACTERS,
) -> tuple[Message, ...]:
    """Ask for a critique of an executed candidate."""
    measured = describe_metrics(candidate)
    sections = [
        *_attempt_sections(replace(candidate, critique=None)),
        Section(title="What it cost", body=measured),
    ]
    return _messages(problem, _CRITIC, sections, _CRITIC_FORMAT, limit_characters)


def messages_to_tester(
    problem: Problem, *, limit_characters: int = DEFAULT_PROMPT_CHARACTERS
) -> tuple[Message, ...]:
    """Ask for tests; no candidate is shown, so that none is confirmed."""
    written = _TESTER_FORMAT.format(n=MAX_WRITTEN_TESTS, name=problem.target.qualname)
    return _messages(problem, _TESTER, [], written, limit_characters)


def judge_messages(
    problem: Problem,
    pair: tuple[Candidate, Candidate],
    difference: Difference | None,
    *,
    limit_characters: int = DEFAULT_PROMPT_CHARACTERS,
) -> tuple[Message, ...]:
    """Ask which of two is meant; whoever asks in both orders hears of habits."""
    said = difference and (
        f"`{difference.call}` gives\n\n"
        f"- with A: `{difference.first}`\n- with B: `{difference.second}`"
    )
    sections = [
        Section(title="Attempt A", body=pair[0].code, is_code=True),
        Section(title="Attempt B", body=pair[1].code, is_code=True),
        Section(title="Where they differ", body=said or ""),
    ]
    sections = [section for section in sections if section.body]
    return _messages(problem, _JUDGE, sections, _JUDGE_FORMAT, limit_characters)


def repair_messages(
    messages: Sequence[Message], rejected: MalformedReply
) -> tuple[Message, ...]:
    """Ask again, once: show what was answered and say what was missing."""
    request = _REPAIR.format(reason=rejected.reason.rstrip("."))
    answered = rejected.reply.strip()[-_REJECTED_CHARACTERS:]
    if not answered:  # Endpoints refuse empty messages, and two of one role in a row.
        *head, last = messages
        return (*head, replace(last, content=f"{last.content}\n\n{request}"))
    return (
        *messages,
        Message(role="assistant", content=answered),
        Message(role="user", content=request),
    )


def _messages(
    problem: Problem,
    system: str,
    sections: Sequence[Section],
    tail: str,
    limit_characters: int,
) -> tuple[Message, ...]:
    room = limit_characters - len(system) - len(tail)
    shared = _fitted_problem(problem, limit_characters - len(system))
    rest = fitted(sections, room - len(shared))
    content = "\n\n".join(part for part in (shared, rest, tail) if part)
    return (
        Message(role="system", content=system),
        Message(role="user", content=content),
    )


def _fitted_problem(problem: Problem, limit_characters: int) -> str:
    """What all prompts of a role begin with, to the byte, however long the rest is.

    Endpoints read such a beginning once. Were it shortened to make room for the rest
    of each prompt, it would be another one each time.
    """
    return fitted(_problem_sections(problem), int(_PROBLEM_SHARE * limit_characters))


def _style(expansion: Expansion) -> str:
    if expansion.parent is None:
        return STYLES[expansion.sample % len(STYLES)]
    if expansion.sample < len(ANGLES):
        return ANGLES[expansion.sample]
    return STYLES[(expansion.sample + expansion.round) % len(STYLES)]


def _problem_sections(problem: Problem) -> tuple[Section, ...]:
    target = problem.target
    kind = "class" if target.kind is TargetKind.CLASS else "definition"
    sections = [
        Section(
            title="The module around it",
            body=problem.context.strip(),
            is_code=True,
            shrink_order=_CONTEXT_ORDER,
        ),
        Section(
            title="What it may use of the rest of the project",
            body=problem.related.strip(),
            is_code=True,
            shrink_order=_RELATED_ORDER,
        ),
        Section(
            title=f"The {kind} to implement: `{target.qualname}` "
            f"in `{problem.module_path}`",
            body=target.source,
            is_code=True,
        ),
        Section(
            title="The tests",
            body="\n\n".join(
                f"`{path}`:\n{fenced(text)}"
                for path, text in sorted(deciding_sources(problem).items())
            ),
            floor_characters=1_500,
            shrink_order=_TESTS_ORDER,
        ),
    ]
    return tuple(section for section in sections if section.body)


def _attempt_sections(candidate: Candidate) -> tuple[Section, ...]:
    sections = [
        Section(
            title="The reasoning of an earlier attempt",
            body=candidate.reasoning.strip(),
            floor_characters=300,
            shrink_order=_REASONING_ORDER,
        ),
        Section(title="The attempt", body=candidate.code, is_code=True),
        Section(
            title="What executing it showed",
            body=describe_outcome(candidate.outcome),
            floor_characters=600,
            shrink_order=_OUTCOME_ORDER,
        ),
        Section(
            title="Lines that execution makes suspicious, worst first",
            body=describe_blame(candidate),
            floor_characters=200,
            shrink_order=_OUTCOME_ORDER,
        ),
        Section(
            title="What the reviewer said",
            body=candidate.critique.text if candidate.critique else "",
            floor_characters=400,
            shrink_order=_CRITIQUE_ORDER,
        ),
    ]
    return tuple(section for section in sections if section.body)


def _next_task(parent: Candidate) -> str:
    if not parent.outcome.all_passed:
        return "Write a better version."
    return "It passes every case. Write a faster version that does the same on every input."


def _draft_task(problem: Problem) -> str:
    if problem.target.is_stub:
        return "Implement it."
    return (
        "It is implemented already. Write a version that is right and more efficient."
    )

"""What is asked, when, and what follows from each answer."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from orps_server.consent.gate import Beforehand, CannotAsk, Gate, is_loopback
from orps_server.consent.grants import GrantStore
from orps_server.consent.questions import Choice, Question
from orps_server.endpoint import Endpoint
from orps_server.errors import RequestFault
from orps_server.preview import Preview, ShownFile
from orps_server.settings import Settings, settings_from_json

ROOT = Path("/projects/shop")
FAR = "https://models.example/v1"
NEAR = "http://127.0.0.1:11434/v1"


class Person:
    """Answers in order; an editor that cannot ask has no person."""

    def __init__(self, *answers: Choice | None, can_ask: bool = True) -> None:
        self.answers = list(answers)
        self.asked: list[Question] = []
        self.shown: list[Preview] = []
        self._can_ask = can_ask

    async def ask(self, question: Question) -> Choice | None:
        if not self._can_ask:
            raise CannotAsk
        self.asked.append(question)
        return self.answers.pop(0)

    async def show(self, shown: Preview) -> None:
        self.shown.append(shown)


def settings(url: str = "", **llm: str) -> Settings:
    return settings_from_json({"llm": {"baseUrl": url, "model": "m", **llm}})[0]


OFFLINE = Settings()


async def preview() -> Preview:
    return Preview(
        endpoint=Endpoint(base_url=FAR, model="m"),
        messages=(),
        files=(ShownFile(path="cart.py", n_bytes=120),),
        n_redactions=2,
        n_tokens=900,
        max_reply_tokens=100,
    )


async def check(
    tmp_path: Path,
    person: Person,
    of: Settings,
    *,
    refused: str | None = None,
    trusted: bool = False,
    questions: Sequence[str] = (),
) -> None:
    gate = Gate(
        asker=person,
        grants=GrantStore(tmp_path / "grants.json"),
        beforehand=Beforehand(trusted=trusted),
    )
    waits: list[None] = []
    if refused is None:
        await gate.admit(ROOT, of, preview, lambda: waits.append(None))
        assert gate.trusts(ROOT)
    else:
        with pytest.raises(RequestFault) as caught:
            await gate.admit(ROOT, of, preview, lambda: waits.append(None))
        assert caught.value.kind == refused
        assert caught.value.hint
    assert len(person.asked) == len(questions)
    for question, part in zip(person.asked, questions, strict=True):
        assert part in question.text
    person.asked.clear()
    assert not person.answers


async def test_trust_is_asked_once_and_kept(tmp_path: Path) -> None:
    await check(tmp_path, Person(Choice.TRUST), OFFLINE, questions=[str(ROOT)])
    await check(tmp_path, Person(), OFFLINE)


async def test_once_is_not_kept(tmp_path: Path) -> None:
    for _ in range(2):
        await check(tmp_path, Person(Choice.ONCE), OFFLINE, questions=["trust"])


@pytest.mark.parametrize("answer", [Choice.CANCEL, None])
async def test_no_trust_no_run(tmp_path: Path, answer: Choice | None) -> None:
    await check(
        tmp_path, Person(answer), OFFLINE, refused="untrusted", questions=["trust"]
    )


async def test_trusted_from_the_start_asks_nothing(tmp_path: Path) -> None:
    await check(tmp_path, Person(), OFFLINE, trusted=True)
    await check(tmp_path, Person(), settings(NEAR), trusted=True)


async def test_a_host_is_asked_for_with_what_it_will_get(tmp_path: Path) -> None:
    person = Person(Choice.WORKSPACE)
    await check(
        tmp_path,
        person,
        settings(FAR),
        trusted=True,
        questions=["models.example (m): cart.py (120 bytes); about 900 tokens"],
    )
    await check(tmp_path, Person(), settings(FAR), trusted=True)
    other = settings("https://other.example/v1")
    await check(
        tmp_path, Person(Choice.ONCE), other, trusted=True, questions=["other.example"]
    )


async def test_the_prompt_can_be_read_first(tmp_path: Path) -> None:
    person = Person(Choice.PROMPT, Choice.CANCEL)
    await check(
        tmp_path,
        person,
        settings(FAR),
        trusted=True,
        refused="consentDenied",
        questions=["send code", "send code"],
    )
    assert len(person.shown) == 1


async def test_settings_may_say_it_beforehand(tmp_path: Path) -> None:
    always = settings(FAR, consent="always")
    await check(tmp_path, Person(), always, trusted=True)


async def test_any_yes_is_kept_per_workspace(tmp_path: Path) -> None:
    kept = settings(FAR, consent="perWorkspace")
    await check(
        tmp_path, Person(Choice.ONCE), kept, trusted=True, questions=["send code"]
    )
    await check(tmp_path, Person(), kept, trusted=True)


async def test_without_questions_nothing_leaves_the_machine(tmp_path: Path) -> None:
    mute = Person(can_ask=False)
    await check(tmp_path, mute, OFFLINE)
    await check(tmp_path, mute, settings(NEAR))
    await check(tmp_path, mute, settings(FAR), refused="consentDenied")


async def test_without_questions_nothing_runs_unconfined(tmp_path: Path) -> None:
    unconfined = settings_from_json({"sandbox": {"tier": "C"}})[0]
    await check(tmp_path, Person(can_ask=False), unconfined, refused="untrusted")


async def test_a_grant_file_that_is_nonsense_holds_none(tmp_path: Path) -> None:
    (tmp_path / "grants.json").write_text('{"trusted": 3, "hosts": [["a"], 4]}')
    await check(tmp_path, Person(Choice.TRUST), OFFLINE, questions=["trust"])
    assert (tmp_path / "grants.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1:8000", True),
        ("localhost", True),
        ("[::1]:80", True),
        ("127.0.0.1.example.org", False),
        ("10.0.0.1", False),
        ("models.example", False),
        ("", False),
    ],
)
def test_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected

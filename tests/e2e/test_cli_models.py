"""The command line against a real endpoint on loopback that plays back replies."""

from pathlib import Path

import pytest

from support.cli import Folder
from support.replay_answers import Answer, ChatRequest, Fault
from support.replay_endpoint import API_KEY, ReplayEndpoint

pytestmark = pytest.mark.slow

STUB = '"""M."""\n\n\ndef double(x):\n    """Twice x."""\n    pass\n'
TESTS = """\
import unittest

from m import double


class DoubleTest(unittest.TestCase):
    def test_two(self):
        self.assertEqual(double(2), 4)

    def test_three(self):
        self.assertEqual(double(3), 6)
"""
GOOD = "It is a sum.\n```python\ndef double(x):\n    return x + x\n```\n"
PARTIAL = "Squares.\n```python\ndef double(x):\n    return x * x\n```\n"
WRONG = "Hm.\n```python\ndef double(x):\n    return None\n```\n"
CRITIQUE = "Nothing to add.\nScore: 5/5\nAccept: yes\n"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, {"m.py": STUB, "test_m.py": TESTS})


def by_role(reply: Answer, critique: Answer = CRITIQUE):
    def answer(request: ChatRequest) -> Answer:
        return critique if request.role == "critic" else reply

    return answer


@pytest.mark.parametrize(
    ("reply", "status", "passed"), [(GOOD, 0, 2), (PARTIAL, 1, 1), (WRONG, 2, 0)]
)
def test_the_status_tells_how_good_the_best_is(
    folder: Folder, reply: str, status: int, passed: int
):
    with ReplayEndpoint(by_role(reply)) as endpoint:
        finished = folder.run(
            "generate",
            "m.py::double",
            *("--base-url", endpoint.url, "--model", "replay"),
            *("--samples", "2", "--rounds", "1", "--json"),
        )
    assert finished.status == status, finished.stderr
    document = finished.document
    assert document["proposer"] == "replay"
    assert document["usage"]["requests"] == len(endpoint.requests) > 0
    assert document["usage"]["output_tokens"] > 0
    assert (finished.best["passed"], finished.best["total"]) == (passed, 2)
    assert "Nothing to add." in finished.best["critique"]
    assert finished.best["process_reward"] == 5


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        ("opal", "converged"),
        ("orps", "accepted"),
        ("bon", "rounds"),
        ("reflexion", "solved"),
    ],
)
def test_any_policy_may_decide_and_the_result_says_which(
    folder: Folder, policy: str, reason: str
):
    with ReplayEndpoint(by_role(GOOD)) as endpoint:
        finished = folder.run(
            "generate",
            "m.py::double",
            *("--base-url", endpoint.url, "--model", "replay"),
            *("--policy", policy, "--samples", "2", "--json"),
        )
    assert finished.status == 0, finished.stderr
    assert finished.document["policy"] == policy
    assert finished.document["stop_reason"] == reason


def test_a_small_budget_still_makes_a_request(folder: Folder):
    with ReplayEndpoint(by_role(GOOD)) as endpoint:
        finished = folder.run(
            "generate",
            "m.py::double",
            *("--base-url", endpoint.url, "--model", "replay"),
            *("--max-tokens", "3000", "--json"),
        )
    assert finished.status == 0, finished.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--samples", "1", "--rounds", "0"), "no Python block"),
        (("--max-tokens", "100"), "--max-tokens"),
    ],
)
def test_an_empty_ranking_comes_with_its_reason(
    folder: Folder, options: tuple[str, ...], words: str
):
    with ReplayEndpoint(by_role("I would rather not.")) as endpoint:
        finished = folder.run(
            "generate",
            "m.py::double",
            *("--base-url", endpoint.url, "--model", "m", "--json", *options),
        )
    assert finished.status == 2
    assert finished.document["candidates"] == []
    assert words in finished.stderr


def test_an_endpoint_with_one_model_needs_no_name(folder: Folder):
    with ReplayEndpoint(by_role(GOOD), models=("only",)) as endpoint:
        finished = folder.run(
            "generate",
            "m.py::double",
            "--json",
            extra={"OPENAI_BASE_URL": endpoint.url},
        )
    assert finished.status == 0, finished.stderr
    assert finished.document["proposer"] == "only"


def test_an_endpoint_with_several_models_names_some(folder: Folder):
    with ReplayEndpoint(by_role(GOOD), models=("a", "b")) as endpoint:
        finished = folder.run("generate", "m.py::double", "--base-url", endpoint.url)
    assert finished.status == 3
    assert "a, b" in finished.stderr
    assert "--model" in finished.stderr


def test_another_model_may_be_the_critic(folder: Folder):
    with ReplayEndpoint(by_role(GOOD)) as endpoint:
        folder.run(
            "generate",
            "m.py::double",
            *("--base-url", endpoint.url, "--model", "p", "--critic-model", "c"),
        )
    models = {(each.role, each.body["model"]) for each in endpoint.requests}
    assert models == {("programmer", "p"), ("critic", "c")}


def test_the_budget_is_never_exceeded(folder: Folder):
    with ReplayEndpoint(by_role(WRONG)) as endpoint:
        finished = folder.run(
            "generate",
            "m.py::double",
            *("--base-url", endpoint.url, "--model", "m", "--max-requests", "3"),
            "--json",
        )
    assert len(endpoint.requests) <= 3
    assert finished.document["stop_reason"] == "max-requests"


def test_write_does_not_write_what_fails_a_test(folder: Folder):
    before = folder.snapshot()
    with ReplayEndpoint(by_role(PARTIAL)) as endpoint:
        finished = folder.run(
            "generate",
            "m.py::double",
            *("--base-url", endpoint.url, "--model", "m", "--samples", "1"),
            *("--rounds", "0", "--write"),
        )
    assert finished.status == 1
    assert "nothing was written: the best candidate passes 1 of 2" in finished.stderr
    assert folder.snapshot() == before


def test_write_refuses_a_file_that_changed_meanwhile(folder: Folder):
    def answer(request: ChatRequest) -> Answer:
        if request.role == "critic":
            return CRITIQUE
        folder.write("m.py", STUB + "# mine\n")
        return GOOD

    with ReplayEndpoint(answer) as endpoint:
        finished = folder.run(
            "generate",
            "m.py::double",
            *("--base-url", endpoint.url, "--model", "m", "--write"),
        )
    assert finished.status == 3
    assert "has changed" in finished.stderr
    assert folder.read("m.py").decode() == STUB + "# mine\n"


def test_a_dead_endpoint(folder: Folder):
    finished = folder.run(
        "generate",
        "m.py::double",
        *("--base-url", "http://127.0.0.1:9/v1", "--model", "m"),
    )
    assert finished.status == 3
    assert "127.0.0.1:9" in finished.stderr
    assert finished.stdout == b""


def test_a_dead_endpoint_when_there_is_a_body_already(folder: Folder):
    folder.write("m.py", STUB.replace("pass", "return x * x"))
    finished = folder.run(
        "generate",
        "m.py::double",
        *("--base-url", "http://127.0.0.1:9/v1", "--model", "m"),
    )
    assert finished.status == 3
    assert "127.0.0.1:9" in finished.stderr


def test_a_wrong_key_names_the_variable_and_not_the_key(folder: Folder):
    with ReplayEndpoint(by_role(GOOD), require_key=True) as endpoint:
        arguments = ("--base-url", endpoint.url, "--model", "m")
        refused = folder.run(
            "generate", "m.py::double", *arguments, extra={"OPENAI_API_KEY": "sk-bad"}
        )
        accepted = folder.run(
            "generate", "m.py::double", *arguments, extra={"OPENAI_API_KEY": API_KEY}
        )
    assert refused.status == 3
    assert "OPENAI_API_KEY" in refused.stderr
    assert "sk-bad" not in refused.stderr
    assert accepted.status == 0, accepted.stderr


def test_what_was_found_before_the_endpoint_died_is_shown(folder: Folder):
    answers = iter([PARTIAL, CRITIQUE.replace("yes", "no")])

    def answer(request: ChatRequest) -> Answer:
        return next(answers, Fault.UNAUTHORIZED)

    with ReplayEndpoint(answer) as endpoint:
        finished = folder.run(
            "generate",
            "m.py::double",
            *("--base-url", endpoint.url, "--model", "m"),
            *("--samples", "1", "--json"),
        )
    assert finished.status == 1, finished.stderr
    assert finished.document["stop_reason"] == "model-unavailable"
    assert "OPENAI_API_KEY" in finished.stderr


def test_an_interrupt_hangs_up(folder: Folder):
    with ReplayEndpoint(by_role(Fault.HANG)) as endpoint:
        arguments = ["generate", "m.py::double", "--base-url", endpoint.url]
        with folder.started(*arguments, "--model", "m", "--json") as process:
            assert process.stderr
            assert b"searching" in process.stderr.readline()
            process.terminate()
            stdout, _ = process.communicate(timeout=20)
    assert process.returncode == 130
    assert stdout == b"", "there was no candidate yet"
    folder.require_nothing_left()

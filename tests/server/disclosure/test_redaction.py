"""Secrets are taken out and counted; code that only looks similar stays."""

import pytest

from orps_server.disclosure.redaction import PLACEHOLDER, is_secret_name, redactor

SECRETS = [
    "sk-proj-abcdefghijklmnop1234",
    "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
    "AKIAABCDEFGHIJKLMNOP",
    "xoxb-123456789012-abcdef",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w",
    "hf_abcdefghijklmnopqrstuvwx",
]

CODE = [
    'token = "NEWLINE_MARK"',
    'assert tokens == ["left_paren", "right_paren"]',
    'key = "name of the column"',
    "risk-taking is not a key",
    'PASSWORD = os.environ["PASSWORD"]',
    "https://example.org/path@2x.png",
    "def check_password(password: str) -> bool:",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_shapes_of_keys(secret: str) -> None:
    found = redactor({}).redact(f'CLIENT = make("{secret}")')
    assert secret not in found.text
    assert found.count == 1


@pytest.mark.parametrize(
    "line",
    [
        'PASSWORD = "hunter2hunter2"',
        "config = {'db_password': 'correct-horse-9'}",
        'api_key: str = "0123456789abcdef"',
        'connect("postgres://ann:s3cr3t-pw@db/main")',
    ],
)
def test_literals_behind_telling_names(line: str) -> None:
    found = redactor({}).redact(line)
    assert PLACEHOLDER in found.text
    assert found.count == 1


@pytest.mark.parametrize("line", CODE)
def test_code_stays(line: str) -> None:
    assert redactor({}).redact(line).text == line


def test_the_environment_s_own_secrets_wherever_they_stand() -> None:
    known = redactor({"MY_TOKEN": "plain-looking-value", "HOME": "/home/ann-lives"})
    found = known.redact("x = plain-looking-value; y = '/home/ann-lives'")
    assert found.text == f"x = {PLACEHOLDER}; y = '/home/ann-lives'"


def test_a_private_key_without_its_end() -> None:
    text = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nAAAA"
    assert redactor({}).redact(text).text == PLACEHOLDER


def test_redacting_twice_changes_nothing() -> None:
    known = redactor({"API_KEY": "a-secret-value-1"})
    once = known('API_KEY = "a-secret-value-1"')
    assert known.redact(once).count == 0
    assert known(once) == once


@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "Authorization", "DB_PASSWORD"])
def test_names_of_secrets(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize("name", ["PATH", "KEYBOARD", "LANG", "MONKEY_COUNT"])
def test_names_of_other_things(name: str) -> None:
    assert not is_secret_name(name)

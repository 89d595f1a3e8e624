import json
from pathlib import Path

import pytest

from orps_search.offline import OFFLINE_BUDGET
from orps_server.settings import (
    LLMSettings,
    Settings,
    settings_from_json,
    settings_from_repository,
)
from orps_server.settings_layers import layered_settings
from orps_server.settings_schema import (
    setting_properties,
    settings_schema,
    settings_table,
)


def test_nothing_given_is_the_defaults():
    assert settings_from_json(None) == (Settings(), ())
    assert settings_from_json({}) == (Settings(), ())


@pytest.mark.parametrize(
    "value",
    [
        {"llm": {"baseUrl": "http://x/v1"}, "search": {"beam": 3}},
        {"orps": {"llm": {"baseUrl": "http://x/v1"}, "search": {"beam": 3}}},
        {"orps.llm.baseUrl": "http://x/v1", "orps.search.beam": 3},
        {"orps": {"llm.baseUrl": "http://x/v1"}, "orps.search": {"beam": 3}},
    ],
)
def test_every_way_in_which_editors_nest_the_keys(value: object):
    settings, complaints = settings_from_json(value)
    assert (settings.llm.base_url, settings.search.beam) == ("http://x/v1", 3)
    assert complaints == ()


def test_an_unknown_key_costs_one_complaint_that_names_the_closest():
    settings, complaints = settings_from_json(
        {"llm": {"baseURL": "http://x", "model": "m"}}
    )
    assert settings.llm == LLMSettings(model="m")
    assert complaints == (
        "unknown setting `orps.llm.baseURL`; did you mean `orps.llm.baseUrl`?",
    )


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ({"model": "m"}, "orps.llm.model"),
        ({"timeoutSeconds": 3}, "orps.tests.timeoutSeconds"),
        ({"tests": {"timeout": 3}}, "orps.tests.timeoutSeconds"),
    ],
)
def test_the_closest_may_stand_in_another_section(value: dict[str, object], meant: str):
    _, (complaint,) = settings_from_json(value)
    assert f"did you mean `{meant}`?" in complaint


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ({"llm": {"model": 3}}, "orps.llm.model: expected a string, got the number 3"),
        ({"hover": 1}, "orps.hover: expected true or false, got the number 1"),
        (
            {"search": {"beam": True}},
            "orps.search.beam: expected a whole number, got true",
        ),
        ({"search": {"beam": 0}}, "orps.search.beam: must be at least 1"),
        ({"sandbox": {"workers": 65}}, "orps.sandbox.workers: must be at most 64"),
        (
            {"log": {"level": "loud"}},
            "orps.log.level: expected one of debug, info, warning, error",
        ),
        (
            {"tests": {"select": "a"}},
            "orps.tests.select: expected a list of strings, got a string",
        ),
        (
            {"llm": {"extraHeaders": {"a": 1}}},
            "orps.llm.extraHeaders: expected an object of strings, got an object",
        ),
        ({"llm": "m"}, "orps.llm: expected an object, got a string"),
        ([], "orps: expected an object, got a list"),
    ],
)
def test_a_bad_value_is_told_and_the_default_stays(value: object, complaint: str):
    assert settings_from_json(value) == (Settings(), (complaint,))


def test_null_means_not_set():
    base, _ = settings_from_json({"search": {"beam": 3}, "interpreter": "py"})
    assert settings_from_json(
        {"search": {"beam": None}, "interpreter": None, "llm": None}, base=base
    ) == (base, ())


def test_a_later_layer_changes_only_what_it_names():
    base, _ = settings_from_json({"llm": {"model": "a", "criticModel": "b"}})
    settings, _ = settings_from_json({"llm": {"model": "c"}}, base=base)
    assert settings.llm == LLMSettings(model="c", critic_model="b")


def test_what_only_the_extension_reads_is_no_typing_mistake():
    value = {"server": {"path": ["x"]}, "trace": {"server": "verbose"}}
    assert settings_from_json(value) == (Settings(), ())


def test_headers_of_one_settings_are_not_those_of_another():
    assert LLMSettings().extra_headers is not LLMSettings().extra_headers


def test_a_repository_may_widen_a_search_but_not_say_where_code_goes():
    settings, complaints = settings_from_repository(
        {"search": {"samples": 9}, "llm": {"baseUrl": "http://evil"}}, base=Settings()
    )
    assert settings.search.samples == 9
    assert settings.llm.base_url == ""
    assert complaints == (
        "orps.llm.baseUrl: a repository may not set this; set it in your own settings",
    )


def test_a_repository_may_only_lower_what_a_search_may_spend():
    mine, _ = settings_from_json({"budget": {"maxRequestsPerSearch": 10}})
    theirs = {
        "budget": {
            "maxRequestsPerSearch": 11,
            "maxTokensPerSearch": 1000,
            "maxCostPerSearch": 0.5,
            "maxTokensPerDay": 1,
        },
        "codeLens": False,
    }
    settings, complaints = settings_from_repository(theirs, base=mine)
    assert settings.budget.max_requests_per_search == 10
    assert settings.budget.max_tokens_per_search == 1000
    assert settings.budget.max_cost_per_search == 0.5
    assert not settings.code_lens
    lower, never = complaints
    assert lower.startswith("orps.budget.maxRequestsPerSearch: a repository may only l")
    assert never.startswith(
        "orps.budget.maxTokensPerDay: a repository may not set this"
    )


def test_layers_lie_over_each_other(tmp_path: Path):
    user_file = tmp_path / "user.toml"
    user_file.write_text(
        '[llm]\nbaseUrl = "http://user"\nmodel = "m"\n[search]\nbeam = 4\n'
    )
    (tmp_path / "pyproject.toml").write_text(
        '[tool.orps]\nsearch = {beam = 5}\ninterpreter = "evil"\nbogus = 1\n'
    )
    settings, complaints = layered_settings(
        tmp_path, {"OPENAI_BASE_URL": "http://environment"}, user_file
    )
    assert settings.search.beam == 5
    assert settings.llm.base_url == "http://environment"
    assert settings.llm.model == "m"
    assert settings.interpreter == ""
    assert len(complaints) == 2
    assert all(str(tmp_path / "pyproject.toml") in each for each in complaints)


@pytest.mark.parametrize("text", ["not toml [", "[tool]\n", "tool = 3\n", ""])
def test_a_project_without_our_section_changes_nothing(tmp_path: Path, text: str):
    (tmp_path / "pyproject.toml").write_text(text)
    assert layered_settings(tmp_path, {}, tmp_path / "none.toml") == (Settings(), ())


def test_the_schema_describes_every_default_it_gives():
    properties = setting_properties()
    values = {name: entry["default"] for name, entry in properties.items()}
    assert settings_from_json(values) == (Settings(), ())
    assert properties["orps.search.beam"]["type"] == ["integer", "null"]
    assert properties["orps.log.level"]["enum"] == ["debug", "info", "warning", "error"]
    printed = json.loads(json.dumps(settings_schema()))
    assert list(printed["properties"]) == list(properties)


def test_what_an_empty_bound_means_offline_is_said_as_it_is():
    about = setting_properties()["orps.budget.maxSecondsPerSearch"]
    said = str(about["markdownDescription"])
    assert f"{OFFLINE_BUDGET.max_seconds:g} offline" in said


def test_the_table_has_one_row_for_each_setting():
    properties = setting_properties()
    rows = settings_table().splitlines()[2:]
    assert [row.split("`")[1] for row in rows] == list(properties)

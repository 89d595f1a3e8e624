import sys

import pytest

from orps_search.config import Budget, SearchConfig
from orps_search.errors import ModelUnavailable
from orps_search.offline import OFFLINE_BUDGET, OFFLINE_CONFIG
from orps_search.policies import POLICIES
from orps_search.proposer import Expansion, ExpansionId
from orps_server.endpoint import (
    OPENAI_URL,
    Endpoint,
    configured_endpoint,
    model_settings,
    only_model,
)
from orps_server.errors import RequestFault
from orps_server.proposers import open_proposers, require_policy
from orps_server.settings import LLMSettings, Settings, settings_from_json
from support import results
from support.replay_endpoint import ReplayEndpoint


def settings(value: object) -> Settings:
    read, complaints = settings_from_json(value)
    assert not complaints
    return read


def test_who_answers():
    assert configured_endpoint(LLMSettings()) is None
    assert configured_endpoint(LLMSettings(model="m")) == Endpoint(
        base_url=OPENAI_URL, model="m"
    )
    assert configured_endpoint(LLMSettings(base_url="http://x")) == Endpoint(
        base_url="http://x", model=""
    )


async def test_without_a_model_it_is_the_offline_proposer_in_its_own_bounds():
    async with open_proposers(results.problem(), settings({})) as proposers:
        assert proposers.programmer.name == "offline"
        assert proposers.budget == OFFLINE_BUDGET
        assert proposers.config == OFFLINE_CONFIG


async def test_what_was_set_overrides_either_s_own_bounds():
    wanted = {
        "search": {"policy": "orps", "samples": 7, "beam": 6, "rounds": 5, "seed": 4},
        "budget": {
            "maxRequestsPerSearch": 3,
            "maxTokensPerSearch": 2,
            "maxSecondsPerSearch": 1,
        },
        "sandbox": {"workers": 8},
    }
    model = {"llm": {"baseUrl": "http://127.0.0.1:9/v1", "model": "m"}}
    for value in (wanted, wanted | model):
        async with open_proposers(results.problem(), settings(value)) as proposers:
            config = proposers.config
            assert (config.samples_per_round, config.beam_width) == (7, 6)
            assert config.policy == "orps"
            assert (config.max_rounds, config.seed, config.workers) == (5, 4, 8)
            assert proposers.budget == Budget(
                max_requests=3, max_tokens=2, max_seconds=1
            )


async def test_a_model_has_the_editor_s_bounds():
    value = {"llm": {"baseUrl": "http://127.0.0.1:9/v1", "model": "m"}}
    async with open_proposers(results.problem(), settings(value)) as proposers:
        assert proposers.programmer.name == "m"
        assert (proposers.config, proposers.budget) == (SearchConfig(), Budget())


@pytest.mark.parametrize("models", [(), ("a", "b"), tuple("abcdefgh")])
async def test_a_choice_of_models_is_told(models: tuple[str, ...]):
    with ReplayEndpoint(["x"], models=models) as replay:
        endpoint = Endpoint(base_url=replay.url, model="")
        with pytest.raises(ModelUnavailable) as info:
            await only_model(LLMSettings(), endpoint)
    assert "--model" in str(info.value)
    assert ", ".join(models[:5]) in str(info.value)
    assert "f" not in str(info.value).rpartition(":")[2]


def test_policies_are_a_closed_list():
    require_policy(Settings())
    with pytest.raises(RequestFault, match="'magic'") as info:
        require_policy(settings({"search": {"policy": "magic"}}))
    assert all(name in info.value.hint for name in POLICIES)


@pytest.mark.parametrize(
    ("max_tokens", "longest"),
    [(200_000, 4096), (16_384, 4096), (4_000, 1_000), (900, 256), (None, 4096)],
)
def test_a_small_budget_gets_short_replies_rather_than_none(
    max_tokens: int | None, longest: int
):
    endpoint = Endpoint(base_url="http://127.0.0.1:9/v1", model="m")
    settings = model_settings(
        LLMSettings(), endpoint, "m", max_search_tokens=max_tokens
    )
    assert settings.max_output_tokens == longest


def test_a_small_budget_lengthens_no_reply():
    llm = LLMSettings(max_output_tokens=100)
    endpoint = Endpoint(base_url="http://127.0.0.1:9/v1", model="m")
    settings = model_settings(llm, endpoint, "m", max_search_tokens=4_000)
    assert settings.max_output_tokens == 100


def test_a_policy_whose_extra_is_missing_names_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "treequest", None)
    with pytest.raises(RequestFault, match="abmcts") as info:
        require_policy(settings({"search": {"policy": "abmcts"}}))
    assert info.value.hint == "pip install 'orps-lsp[abmcts]'"


async def test_prices_make_money_a_bound() -> None:
    priced = settings(
        {
            "prices": {"m.1": {"in": 2, "out": 8}},
            "budget": {"maxCostPerSearch": 0.5},
            "llm": {"model": "m.1", "baseUrl": "http://127.0.0.1:1/v1"},
        }
    )
    async with open_proposers(results.problem(), priced) as proposers:
        assert proposers.budget.max_usd == 0.5
        draft = Expansion(id=ExpansionId(1), parent=None, round=0, sample=0)
        worst = proposers.programmer.worst_case(results.problem(), draft)
        tokens = (2 * worst.input_tokens + 8 * worst.output_tokens) / 1e6
        assert worst.usd == pytest.approx(tokens)


def test_a_price_that_is_none_is_told() -> None:
    wrongs: list[object] = [{"m": 3}, {"m": {"in": "1"}}, {"m": {"in": -1}}, "m"]
    for wrong in wrongs:
        _, complaints = settings_from_json({"prices": wrong})
        assert len(complaints) == 1
        assert complaints[0].startswith("orps.prices")

"""Trains, saves and loads; the only module that knows LightGBM.

A saved model is JSON that holds LightGBM's own text of its trees and the names of the
features. Reading it parses numbers and runs nothing, as a pickle would.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Self, cast

from orps_search.errors import ExtraMissing, SearchError
from orps_search.prm.features import features
from orps_search.prm.metrics import (
    Auc,
    CalibrationBin,
    auc,
    auc_with_interval,
    calibration,
    expected_calibration_error,
    held_out,
)
from orps_search.prm.rows import Example

SCHEMA: Final = "orps.prm/1"
MIN_PROBLEMS: Final = 4
_TREES: Final = 150
_PARAMETERS: Final[dict[str, object]] = {
    "objective": "binary",
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 20,
    "feature_fraction": 0.8,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 1.0,
    "deterministic": True,
    "force_col_wise": True,
    "num_threads": 2,
    "verbose": -1,
}


class PrmError(SearchError):
    """Raised when there is no model to be had, with what to do about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Figures on problems of which training saw nothing."""

    n_training_problems: int
    n_test_problems: int
    n_training_steps: int
    n_test_steps: int
    share_right: float
    model: Auc
    line_length: Auc
    """A trivial baseline: the longer, the worse, or the other way round, whichever was
    better in training."""
    position: Auc
    """Another one: how many steps stand before."""
    calibration: tuple[CalibrationBin, ...]
    calibration_error: float


class LineModel:
    """Scores one step: how likely it is that execution finds it right."""

    def __init__(self, names: Sequence[str], trees: str) -> None:
        self._names = tuple(names)
        self._trees = trees
        self._booster = _lightgbm().Booster(model_str=trees)

    def scores(self, examples: Sequence[Example]) -> list[float]:
        """Return a probability for each example."""
        if not examples:
            return []
        found = self._booster.predict(_table(examples, self._names), num_threads=2)
        return [float(each) for each in found]

    def save(self, path: Path, evaluation: Evaluation | None = None) -> None:
        document = {
            "schema": SCHEMA,
            "features": list(self._names),
            "trees": self._trees,
            "evaluation": None if evaluation is None else asdict(evaluation),
        }
        path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a saved model; raises `PrmError`."""
        try:
            document = cast("dict[str, Any]", json.loads(path.read_text("utf-8")))
            if document["schema"] != SCHEMA:
                raise PrmError(f"{path} is no model of schema {SCHEMA}")
            return cls(document["features"], document["trees"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise PrmError(
                f"{path} cannot be read as a model ({error}); "
                "train one with `orps-lsp prm train`"
            ) from error


def train(examples: Sequence[Example], *, seed: int = 0) -> LineModel:
    """Fit all examples; raises `PrmError` without LightGBM or without both labels."""
    if len({example.label for example in examples}) != 2:  # noqa: PLR2004 - right and wrong
        raise PrmError("the labels are all the same; export more programs")
    lightgbm = _lightgbm()
    names = sorted(features(examples[0]))
    data = lightgbm.Dataset(
        _table(examples, names),
        label=[float(example.label) for example in examples],
        feature_name=names,
        free_raw_data=False,
        params={"verbose": -1},
    )
    parameters = {**_PARAMETERS, "seed": seed}
    booster = lightgbm.train(parameters, data, num_boost_round=_TREES)
    return LineModel(names, booster.model_to_string())


def evaluate(
    examples: Sequence[Example], *, share: float = 0.3, seed: int = 0
) -> Evaluation:
    """Train on some problems and score the others; raises `PrmError`."""
    test_problems = held_out([e.problem for e in examples], share=share, seed=seed)
    training = [each for each in examples if each.problem not in test_problems]
    test = [each for each in examples if each.problem in test_problems]
    if len({each.problem for each in examples}) < MIN_PROBLEMS:
        raise PrmError(
            f"labels of fewer than {MIN_PROBLEMS} problems cannot be held out; "
            "export more"
        )
    scores = train(training, seed=seed).scores(test)
    labels, problems = [e.label for e in test], [e.problem for e in test]
    bins = calibration(labels, scores)
    return Evaluation(
        n_training_problems=len({each.problem for each in training}),
        n_test_problems=len(test_problems),
        n_training_steps=len(training),
        n_test_steps=len(test),
        share_right=sum(labels) / len(labels),
        model=auc_with_interval(labels, scores, problems, seed=seed),
        line_length=_baseline(training, test, "characters"),
        position=_baseline(training, test, "position"),
        calibration=bins,
        calibration_error=expected_calibration_error(bins),
    )


def _baseline(training: Sequence[Example], test: Sequence[Example], name: str) -> Auc:
    """Score by one feature, in the direction that training shows."""
    known = auc([e.label for e in training], [features(e)[name] for e in training])
    sign = 1 if known >= 0.5 else -1  # noqa: PLR2004 - chance
    return auc_with_interval(
        [each.label for each in test],
        [sign * features(each)[name] for each in test],
        [each.problem for each in test],
    )


def _table(examples: Sequence[Example], names: Sequence[str]) -> Any:  # noqa: ANN401
    import numpy as np  # noqa: PLC0415 - a companion of LightGBM

    rows = [features(example) for example in examples]
    return np.array([[row[name] for name in names] for row in rows], dtype=float)


def _lightgbm() -> Any:  # noqa: ANN401 - it has no types
    try:
        import lightgbm  # noqa: PLC0415 - an extra, and slow to import
    except (ImportError, OSError) as error:
        raise ExtraMissing("prm", needed_by="a model of lines") from error
    return cast("Any", lightgbm)

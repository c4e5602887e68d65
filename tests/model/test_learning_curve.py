import numpy as np
import pytest

from pipeline.errors import TrainingError
from pipeline.model.evaluating import Interval
from pipeline.model.fitting import Learner
from pipeline.model.learning_curve import CurvePoint, fit_curve, learning_curve, stopping_hint
from pipeline.text.preparing import Preparer

SIZES = (60, 120, 240, 480, 960, 1920)


def points(floor, scale, power, noise=0.0):
    random = np.random.default_rng(1)
    found = []
    for size in SIZES:
        folds = 1 - floor - scale * size**-power + noise * random.standard_normal(5)
        found.append(CurvePoint(size, float(folds.mean()), tuple(folds.tolist())))
    return found


def test_an_exact_power_law_is_found_and_continued():
    found = fit_curve(points(0.05, 3.0, 0.639), more=(80,))
    truth = 0.95 - 3.0 * 2000**-0.639
    assert found.forecasts[0].score.value == pytest.approx(truth, abs=5e-4)
    assert found.floor == pytest.approx(0.05, abs=0.005)


def test_the_interval_of_a_noisy_curve_holds_the_truth():
    found = fit_curve(points(0.05, 3.0, 0.639, noise=0.004), more=(200,))
    gain = 3.0 * (1920**-0.639 - 2120**-0.639)
    assert found.forecasts[0].gain.low <= gain <= found.forecasts[0].gain.high


def test_a_flat_curve_promises_nothing():
    found = fit_curve([CurvePoint(size, 0.9, (0.9, 0.9, 0.9)) for size in SIZES], more=(200,))
    assert found.forecasts[0].gain.value == pytest.approx(0, abs=1e-9)


def test_a_curve_of_real_training_rises(few_examples):
    found = learning_curve(few_examples, Preparer(), Learner("svm", 1), folds=3)
    assert [point.rows for point in found.points] == sorted({point.rows for point in found.points})
    assert found.points[-1].score > found.points[0].score
    assert found.forecasts[0].more == 200
    assert found.forecasts[0].gain.value >= 0


def test_too_few_rows_give_no_curve(few_examples):
    with pytest.raises(TrainingError, match="needs 120 labelled rows"):
        learning_curve(few_examples[::6], Preparer(), Learner("svm", 1), folds=3)


@pytest.mark.parametrize(
    ("power", "error", "code"),
    [
        (0.3, None, "go_on"),
        (0.3, Interval(0.01, 0.0, 0.03), "go_on"),
        (1.4, None, "no_control_sample"),
        (1.4, Interval(0.01, 0.0, 0.03), "stop"),
        (1.4, Interval(0.04, 0.02, 0.08), "more_labels_do_not_help"),
    ],
)
def test_the_hint_follows_from_the_curve_and_the_control_sample(power, error, code):
    curve = fit_curve(points(0.05, 3.0, power))
    assert stopping_hint(curve, error).code == code

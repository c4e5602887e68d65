from dataclasses import replace

import numpy as np
import pytest

from pipeline.errors import TrainingError
from pipeline.model.examples import Example, check_examples, contradictions, make_targets, parse_labels
from pipeline.model.fitting import Learner, entropy_weights
from pipeline.model.folding import grouped_folds, joined_groups
from pipeline.model.training import TrainingSettings, train
from pipeline.text.near_duplicates import near_duplicates
from pipeline.text.preparing import Preparer

QUICK = TrainingSettings(folds=3, jobs=1, learners=(Learner("svm", 1), Learner("logistic", 16)))


@pytest.fixture(scope="module")
def trained(few_examples):
    return train(few_examples, Preparer(), QUICK)


def test_learns_categories_and_causes_it_never_saw(trained):
    assert trained.evaluation.macro_f1.value > 0.85
    assert trained.evaluation.causes.top1.value > 0.7
    assert trained.evaluation.ece < 0.1
    assert trained.unmeasured == ()
    assert set(trained.tried) == {"svm(C=1, entropy)", "logistic(C=16, entropy)"}
    assert trained.model.causes["installation"] == ("上门爽约", "布线凌乱不清理")


def test_labels_of_near_copies_alone_are_named(few_examples):
    copies = [Example(f"宽带断了三天一直没人来修请尽快处理{'。' * (n % 3)}", ("copied",)) for n in range(6)]
    told = train([*few_examples, *copies], Preparer(), replace(QUICK, learners=QUICK.learners[:1]))
    assert told.unmeasured == ("copied",)
    score = next(one for one in told.evaluation.labels if one.label == "copied")
    assert score.f1.value == 0


def test_same_model_for_any_number_of_jobs(few_examples, trained):
    again = train(few_examples, Preparer(), replace(QUICK, jobs=2))
    assert np.array_equal(again.model.head.weights, trained.model.head.weights)
    assert np.array_equal(again.confidence, trained.confidence)
    assert again.evaluation == trained.evaluation


def test_prediction_carries_label_cause_reason(trained):
    (answer,) = trained.model.predict(["师傅说好周三来装，等了一天没人来，电话也打不通，又爽约"])
    assert (answer.category, answer.cause) == ("installation", "上门爽约")
    assert answer.categories == ("installation",)
    assert 0.5 < answer.confidence <= 1
    assert len(answer.reason) <= 5
    assert answer.reason[0][1] >= answer.reason[-1][1] > 0


def test_a_text_without_known_words_goes_to_review(trained):
    answers = trained.model.predict(["", "☂☂", "？？？"])
    assert all(answer.needs_review and answer.confidence == 0 and not answer.cause for answer in answers)


def always_sure(model):
    """The model without its thresholds: only what says nothing at all goes to review."""
    return replace(model, thresholds=replace(model.thresholds, answer=np.zeros(len(model.labels)), novel=-np.inf))


def test_a_text_without_any_chinese_goes_to_review_however_sure(trained):
    answers = always_sure(trained.model).predict(["宽带WiFi慢", "WiFi", "wifi 5G wifi"])
    assert [answer.needs_review for answer in answers] == [False, True, True]
    assert [answer.confidence > 0 for answer in answers] == [True, False, False]
    assert all(answer.cause == "" and answer.reason == () and len(answer.categories) == 1 for answer in answers[1:])


def test_a_model_of_another_language_is_not_asked_for_chinese():
    english = [
        Example(f"{words} number {number}", (label,))
        for number in range(12)
        for words, label in (("the internet is slow again", "network"), ("my bill is far too high", "billing"))
    ]
    model = always_sure(train(english, Preparer(), QUICK).model)
    assert not model.predict(["the internet is slow again today"])[0].needs_review


def test_a_text_unlike_the_training_goes_to_review(trained):
    (answer,) = trained.model.predict(["昨天傍晚的夕阳洒在麦田上，几只麻雀掠过屋檐"])
    assert answer.needs_review


def test_answers_reach_the_target_precision_out_of_fold(trained):
    thresholds = trained.model.thresholds.answer[trained.guesses]
    answered = trained.confidence >= thresholds
    truth = np.array(trained.evaluation.confusion).diagonal().sum() / trained.evaluation.rows
    right = trained.confidence[answered].mean()
    assert answered.mean() > 0.5
    assert right >= truth - 0.02


def test_without_entropy_or_balance_it_still_learns(few_examples):
    plain = replace(QUICK, learners=(Learner("svm", 1, entropy=False),), balanced=False)
    assert train(few_examples, Preparer(), plain).evaluation.macro_f1.value > 0.8


def test_near_twins_never_stand_on_both_sides():
    texts = [f"小区{i}号楼宽带晚上八点到十一点一直掉线打电话报修没有人来处理" for i in range(4)] * 2 + [
        f"完全不同的投诉内容第{i}条关于话费{i * 7}元的事情{chr(0x4E00 + 37 * i)}" for i in range(20)
    ]
    twins = near_duplicates(texts, 0.5).group
    folds = grouped_folds(np.array([0] * 8 + [1] * 20), twins, 5, 0)
    for group in set(twins.tolist()):
        assert len(set(folds[twins == group].tolist())) == 1
    assert len(set(twins[:8].tolist())) == 1


def test_named_groups_and_twins_are_joined():
    joined = joined_groups(np.array([0, 0, 2, 3]), ["", "a", "a", ""])
    assert joined[0] == joined[1] == joined[2] != joined[3]


def test_entropy_weights_by_hand():
    from scipy.sparse import csr_array

    tfidf = csr_array(np.array([[1.0, 1.0], [1.0, 0.0], [1.0, 0.0], [1.0, 1.0]]))
    labels = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    found = entropy_weights(tfidf, labels)
    assert found == pytest.approx([0.1, 0.1])
    found = entropy_weights(tfidf, np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [1.0, 0.0]]), smoothing=1e-12)
    assert found[1] == pytest.approx(1.1)


def test_a_second_label_teaches_nothing_about_its_causes():
    rows = [Example("甲", ("a", "b"), "x"), Example("乙", ("b",), "y"), Example("丙", ("b",), "z")]
    targets = make_targets(rows, 1)
    assert targets.leaves.causes == ("x", "y", "z")
    assert targets.signs().tolist() == [[1.0, 0.0, 0.0], [-1.0, 1.0, -1.0], [-1.0, -1.0, 1.0]]
    assert targets.primary.tolist() == [0, 1, 1]


def test_rare_causes_fall_back_to_the_category():
    rows = [Example("甲", ("a",), "rare"), *[Example(str(i), ("a",), "often") for i in range(3)], Example("乙", ("b",))]
    assert make_targets(rows, 2).leaves.causes == ("", "often", "")


@pytest.mark.parametrize(
    ("cell", "cause", "expected"),
    [
        ("billing", "", (("billing",), "")),
        (" billing | attitude ", "", (("billing", "attitude"), "")),
        ("billing/流量包自动续订|attitude/推诿转接", "", (("billing", "attitude"), "流量包自动续订")),
        ("billing|billing", "扣费", (("billing",), "扣费")),
        ("", "", ((), "")),
        ("|", "", ((), "")),
    ],
)
def test_label_cells(cell, cause, expected):
    assert parse_labels(cell, cause) == expected


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "There is no labelled row"),
        ([Example("甲", (), where="a.csv:3")], "1 rows have no label: a.csv:3"),
        ([Example("甲", ("a",))] * 9, "All 9 rows have the same label 'a'"),
        ([Example("甲", ("a",))] * 9 + [Example("乙", ("b",))] * 2, r"Too few rows for 'b' \(2\)"),
    ],
)
def test_rows_that_cannot_give_a_model(rows, message):
    with pytest.raises(TrainingError, match=message):
        check_examples(rows, 5)


def test_contradictory_duplicates_are_found():
    rows = [Example("同", ("a",)), Example("异", ("a",)), Example("同", ("b",))]
    assert contradictions(rows, ["同", "异", "同"]) == [(0, 0), (2, 0)]


def test_copies_of_one_text_cannot_be_trained_on():
    rows = [Example("宽带晚上太慢了没法用", ("a",))] * 6 + [Example("宽带晚上太慢了没法用啊", ("b",))] * 6
    with pytest.raises(TrainingError, match="All rows belong to one group"):
        train(rows, Preparer(), QUICK)

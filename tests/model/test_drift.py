from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pipeline
from pipeline.cli.show.drift import hint
from pipeline.model.drift import Watch, measure_drift
from pipeline.model.shifts import Seen, chance_index, drift_of, passed_over, stability_index
from pipeline.model.unfamiliar import new_topics
from pipeline.text.preparing import Preparer
from pipeline.workflow import load_model


@pytest.fixture(scope="module")
def model(small_model):
    return load_model(small_model)


REFERENCE = {
    "rows": 1000,
    "categories": {"billing": 500, "network": 500},
    "confidence": {"edges": [0.8, 0.9], "counts": [100, 200, 700]},
    "length": {"edges": [50], "counts": [500, 500]},
    "review": 20,
    "words": {"unknown": 1000, "all": 20_000},
}


def drift_found(model, texts):
    return measure_drift(model, texts)[0]


def seen_like_training(**changed):
    """Counts of 1,000 rows with the shares of the training, but for what is changed."""
    like = {
        "rows": 1000,
        "review": 20,
        "looked_at": 1000,
        "words": 20_000,
        "unknown": 1000,
        "categories": Counter(billing=500, network=500),
        "confidence": Counter({0: 100, 1: 200, 2: 700}),
        "length": Counter({0: 500, 1: 500}),
    }
    return Seen(**{**like, **changed})


def test_the_index_of_a_hand_computed_case():
    # 0.1 * ln 1.5 + 0.1 * ln (5/3)... over three bins: (0.3-0.2)ln(0.3/0.2) + (0.3-0.4)ln(0.3/0.4) + 0
    then, now = np.array([0.2, 0.4, 0.4]), np.array([0.3, 0.3, 0.4])
    assert stability_index(then, now) == pytest.approx(0.1 * np.log(1.5) - 0.1 * np.log(0.75))
    assert stability_index(then, then) == 0


def test_chance_alone_stays_below_its_bound_in_most_cases():
    random = np.random.default_rng(3)
    share = np.array([0.1, 0.2, 0.3, 0.4])
    found = [
        stability_index(random.multinomial(400, share) / 400, random.multinomial(200, share) / 200) for _ in range(400)
    ]
    assert 0.9 < np.mean(np.array(found) < chance_index(4, 400, 200)) < 0.99


def test_the_texts_of_the_training_have_not_drifted(model, few_examples):
    found = drift_found(model, [one.text for one in few_examples])
    levels = {shift.name: shift.level for shift in found.shifts}
    assert levels["category"] == levels["length"] == "steady"
    assert all(sum(share for _, share, _ in shift.bins) == pytest.approx(1) for shift in found.shifts)


def test_foreign_texts_have_drifted_and_their_words_are_named(model):
    texts = [f"小区{n}号楼的垃圾桶没人清运，垃圾堆满了楼道，物业保洁不管" for n in range(60)]
    found = drift_found(model, texts)
    assert found.level == "shifted"
    assert {"垃圾桶", "物业", "保洁"} & {term.word for term in found.new_terms}
    assert found.new_terms[0].texts == 60


def test_a_model_without_figures_says_so():
    old = pipeline.load_model()
    bare = type(old)(**{name: getattr(old, name) for name in old.__dataclass_fields__ if name != "info"})
    found = drift_found(bare, ["宽带断了三天没人修"])
    assert (found.level, found.shifts, found.concern) == ("no_reference", (), "no_reference")
    assert hint(found, zh=False) == ""


def test_what_is_counted_is_what_is_answered(model, few_examples):
    texts = [one.text for one in few_examples[:80]]
    answers = model.predict(texts)
    total, said = Seen(), []
    for found, seen in Watch(model).answers(texts):
        total.add(seen)
        said += found.rows()
    assert said == answers
    assert (total.rows, total.looked_at, total.review) == (80, 80, sum(one.needs_review for one in answers))
    assert total.categories == Counter(one.category for one in answers)
    edges = model.info["reference"]["confidence"]["edges"]
    assert total.confidence == Counter(sum(one.confidence >= edge for edge in edges) for one in answers)
    assert total.length.total() == 80


def counted(model, chunks, one_in):
    watch, total = Watch(model), Seen()
    for chunk in chunks:
        for _, seen in watch.answers(chunk, one_in):
            total.add(seen)
    return total


def test_counts_do_not_depend_on_order_or_on_chunks(model, few_examples):
    texts = [one.text for one in few_examples]
    whole = counted(model, [texts], 4)
    turned = counted(model, [texts[100:][::-1], texts[:30], texts[30:100]], 4)
    assert whole == turned
    # a quarter, give or take what the hashes give
    assert len(texts) / 8 < whole.looked_at < len(texts) / 2
    every = counted(model, [texts], 1)
    assert abs(whole.unknown / whole.words - every.unknown / every.words) < 0.02


@given(st.integers(0, 10**8))
def test_enough_texts_are_looked_at_where_there_are_as_many(rows):
    one_in = passed_over(rows)
    assert one_in & (one_in - 1) == 0
    assert one_in == 1 or rows / one_in >= 500
    assert one_in == 64 or rows / one_in < 1000


CONCERNS = {
    "steady": ({}, "steady"),
    "a little less sure": ({"confidence": Counter({0: 200, 1: 250, 2: 550})}, "watch"),
    "less sure": ({"confidence": Counter({0: 500, 1: 200, 2: 300})}, "less_sure"),
    "more for review": ({"review": 400}, "less_sure"),
    "surer": ({"confidence": Counter({0: 1, 1: 1, 2: 998})}, "surer"),
    "another mix": ({"categories": Counter(billing=900, network=100)}, "category"),
    "another length": ({"length": Counter({0: 950, 1: 50})}, "length"),
    "new words": ({"unknown": 9000, "review": 400}, "new_words"),
}


@pytest.mark.parametrize("case", CONCERNS)
def test_the_gravest_change_decides_on_the_advice(case):
    changed, concern = CONCERNS[case]
    found = drift_of(REFERENCE, seen_like_training(**changed))
    assert found.concern == concern
    said = {
        "less_sure": "less sure",
        "category": "Billing: 90% of the rows (50% in training)",
        "new_words": "unknown words: ",
    }
    for zh in (False, True):
        assert bool(hint(found, zh)) == (concern in said)
    assert said.get(concern, "") in hint(found, zh=False)


def test_a_frequent_new_word_is_said_although_nothing_has_shifted():
    steady = drift_of(REFERENCE, seen_like_training(terms=Counter({"智慧屏": 40, "光猫灯": 19, "的": 900})))
    assert steady.level == "steady"
    assert [(one.word, one.texts) for one in steady.new_terms] == [("智慧屏", 40), ("光猫灯", 19)]
    assert hint(steady, zh=False).startswith("Unlike the training: new words 智慧屏 40/1000. They may stand for")
    assert hint(steady, zh=True).startswith("与训练时不同：新词 智慧屏 40/1000。")
    assert "光猫灯" not in hint(steady, zh=True)


def test_a_new_word_is_said_without_what_nobody_has_to_act_on():
    counts = Counter({"智慧屏": 40})
    longer = drift_of(REFERENCE, seen_like_training(length=Counter({0: 950, 1: 50}), terms=counts))
    assert (longer.level, longer.concern) == ("shifted", "length")
    assert hint(longer, zh=False).startswith("Unlike the training: new words 智慧屏 40/1000. They may stand for")


def test_texts_nobody_trained_on_are_grouped_by_what_they_are_about(corpus):
    known = [row["text"] for row in corpus[:120]]
    rubbish = [
        "楼下垃圾桶满了三天没人清运，臭气熏天",
        "垃圾桶一直没有清运，路过都要捂着鼻子，什么时候来",
        "打电话给环卫说今天清运，垃圾桶到晚上还是满的",
        "垃圾清运车一周没来过，垃圾桶旁边堆成小山",
        "请环卫把垃圾桶清运一下，孩子都不敢下楼玩",
        "物业推给环卫，垃圾桶没人清运，苍蝇到处飞",
    ]
    noise = [f"{animal}在花园里叫，吵得整夜睡不着觉，希望有人来管一管" for animal in ("野猫", "公鸡", "青蛙")]
    texts = known + rubbish + noise + rubbish[:1]
    unsure = range(120, len(texts))
    (found,) = new_topics(texts, unsure, Preparer(), least=4)
    # the copy belongs to the topic and counts as no text of its own
    assert {120, 129} <= set(found.members) <= set(range(120, 126)) | {129}
    assert found.texts == len(found.members) - 1
    assert {"垃圾桶", "清运"} <= set(found.words)
    assert new_topics(texts, unsure, Preparer(), least=99) == ()

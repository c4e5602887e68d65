import numpy as np
import pytest

import pipeline
from pipeline.model.drift import chance_index, measure_drift, stability_index
from pipeline.model.unfamiliar import new_topics
from pipeline.text.preparing import Preparer
from pipeline.workflow import load_model
from pipeline.workflow.lineage import table_of


@pytest.fixture(scope="module")
def model(small_model):
    return load_model(small_model)


def drift_of(model, texts):
    return measure_drift(model, texts, model.predict(texts))


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


def test_held_back_texts_of_the_same_kind_have_not_drifted(model, small_model):
    texts = [one.text for one in table_of(small_model).rows]
    found = drift_of(model, texts)
    levels = {shift.name: shift.level for shift in found.shifts}
    assert levels["category"] == levels["length"] == "steady"
    assert all(sum(share for _, share, _ in shift.bins) == pytest.approx(1) for shift in found.shifts)


def test_foreign_texts_have_drifted_and_their_words_are_named(model):
    texts = [f"小区{n}号楼的垃圾桶没人清运，垃圾堆满了楼道，物业保洁不管" for n in range(60)]
    found = drift_of(model, texts)
    assert found.level == "shifted"
    assert {"垃圾桶", "物业", "保洁"} & {term.word for term in found.new_terms}
    assert found.new_terms[0].texts == 60


def test_a_model_without_figures_says_so():
    old = pipeline.load_model()
    bare = type(old)(**{name: getattr(old, name) for name in old.__dataclass_fields__ if name != "info"})
    found = drift_of(bare, ["宽带断了三天没人修"])
    assert (found.level, found.shifts) == ("no_reference", ())


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

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.examples import Example
from pipeline.model.frozen import hold_back, is_frozen, text_key
from pipeline.text.preparing import Preparer
from pipeline.workflow.models.lineage import keys_of, masked, split

PREPARER = Preparer()


def test_a_tenth_of_all_texts_is_frozen(corpus):
    keys = [text_key(row["text"]) for row in corpus]
    assert 0.085 < sum(map(is_frozen, keys)) / len(keys) < 0.115


def test_the_frozen_part_is_the_same_for_ever():
    # whoever changes the rule makes every earlier model incomparable: these are to stay
    frozen = [text for text in (f"宽带断了{n}天没人管" for n in range(40)) if is_frozen(text_key(text))]
    assert frozen == FROZEN


FROZEN = ["宽带断了1天没人管", "宽带断了29天没人管"]


@given(st.text())
def test_a_masked_text_has_the_key_of_the_raw_one(text):
    once = masked([text], PREPARER)[0]
    assert keys_of([Example(text, ("a",))], PREPARER) == keys_of([Example(once, ("a",))], PREPARER)


def test_rare_labels_and_causes_keep_their_rows():
    examples = [Example(f"第{n}条", ("rare",), "x") for n in range(30)] + [
        Example(f"共{n}条", ("often",)) for n in range(500)
    ]
    keys = [text_key(one.text) for one in examples]
    held = hold_back(examples, keys, 14)
    learned = Counter(one.labels[0] for one, away in zip(examples, held, strict=True) if not away)
    assert all(is_frozen(key) for key, away in zip(keys, held, strict=True) if away)
    assert learned["rare"] >= 28
    assert 400 < learned["often"] < 500


def test_parting_loses_no_row_and_does_not_depend_on_their_order(few_examples):
    one = split(few_examples, Preparer(), 5)
    other = split(few_examples[::-1], Preparer(), 5)
    assert sorted(e.where for e in one.rows) == sorted(e.where for e in few_examples)
    assert {e.text for e in one.held} == {e.text for e in other.held}
    assert {e.text for e in one.held}.isdisjoint(e.text for e in one.learned)

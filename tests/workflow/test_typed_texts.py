"""What people type into the register: nothing personal is stored, colleagues may be named."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.register.store import open_register
from pipeline.text.privacy import Masker
from pipeline.workflow.register.options import register_options
from pipeline.workflow.register.typed_texts import mask_typed
from tests.register.invented import complaint, findings

PERSONAL = "客户张伟，电话13800138000"
PLAIN = "客户[姓名]，电话[手机号]"


@pytest.fixture
def register(address):
    with open_register(address, register_options("王工")) as opened:
        complaints = [complaint(i) for i in range(12)]
        opened.add_run({}, complaints, findings(complaints))
        yield opened


def masked(done):
    return [(one.field, one.kinds) for one in done.masked]


@pytest.mark.parametrize(
    ("change", "field", "stored"),
    [
        (lambda one: one.set("P-0001", {"statement": PERSONAL}), "statement", PLAIN),
        (lambda one: one.set("P-0001", {"whys": ["为何", PERSONAL]}), "whys", ("为何", PLAIN)),
        (lambda one: one.rename("P-0001", PERSONAL), "name", PLAIN),
        (lambda one: one.dismiss("P-0001", PERSONAL), "close_reason", PLAIN),
        (lambda one: one.move("P-0001", "analysing", {"root_cause": PERSONAL}), "root_cause", PLAIN),
        (lambda one: one.split("P-0001", complaints=["TS0"], name=PERSONAL), "name", PLAIN),
    ],
)
def test_personal_data_are_masked_before_they_are_stored(register, change, field, stored, tmp_path):
    done = change(register)
    assert getattr(done.problem, field) == stored
    assert masked(done) == [(field, ("姓名", "手机号"))]
    register.export(tmp_path / "whole.jsonl")
    whole = (tmp_path / "whole.jsonl").read_text(encoding="utf-8")
    assert "张伟" not in whole
    assert "13800138000" not in whole


def test_a_note_is_masked_in_problem_and_event(register):
    done = register.note("P-0001", PERSONAL)
    assert [note["text"] for note in done.problem.notes] == [PLAIN]
    assert masked(done) == [("notes", ("姓名", "手机号"))]
    assert "张伟" not in str(register.history("P-0001"))


def test_colleagues_may_be_named(register):
    done = register.set("P-0001", {"owner": "张伟", "charged_person": "李强", "statement": "王工与张伟已约谈施工队"})
    assert (done.problem.owner, done.problem.charged_person) == ("张伟", "李强")
    assert (done.problem.statement, done.masked) == ("王工与张伟已约谈施工队", ())
    # of another problem as well
    assert register.note("P-0002", "张伟、李强跟进").problem.notes[0]["text"] == "张伟、李强跟进"


def test_a_number_has_no_place_even_where_names_have(register):
    done = register.set("P-0001", {"owner": "张伟13800138000"})
    assert (done.problem.owner, masked(done)) == ("张伟[手机号]", [("owner", ("手机号",))])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("batch", "SY_202603_0001"),
        ("known_error_article", "https://kb.example.com/articles/20260301123456"),
        ("related", ("P-0002",)),
        ("measure", "扩容 3 个基站，投资 120000 元，OLT 端口 10.2.3.4"),
    ],
)
def test_what_is_not_personal_stays(register, field, value):
    done = register.set("P-0001", {field: value})
    assert (getattr(done.problem, field), done.masked) == (value, ())


def test_a_register_of_a_program_that_masks_before_is_left_alone(address):
    with open_register(address) as opened:
        opened.add_run({}, [complaint(1)], findings([complaint(1)], "a"))
        assert opened.set("P-0001", {"statement": PERSONAL}).problem.statement == PERSONAL


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(["李工", "张伟", "13800138000", "客户", "，", "已回访", "文三路168号3栋2单元501室", "a@b.cn"])
    )
)
def test_masking_is_that_of_all_texts_but_for_colleagues_and_done_once(parts):
    text = "".join(parts)
    assert mask_typed(text, frozenset())[0] == Masker().mask(text)
    once, kinds = mask_typed(text, {"李工"})
    assert mask_typed(once, {"李工"}) == (once, [])
    assert bool(kinds) == (once != text)

"""Personal data goes, what tells of the trouble stays."""

import os
import pickle
import re
import stat
import sys
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import SettingsError
from pipeline.records import Role
from pipeline.text.masking.shapes import PLACEHOLDER
from pipeline.text.privacy import PERSONAL_ROLES, Kind, Masker, load_or_create_key, pseudonym, scan

sys.path.insert(0, str(Path(__file__).parent))

from planted import BY_HAND, FIGURES, HELD_OUT, WORDS_THAT_ARE_NO_NAMES, Planted, harmless, planted

NASTY = st.text(
    alphabet=st.sampled_from(
        list(
            "0123456789１３Xx@.-_ +()（）[]:：路号栋室单元张王李先生女士我是姓名联系人幺三八零工账卡宽带手机京AaＢ\n元"
        )
    )
    | st.characters(),
    max_size=60,
)


HOSTILE = (
    *(
        "1",
        "12",
        "13800138000",
        "1-",
        "1@",
        "a@",
        "a.a@",
        "+86",
        "(",
        "幺",
        "一二",
        "张",
        "张先生",
        "我是",
        "路1号",
        "1栋",
    ),
    *("1-1-", "号码", "京A", "8986", "姓名", "账号a", "宽带1-", "[姓名]", "联系人张", "，1"),
)


@pytest.fixture(scope="module")
def masker() -> Masker:
    return Masker()


def is_hidden(masker: Masker, one: Planted) -> bool:
    """Every letter and digit of the value is covered by findings (marks between them need not be)."""
    start = one.text.index(one.value)
    covered = {place for found in masker.find(one.text) for place in range(found.start, found.end)}
    return all(place in covered or not one.text[place].isalnum() for place in range(start, start + len(one.value)))


def test_planted_values_of_every_kind_are_masked(masker: Masker) -> None:
    values = planted()
    total = Counter(one.kind for one in values)
    found = Counter(one.kind for one in values if is_hidden(masker, one))
    assert len(values) >= 400
    assert set(total) == set(Kind)
    assert found.total() / total.total() >= 0.98
    assert {kind.name: found[kind] / total[kind] for kind in Kind if found[kind] < 0.95 * total[kind]} == {}


def test_other_seeds_give_no_worse_recall(masker: Masker) -> None:
    values = [one for seed in (1, 2, 3) for one in planted(each=40, seed=seed)]
    assert sum(is_hidden(masker, one) for one in values) / len(values) >= 0.98


@pytest.mark.parametrize("one", [*BY_HAND, *HELD_OUT], ids=lambda one: f"{one.kind.name}-{one.value}")
def test_odd_form_is_found_as_its_kind(masker: Masker, one: Planted) -> None:
    start = one.text.index(one.value)
    end = start + len(one.value)
    kinds = {found.kind for found in masker.find(one.text) if found.start < end and start < found.end}
    assert is_hidden(masker, one)
    assert one.kind in kinds


def test_amounts_dates_hotlines_and_packages_stay(masker: Masker) -> None:
    sentences = harmless()
    touched = [masker.mask(text) for text in sentences if masker.find(text)]
    assert len(sentences) >= 300
    assert len(FIGURES) >= 60
    assert len(touched) <= 0.01 * len(sentences), touched


@pytest.mark.parametrize("text", WORDS_THAT_ARE_NO_NAMES)
def test_words_that_are_no_names_stay(masker: Masker, text: str) -> None:
    assert masker.mask(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("杭州市西湖区文三路168号3栋2单元501室没网", "杭州市西湖区文三路[地址]没网"),
        ("阳光花园3栋2单元501室", "阳光花园[地址]"),
        ("3楼没信号，5号楼也没有", "3楼没信号，5号楼也没有"),
        ("电话138****5678打不通", "电话138****5678打不通"),
        ("方经理和客户经理", "[姓名]经理和客户经理"),
        ("5G畅享129元，2019-03-07 17:18:50扣1,299.00元", "5G畅享129元，2019-03-07 17:18:50扣1,299.00元"),
        ("电话１３８００１３８０００。", "电话[手机号]。"),
        ("13800138000,13900139000", "[手机号],[手机号]"),
    ],
)
def test_text_around_the_value_stays(masker: Masker, text: str, masked: str) -> None:
    assert masker.mask(text) == masked


def test_findings_are_ordered_and_do_not_overlap(masker: Masker) -> None:
    found = masker.find("张先生13800138000，李女士，身份证110101198001011234，工号8821")
    assert [one.kind for one in found] == [Kind.NAME, Kind.PHONE, Kind.NAME, Kind.ID_CARD, Kind.NUMBER]
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize("one", planted(each=6, seed=4), ids=lambda one: one.kind.name)
def test_masked_text_has_no_leak_and_masking_again_changes_nothing(masker: Masker, one: Planted) -> None:
    masked = masker.mask(one.text)
    assert scan(masked) == []
    assert masker.mask(masked) == masked


@given(NASTY)
@settings(deadline=None, max_examples=400)
def test_any_text_is_masked_once_and_for_all(text: str) -> None:
    masker = _shared()
    masked = masker.mask(text)
    assert masker.find(masked) == []
    assert masker.mask(masked) == masked


@given(st.lists(st.sampled_from([one.text for one in planted(each=3)]) | NASTY, max_size=5))
@settings(deadline=None, max_examples=150)
def test_joined_complaints_have_no_leak_after_masking(texts: list[str]) -> None:
    assert scan(_shared().mask("".join(texts))) == []


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "12",
        "13800138000",
        "1-",
        "1@",
        "a@",
        "a.a@",
        "+86",
        "(",
        "幺",
        "一二",
        "张",
        "张先生",
        "我是",
        "路1号",
        "1栋",
        "1-1-",
        "号码",
        "京A",
        "8986",
        "姓名",
        "账号a",
        "宽带1-",
        "[姓名]",
        "联系人张",
        "，1",
    ],
)
def test_hostile_text_of_200_000_characters_completes(masker: Masker, piece: str) -> None:
    text = (piece * 200_000)[:200_000]
    assert len(masker.mask(text)) > 0
    assert masker.mask("x" * 200_000) == "x" * 200_000


def test_placeholder_matches_exactly_what_mask_writes(masker: Masker) -> None:
    masked = masker.mask("号码13800138000，邮箱a_b1@qq.com")
    assert PLACEHOLDER.findall(masked) == ["[手机号]", "[邮箱]"]
    assert all(PLACEHOLDER.fullmatch(f"[{kind.value}]") for kind in Kind)
    assert PLACEHOLDER.search("[SEP]手机号[套餐]") is None


def test_extra_names_are_masked_wherever_they_stand() -> None:
    assert Masker(["乌有村夫"]).mask("昨天乌有村夫来过") == "昨天[姓名]来过"


def test_masker_survives_pickling(masker: Masker) -> None:
    copy = pickle.loads(pickle.dumps(masker))
    assert copy.mask_many(["电话13800138000"]) == ["电话[手机号]"]


def test_personal_roles_are_whole_columns() -> None:
    assert {Role.CUSTOMER_NAME, Role.STAFF, Role.CUSTOMER_NUMBER, Role.CONTACT_NUMBER, Role.ACCOUNT} == PERSONAL_ROLES


def test_pseudonym_joins_spellings_and_needs_the_key() -> None:
    key = b"k" * 32
    spellings = ["13800138000", "+86 138-0013-8000", "0086 13800138000", "138 0013 8000", "１３８００１３８０００"]
    assert len({pseudonym(spelling, key) for spelling in spellings}) == 1
    assert pseudonym("13800138000", key) != pseudonym("13800138001", key)
    assert pseudonym("13800138000", key) != pseudonym("13800138000", b"j" * 32)
    assert re.fullmatch("[0-9a-f]{16}", pseudonym("13800138000", key))


def test_key_is_made_once_for_the_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "genyin.key"
    key = load_or_create_key(path)
    assert len(key) == 32
    assert load_or_create_key(path) == key
    assert [entry.name for entry in path.parent.iterdir()] == ["genyin.key"]
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_short_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "short.key"
    path.write_bytes(b"abc")
    with pytest.raises(SettingsError, match=r"short\.key holds 3 bytes, at least 32 are needed"):
        load_or_create_key(path)


def test_key_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read or made"):
        load_or_create_key(tmp_path)


@cache
def _shared() -> Masker:
    return Masker()

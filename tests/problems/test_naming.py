"""Names and key phrases: read by people, so measured by what a reader would notice."""

import csv
import random
import re
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.problems.naming import Nameable, name_problems
from pipeline.resources import data_file
from pipeline.text.cleaning import Cleaner
from pipeline.text.masking.shapes import PLACEHOLDER
from pipeline.text.preparing import read_word_list
from pipeline.text.privacy import Masker
from tests.problems.naming_side import CUT, blocks, found_first, names_of


def safe(texts):
    return Masker().mask_many(Cleaner().clean_many(texts))


@pytest.fixture(scope="module")
def causes():
    """The shipped corpus by cause: texts, and the places of each cause."""
    with data_file("complaints.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    places = defaultdict(list)
    for place, row in enumerate(rows):
        places[row["cause"]].append(place)
    return safe([row["text"] for row in rows]), dict(places)


# ---------------------------------------------------------------- names
ESTATE = ["魅影之城小区底楼烧烤油烟扰民", "反映魅影之城小区油烟扰民严重", "魅影之城小区夜宵摊油烟扰民何时能管"]
PARKING = ["青柏嘉苑地下车位租金一年涨三次", "请问青柏嘉苑车位租金能否限价", "青柏嘉苑物业强制涨车位租金"]
BUS = ["307路公交车末班提前到八点", "307路公交末班太早赶不上", "请恢复307路公交车晚间班次"]


def test_a_name_that_segmentation_breaks_comes_out_whole():
    bodies = [f"{title}，投诉多次没有结果。" for title in (*ESTATE, *PARKING, *BUS)]
    assert "魅影之城" not in CUT([ESTATE[0]])[0]
    estate, parking, bus = names_of([range(3), range(3, 6), range(6, 9)], bodies, [*ESTATE, *PARKING, *BUS])
    assert "魅影之城小区" in estate.name
    assert "油烟扰民" in estate.name
    assert "青柏嘉苑" in parking.name
    assert "租金" in parking.name
    assert "307路" in bus.name
    assert not {"魅影", "魅影之", "之城", "之城小区", "城小区"} & set(estate.phrases)
    assert any("魅影之城小区" in phrase for phrase in estate.phrases)


def test_greetings_and_frames_are_not_part_of_a_name():
    groups, texts = blocks(
        [f"尊敬的领导您好，请问{place}的路灯什么时候能修好，谢谢" for place in ("松涛路", "松涛路北段", "松涛路口")],
        [
            f"尊敬的领导您好，请问{place}的校车什么时候恢复，谢谢"
            for place in ("东岗小学", "东岗小学北门", "东岗小学附近")
        ],
    )
    for naming in names_of(groups, texts):
        assert not re.search("尊敬|领导|您好|请问|谢谢", naming.name + "".join(naming.phrases))
        assert not re.search("的$|^的", naming.name)


def test_where_a_customer_lives_is_not_part_of_a_name():
    groups, texts = blocks(
        [f"光猫坏了{days}天，住幸福小区[地址]" for days in "两三四"],
        [f"师傅上门不按时{said}，临江市人民路[地址]" for said in ("", "，白等一天", "，约了没来")],
    )
    for naming in names_of(groups, texts):
        assert not re.search("住|幸福|小区|临江|人民路", naming.name + "".join(naming.phrases))


def test_a_known_cause_and_place_begin_the_name():
    groups, texts = blocks(["每月扣15元流量月包没订过", "没订过的流量月包每月扣15元", "流量月包扣了15元"])
    [naming] = names_of(groups, texts, cause="流量包自动续订", where="流量月包15元")
    assert naming.name.startswith("流量月包15元 流量包自动续订")


def test_a_part_is_told_from_its_cause_and_the_cause_keeps_the_plain_name():
    texts = [
        "一到晚上八点宽带就掉线",
        "宽带晚上八点后掉线",
        "晚上八点宽带掉线三天了",
        "光猫红灯宽带掉线",
        "白天宽带掉线两次",
    ]
    whole, part = (Nameable(np.array(places), "宽带频繁掉线") for places in (range(5), range(3)))
    for groups in ([whole, part], [part, whole]):
        named = name_problems(groups, texts, [""] * 5, CUT)
        by_size = {len(group.members): naming.name for group, naming in zip(groups, named, strict=True)}
        assert by_size[5] == "宽带频繁掉线"
        assert by_size[3].startswith("宽带频繁掉线 ")
        assert "八点" in by_size[3]


def test_where_alone_is_followed_by_words_of_the_texts():
    groups, texts = blocks(
        [f"西海岸区{place}一早没网，手机也没信号" for place in ("听涛苑", "灯塔街", "渔港新村", "望潮路")]
    )
    [naming] = names_of(groups, texts, where="西海岸区 5月13日")
    assert naming.name.startswith("西海岸区 5月13日 ")
    assert re.search("没网|信号", naming.name)
    assert naming.name.count("西海岸") == 1


def test_problems_that_nothing_tells_apart_are_numbered():
    groups, texts = blocks(["宽带掉线没人修"] * 3, ["宽带掉线没人修"] * 2, ["宽带掉线没人修"])
    names = [naming.name for naming in names_of(groups, texts)]
    assert len(set(names)) == 3
    assert names[1:] == [f"{names[0]} 2", f"{names[0]} 3"]


def test_titles_cut_off_by_a_machine_do_not_lend_half_words():
    ends = ("重启光猫也没有用", "打游戏老是输", "孩子没法上网课", "师傅换过网线")
    places = ("长宁小区", "柳湖花园", "北山新村", "棉纺厂宿舍")
    texts = [f"{place}宽带晚高峰频繁掉线，{end}" for place, end in zip(places, ends, strict=True)]
    titles = [text[: text.index("频") + 1] for text in texts]
    [naming] = names_of([range(4)], texts, titles)
    assert naming.name.endswith("宽带晚高峰频繁掉线")
    assert not any(phrase.endswith("频") for phrase in naming.phrases)


def test_long_numbers_and_people_stay_out_of_names():
    texts = ["联系陈某13912345678退订彩铃每月5元", "张XX称彩铃每月5元退订失败工单88123456", "退订彩铃陈某不管每月5元"]
    [naming] = names_of([range(3)], texts)
    assert "彩铃" in naming.name
    assert not re.search(r"\d{6}|某|XX", naming.name + "".join(naming.phrases))


def test_no_name_spans_a_masked_value_or_parts_a_number_from_its_unit():
    titles = ["南湾新村[地址]充电桩跳闸", "南湾新村[地址]充电桩跳闸没人管", "投诉南湾新村[地址]充电桩跳闸"]
    [naming] = names_of([range(3)], [""] * 3, titles)
    assert not any("南湾新村充电桩" in said for said in (naming.name, *naming.phrases))
    assert re.fullmatch("南湾新村 充电桩跳闸(没人管)?", naming.name)
    titles = ["退订彩铃扣15元之外又扣", "彩铃每月扣15元之外还扣", "彩铃扣15元之外再扣流量"]
    [naming] = names_of([range(3)], [""] * 3, titles)
    assert not any(re.search("15(?!元)|之$|^之", said) for said in (*naming.name.split(), *naming.phrases))


def test_no_name_or_phrase_says_the_opposite():
    groups, texts = blocks(
        ["降套餐被告知消费不低于188元", "每月被要求消费不低于188元", "套餐要求不低于188元消费"],
        ["宽带装好后没有交付使用说明", "装机师傅没有交付使用说明", "一直没有交付使用说明"],
    )
    lowest, manual = names_of(groups, texts)
    assert not any(re.search("(?<!不)低于", said) for said in (lowest.name, *lowest.phrases))
    assert not any(re.search("(?<!没有)交付", said) for said in (manual.name, *manual.phrases))


def test_what_masking_left_but_looks_personal_alone_is_refused():
    # within the sentence the masker may take it for a place; the name of a problem must not carry it
    texts = ["客户经理王建国不接电话", "客户经理王建国一直不接电话", "找客户经理王建国不接电话"]
    [naming] = names_of([range(3)], texts)
    assert "王建国" not in naming.name + "".join(naming.phrases)


# ---------------------------------------------------------------- all of the corpus
def test_names_of_causes_find_their_complaints(causes):
    texts, places = causes
    groups = [Nameable(np.array(held), cause) for cause, held in places.items()]
    names = [naming.name for naming in name_problems(groups, texts, [""] * len(texts), CUT)]
    assert all(name.startswith(cause) for name, cause in zip(names, places, strict=True))
    documents = [" ".join(texts[place] for place in held) for held in places.values()]
    assert found_first(names, documents) >= 0.95
    assert sum(name == cause for name, cause in zip(names, places, strict=True)) >= 0.3 * len(names)


def test_names_in_the_complaints_own_words_find_them_and_are_short(causes):
    texts, places = causes
    namings = names_of(places.values(), texts)
    documents = [" ".join(texts[place] for place in held) for held in places.values()]
    assert found_first([naming.name for naming in namings], documents) >= 0.95
    assert all(4 <= len(naming.name) <= 32 for naming in namings)
    assert all(len(naming.phrases) == 5 for naming in namings)
    assert all(len(naming.quotes) == 3 for naming in namings)
    stop_words = set(read_word_list(None, "stopwords.txt"))
    boilerplate = [line for line in read_word_list(None, "boilerplate.txt") if len(line) > 2]
    for naming in namings:
        words = {
            word for said in (*naming.phrases, *naming.name.split()) for word in (CUT([said])[0][0], CUT([said])[0][-1])
        }
        assert not words & stop_words
        assert not any(line in naming.name for line in boilerplate)


def test_names_do_not_depend_on_the_order_of_complaints_or_problems(causes):
    texts, places = causes
    chosen = [list(held) for cause, held in places.items() if cause < "套"][:12]
    straight = names_of(chosen, texts)
    shuffle = random.Random(7)
    order = list(range(len(texts)))
    shuffle.shuffle(order)
    new_place = {old: new for new, old in enumerate(order)}
    turned = list(range(len(chosen)))
    shuffle.shuffle(turned)
    moved = [[new_place[place] for place in shuffle.sample(chosen[group], len(chosen[group]))] for group in turned]
    again = names_of(moved, [texts[old] for old in order])
    for group, naming in zip(turned, again, strict=True):
        assert (naming.name, naming.phrases, naming.cohesion) == (
            straight[group].name,
            straight[group].phrases,
            straight[group].cohesion,
        )
        assert [texts[order[place]] for place in naming.quotes] == [texts[place] for place in straight[group].quotes]


def test_planted_problems_of_the_sample_are_found_by_their_names():
    with data_file("sample_complaints.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with data_file("sample_problems.csv").open(encoding="utf-8-sig", newline="") as file:
        story = {row["工单流水号"]: row for row in csv.DictReader(file)}
    places = defaultdict(list)
    for place, row in enumerate(rows):
        told = story[row["工单流水号"]]
        if told["problem"] and told["role"] == "member":
            places[told["problem"]].append(place)
    texts, titles = safe([row["业务内容"] for row in rows]), safe([row["主题"] for row in rows])
    namings = dict(zip(places, names_of(places.values(), texts, titles), strict=True))
    documents = [" ".join(texts[place] for place in held) for held in places.values()]
    assert found_first([naming.name for naming in namings.values()], documents) == 1.0
    assert "15元" in namings["autorenew"].name
    assert "西海岸区" in namings["outage"].name
    assert namings["campaign"].cohesion > 0.99
    assert len(namings["campaign"].quotes) < 3


@pytest.mark.real_data
def test_names_of_real_problems_find_them(real_data):
    with (real_data / "civic_messages.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with (real_data / "civic_problems.csv").open(encoding="utf-8-sig", newline="") as file:
        listed = [row for row in csv.DictReader(file) if row["role"] == "member"]
    place = {row["id"]: number for number, row in enumerate(rows)}
    groups = defaultdict(list)
    for row in listed:
        groups[row["group_id"]].append(place[row["message_id"]])
    texts, titles = safe([row["text"] for row in rows]), safe([row["title"] for row in rows])
    namings = names_of(groups.values(), texts, titles)
    documents = [" ".join(f"{titles[one]} {texts[one]}" for one in held) for held in groups.values()]
    assert found_first([naming.name for naming in namings], documents) >= 0.95
    assert np.mean([6 <= len(naming.name) <= 26 for naming in namings]) >= 0.95


# ---------------------------------------------------------------- anything goes in
WORDS = [*"宽带掉线的没有，。小区5\n\ue000", "[姓名]", "[手机号]", "13800138000", "请问", "光猫", "15元"]
SENTENCES = st.lists(st.sampled_from(WORDS), max_size=12).map("".join)
TEXTS = st.lists(SENTENCES | st.text(max_size=20), min_size=1, max_size=12)


@given(TEXTS, st.data())
def test_any_partition_gets_unique_clean_names_and_quotes_of_its_own(texts, data):
    count = len(texts)
    titles = data.draw(st.lists(st.sampled_from(["", "[姓名]反映光猫", *texts]), min_size=count, max_size=count))
    labels = data.draw(st.lists(st.integers(0, 3), min_size=count, max_size=count))
    given_cause = data.draw(st.sampled_from(["", "宽带掉线", "[姓名]"]))
    groups = [np.flatnonzero(np.array(labels) == label) for label in sorted(set(labels))]
    namings = name_problems([Nameable(held, given_cause) for held in groups], texts, titles, CUT)
    names = [naming.name for naming in namings]
    assert len(set(names)) == len(names)
    for held, naming in zip(groups, namings, strict=True):
        assert naming.name.strip() == naming.name != ""
        assert not any(PLACEHOLDER.search(said) or "\ue000" in said for said in (naming.name, *naming.phrases))
        assert not re.search(r"\d{7}", naming.name + " ".join(naming.phrases))
        assert len(set(naming.phrases)) == len(naming.phrases) <= 5
        assert {naming.medoid, *naming.quotes} <= set(held.tolist())
        assert 1 <= len(set(naming.quotes)) == len(naming.quotes) <= 3
        assert 0.0 <= naming.cohesion <= 1.0


def test_nothing_to_name_and_nothing_to_read():
    assert name_problems([], ["宽带掉线"], [""], CUT) == []
    [empty] = names_of([range(3)], ["", "", "。"])
    assert empty.name == "未命名问题"
    assert empty.phrases == ()
    with pytest.raises(ValueError, match="has no complaints"):
        names_of([[]], ["宽带掉线"])


def test_one_endless_text_and_ten_thousand_copies_are_named():
    groups, texts = blocks(["宽带掉线没人修" * 30_000, "宽带掉线"], ["短信轰炸一天三百条"] * 10_000)
    long, copies = names_of(groups, texts)
    assert "掉线" in long.name
    assert copies.name == "短信轰炸一天三百条"
    assert len(copies.quotes) == 1

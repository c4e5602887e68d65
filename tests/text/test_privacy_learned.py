"""Names known by what was learned of their surroundings, callings, and numbers that no cue of before announced."""

import csv
import time
from functools import cache

import pytest

from pipeline.resources import data_file
from pipeline.text.privacy import Masker, scan


@cache
def _masker() -> Masker:
    return Masker()


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("我叫高兴，宽带装了三天", "我叫[姓名]，宽带装了三天"),
        ("丈夫单保国上月去世,要销户", "丈夫[姓名]上月去世,要销户"),
        ("老张说是线路老化", "[姓名]说是线路老化"),
        ("各位女士您好,单身女士优先", "各位女士您好,单身女士优先"),
        ("简单女士说手续太多", "[姓名]女士说手续太多"),
        ("最后一个自称姓佘,说要去网点办", "最后一个自称姓[姓名],说要去网点办"),
        ("保安队长佟姓,天天锁门", "保安队长[姓名]姓,天天锁门"),
        ("我牛某人用了十五年", "我[姓名]某人用了十五年"),
        ("隔壁邻居老苗家也断了", "隔壁邻居[姓名]家也断了"),
        ("后来换了个叫小柚的来接电话", "后来换了个叫[姓名]的来接电话"),
        ("镇里翁副镇长已出面协调", "镇里[姓名]副镇长已出面协调"),
        ("回访员:甄巧云,客户满意", "回访员:[姓名],客户满意"),
        ("住三楼的葛大娘听不清", "住三楼的[姓名]大娘听不清"),
    ],
)
def test_name_is_known_by_all_that_stands_around_it(text: str, masked: str) -> None:
    assert _masker().mask(text) == masked
    assert scan(masked) == []


@pytest.mark.parametrize(
    "text",
    [
        "老百姓用不起,姓名对不上,贵姓都不问",
        "申诉人杨某,经办人李某某",
        "业主安全第一,用户高度不满,老人和小孩没网",
        "阳岐河边没信号,马栏山产业园也没有",
        "大家都说小区没信号,老是断网,大方一点退了吧",
        "哈哈哈哈哈,等了三天",
        "这是纪律问题,A5区荣盛花园没网",
        "富士康的宿舍断网",
    ],
)
def test_words_and_places_that_look_like_names_stay(text: str) -> None:
    assert _masker().mask(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("柜员4402慢吞吞,柜员B12也是", "柜员[号码]慢吞吞,柜员[号码]也是"),
        ("话务员8135念错了,送货员配027不上楼", "话务员[号码]念错了,送货员[号码]不上楼"),
        ("刚刚是00781号为我服务的,007号柜员扔了", "刚刚是[号码]号为我服务的,[号码]号柜员扔了"),
        ("编号HB-ZW-2217的师傅,抄表员证号鄂燃-0467", "编号[号码]的师傅,抄表员证号[号码]"),
        ("账号从0716jz22840变成0716jz57193", "账号从[宽带账号]变成[宽带账号]"),
        ("62271180这个固话拆了", "[固话]这个固话拆了"),
        ("号码138001380002024年1月的详单", "号码[手机号]2024年1月的详单"),
        ("他们塆三组18号没网", "他们塆[地址]没网"),
        ("三义村特5号,大夹街14-6号至22号", "三义村[地址],大夹街[地址]至22号"),
        ("外来工宿舍楼402,2F-37铺,38号档口", "外来工宿舍楼[地址],[地址],[地址]"),
        ("建设二路55街坊71门9号断网", "建设二路[地址]断网"),
        ("出生1994-02-11,身份证上1989-01-13", "出生[出生日期],身份证上[出生日期]"),
        ("她1939年腊月初八生,认证失败", "她[出生日期]生,认证失败"),
    ],
)
def test_numbers_and_addresses_without_the_usual_words(text: str, masked: str) -> None:
    assert _masker().mask(text) == masked
    assert scan(masked) == []


@pytest.mark.parametrize(
    "text",
    [
        "客服10086说了3次,柜员3个窗口,师傅3点来",
        "村里4组没信号,3号楼也没有",
        "客服2024年换了系统,外呼120次",
    ],
)
def test_counts_and_groups_stay(text: str) -> None:
    assert _masker().mask(text) == text


@pytest.mark.parametrize("table", ["name_gate.csv", "name_features.csv"])
def test_learned_weights_are_a_readable_table_of_features(table: str) -> None:
    with data_file(table).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    places = [(row["feature"], row["value"]) for row in rows]
    assert len(places) == len(set(places))
    assert places == sorted(places)
    assert 1000 < len(rows) < 7000
    assert all(int(row["weight"]) for row in rows)


@pytest.mark.parametrize("piece", ["老张", "姓佘", "高兴", "我牛某人", "柜员", "一组", "欧阳老"])
def test_time_grows_no_faster_than_the_text(piece: str) -> None:
    def seconds(size: int) -> float:
        text = (piece * size)[:size]
        start = time.process_time()
        _masker().mask(text)
        return time.process_time() - start

    seconds(1_000)
    assert seconds(40_000) < 12 * seconds(10_000) + 0.5

"""Complaints written by someone who had not seen the patterns, dates of birth, and names nobody lists."""

import re
import sys
import time
from functools import cache
from pathlib import Path

import pytest

from pipeline.text.cleaning import Cleaner
from pipeline.text.privacy import Masker, scan

sys.path.insert(0, str(Path(__file__).parent))

from planted_third import marked

# half of a set of 284: the repairs were made for the causes of what was missed in it, so new sentences fare worse
SENTENCES = marked(Path(__file__).with_name("planted_fourth.txt").read_text(encoding="utf-8"))


@cache
def _masker() -> Masker:
    return Masker()


def _left_and_lost(cleaned: bool) -> tuple[float, float]:
    """Shares of the planted values that can still be read, and of the harmless ones that were masked."""
    texts, personal, harmless = zip(*SENTENCES, strict=True)
    if cleaned:
        clean = Cleaner()
        texts = clean.clean_many(texts)
        personal, harmless = map(clean.clean_many, personal), map(clean.clean_many, harmless)
    rows = list(zip(texts, _masker().mask_many(texts), personal, harmless, strict=True))
    left = sum(value in text and value in mask for text, mask, values, _ in rows for value in values)
    lost = sum(value in text and value not in mask for text, mask, _, values in rows for value in values)
    planted = sum(len(values) for _, values, _ in SENTENCES)
    assert planted >= 300
    return left / planted, lost / sum(len(values) for _, _, values in SENTENCES)


@pytest.mark.parametrize("cleaned", [False, True], ids=["raw", "cleaned"])
def test_what_is_reached_of_all_kinds_is_kept(cleaned: bool) -> None:
    left, lost = _left_and_lost(cleaned)
    assert left <= 0.04
    assert lost <= 0.01


@pytest.mark.xfail(strict=True, reason="KNOWN SHORTFALL: of names that are words, and of rare ones, too few are found")
@pytest.mark.parametrize("cleaned", [False, True], ids=["raw", "cleaned"])
def test_no_more_than_two_in_a_hundred_values_are_left(cleaned: bool) -> None:
    left, _ = _left_and_lost(cleaned)
    assert left <= 0.02


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("客户1962年5月19日出生,不会用", "客户[出生日期]出生,不会用"),
        ("出生日期:1958-10-02,老年卡", "出生日期:[出生日期],老年卡"),
        ("我妈一九五三年腊月初八出生", "我妈[出生日期]出生"),
        ("生日是5月20日,没收到短信", "生日是[出生日期],没收到短信"),
        ("申请人女,1972年8月30日生,汉族", "申请人女,[出生日期]生,汉族"),
    ],
)
def test_a_date_is_masked_where_a_word_calls_it_one_of_birth(text: str, masked: str) -> None:
    assert _masker().mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "2023年11月生效,2024年5月1日发生故障",
        "先生于2019年10月16日办理,2021年5月产生费用",
        "学生于2022年9月1日报到",
        "2024年3月出生率下降",
        "型号HG8245C,软件版本V300R019C10SPC120",
        "剩余流量10737418240字节,错误码E10037",
        "1008610085都打过",
    ],
)
def test_other_dates_versions_and_sizes_stay(text: str) -> None:
    assert _masker().mask(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("机主敬兰英,要求销户", "机主[姓名],要求销户"),
        ("用户宾海英使用宽带", "用户[姓名]使用宽带"),
        ("我姓呼延,单名一个铮,要投诉", "我姓[姓名],单名一个[姓名],要投诉"),
        ("爷爷富察明德办的座机", "爷爷[姓名]办的座机"),
        ("客户阮氏金兰在营业厅", "客户[姓名]在营业厅"),
        ("客户再努尔到营业厅", "客户[姓名]到营业厅"),
        ("报修人阿卜杜热合曼,光猫红灯", "报修人[姓名],光猫红灯"),
        ("我姓旦增罗布,单位断网", "我姓[姓名],单位断网"),
    ],
)
def test_rare_names_are_known_behind_words_for_persons(text: str, masked: str) -> None:
    assert _masker().mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "工作人员向我解释,客户但求解决,业主且占多数",
        "朋友都来买,家长都努力,师傅让再等等",
        "客户本想退订,用户过年回家,老板从来不在",
        "没有了蒙牛,让伊利一家独大",
        "签收则日送,孩子更苦多报补习班,去营业厅写承诺书",
    ],
)
def test_common_words_behind_words_for_persons_stay(text: str) -> None:
    assert _masker().mask(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("广场2栋14-7断网", "广场[地址]断网"),
        ("东华东路555号之二606没信号", "东华东路[地址]没信号"),
        ("天生路199号附6号5-2漏水", "天生路[地址]漏水"),
        ("威海路198号1单元602户报修", "威海路[地址]报修"),
        ("首约7号二楼没网", "首约[地址]没网"),
        ("订单20240618-0007、20240618-0013和20240619-0002重复扣款", "订单[号码]、[号码]和[号码]重复扣款"),
        ("函件编号鲁法函〔2024〕0417", "函件编号[号码]"),
        ("专线协议ZX2023-渝-0455到期", "专线协议[号码]到期"),
        ("公交卡卡面号2300 1182 0067 3没到账", "公交卡卡面号[号码]没到账"),
        ("工号501态度差,8123转12没人接", "工号[号码]态度差,8123转[号码]没人接"),
        ("加我wxid_lp88seven说", "加我[号码]说"),
    ],
)
def test_rest_of_an_address_and_all_of_a_list_are_masked(text: str, masked: str) -> None:
    assert _masker().mask(text) == masked
    assert scan(masked) == []


@pytest.mark.parametrize(
    "piece",
    [
        "1960年",
        "出生1月",
        "19",
        "号附1",
        "[地址]1-",
        "号码]、A1",
        "单名",
        "阮氏",
        "再努尔",
        "机主敬",
        "一九五三年",
        "1然后",
        "一，三",
        "工号九",
    ],
)
def test_time_grows_no_faster_than_the_text(piece: str) -> None:
    def seconds(size: int) -> float:
        text = (piece * size)[:size]
        start = time.process_time()
        _masker().mask(text)
        return time.process_time() - start

    seconds(1_000)
    assert seconds(80_000) < 12 * seconds(20_000) + 0.5


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("电话一三八，零零一三，八零零零", "电话[手机号]"),
        ("号码138然后0013然后8000", "号码[手机号]"),
        ("号码前三位138，中间四位0013，最后8000", "号码前三位[手机号]"),
        ("电话139-6677-八八二二", "电话[手机号]"),
        ("电话幺三九点六六七七点八八二二", "电话[手机号]"),
        ("手机号：一 三 九 六 六 七 七 八 八 二 二", "手机号：[手机号]"),
        ("号码是：13966.77.8822", "号码是：[手机号]"),
        ("身份证是420106，然后19900307，最后4512", "身份证是[身份证]"),
        ("身份证号三三零一零二，一九八八，零三零七，四五一二", "身份证号[身份证]"),
        ("身份证420106，1990，0307，451X", "身份证[身份证]"),
        ("工号是九五二七，验证码六六八二三一", "工号是[号码]，验证码[号码]"),
    ],
)
def test_a_number_dictated_in_pieces_is_one_number(text: str, masked: str) -> None:
    assert _masker().mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "有139，199，299，12这几档",
        "打了一二三三五次，等到1，2，3，4月",
        "幺零零八六打不通，四零零八八八六六六六也打不通",
        "二零二四年五月二十号开始，2024，05，20，18点",
        "密码一位都不对，尾号两位",
    ],
)
def test_lists_of_figures_stay(text: str) -> None:
    assert _masker().mask(text) == text


def test_placeholders_for_one_address_stand_once() -> None:
    masked = _masker().mask("天生路199号附6号5-2")
    assert re.findall(r"\[地址\]", masked) == ["[地址]"]

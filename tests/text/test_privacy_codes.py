"""Numbers of staff without 工号, orders with a tail, bare telephones, and households that have no number of a house."""

import time
from functools import cache

import pytest

from pipeline.text.privacy import Masker, scan


@cache
def _masker() -> Masker:
    return Masker()


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("受理坐席：62013，诉求同上", "受理坐席：[号码]，诉求同上"),
        ("经办27B0446，督办人LQD0312", "经办[号码]，督办人[号码]"),
        ("登记人kf_lqd_3307漏填", "登记人[号码]漏填"),
        ("班长马某LQ20931未到", "班长马某[号码]未到"),
        ("装维员(编号0526)没穿鞋套", "装维员(编号[号码])没穿鞋套"),
        ("工牌上写着LQ4408", "工牌上写着[号码]"),
        ("工号我记得好像是40216", "工号我记得好像是[号码]"),
        ("抄送LQ0023、LQ0024知悉", "抄送[号码]、[号码]知悉"),
        ("LQ05319→LQ05320，请接单", "[号码]→[号码]，请接单"),
        ("回访员062说不行", "回访员[号码]说不行"),
        ("建单人wangli02漏填", "建单人[号码]漏填"),
    ],
)
def test_code_beside_a_word_for_staff_is_masked(text: str, masked: str) -> None:
    assert _masker().mask(text) == masked
    assert scan(masked) == []


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("0526号柜台员工不理人", "[号码]号柜台员工不理人"),
        ("27B0446号话务员挂电话", "[号码]号话务员挂电话"),
        ("对40216坐席不满", "对[号码]坐席不满"),
        ("40216、40217两位坐席都没解决", "[号码]、[号码]两位坐席都没解决"),
        ("验证通过，40216当场办理", "验证通过，[号码]当场办理"),
        ("由40216受理后转后台", "由[号码]受理后转后台"),
        ("用户认可，已解释。40216", "用户认可，已解释。[号码]"),
        ("用户认可（40216）", "用户认可（[号码]）"),
        ("投诉40216态度恶劣", "投诉[号码]态度恶劣"),
        ("坐席四零二一六说查不到", "坐席[号码]说查不到"),
        ("工号没听清，好像是4526", "工号没听清，好像是[号码]"),
        ("工号后三位417", "工号后三位[号码]"),
        ("她工号好像四五二六", "她工号好像[号码]"),
        ("接电话的是5526", "接电话的是[号码]"),
    ],
)
def test_bare_figures_are_known_by_what_staff_do(text: str, masked: str) -> None:
    assert _masker().mask(text) == masked
    assert scan(masked) == []


@pytest.mark.parametrize(
    "text",
    [
        "客服10086说可以，12300已受理，打96511、95598也没用",
        "师傅给我AX3000，原来的HG8145V5换成HS8545，手机荣耀X50",
        "错误码1302，报错30005，网页提示10020",
        "存1200返1440，预存2400送手机，退费12800已到账，合计15620",
        "积分15620，流量剩10240，测速1024，速率1000M",
        "VLAN3341配置错误，端口TCP8080，频点504990，国标GB50846，型号PT1688",
        "人员2000人，坐席1200个，客服3000人，同意减免240元",
        "国办发〔2024〕12号说了，",
        "202405账期，2024年5月工单1326件，邮编050011",
        "客户的受理号0613开头，客服扣3108没说明",
        "机顶盒EC6108V9蓝屏，机顶盒 CM201-2换新，网卡AX200掉线",
    ],
)
def test_amounts_hotlines_models_and_errors_stay(text: str) -> None:
    assert _masker().mask(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("编号渝通管诉2023第0412号，请办", "编号[号码]，请办"),
        ("【归档】GZ20230511-7702 已认可", "【归档】[号码] 已认可"),
        ("转办件渝信访2023第118号，限期", "转办件[号码]，限期"),
        ("固话，64021937，断了", "固话，[固话]，断了"),
        ("催单LQ0411-23051100356，超时", "催单[号码]，超时"),
        ("回拨64430712没人接，别打64219463", "回拨[固话]没人接，别打[固话]"),
        ("座机0411-64430712/64430713都不通", "座机[固话]/[固话]都不通"),
        ("内线0411-64430712，分机802", "内线[固话]，分机[号码]"),
        ("让我微信转给lqwang0411", "让我微信转给[号码]"),
    ],
)
def test_tails_of_orders_bare_lines_and_chats_are_masked(text: str, masked: str) -> None:
    assert _masker().mask(text) == masked
    assert scan(masked) == []


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("青柳镇望河路74号后院东屋，皮线断", "青柳镇望河路[地址]，皮线断"),
        ("望河街118号前停电", "望河街[地址]前停电"),
        ("银杏广场9号楼底商108那户", "银杏广场[地址]那户"),
        ("石碾村村东头第三家没网", "石碾村[地址]没网"),
        ("石碾村戏台北边第二户没网", "石碾村戏台[地址]没网"),
        ("石碾村二队南头路西", "石碾村二队[地址]"),
        ("石碾村六组北口油坊对过", "石碾村六组[地址]"),
        ("平房区第5排第3户", "平房区第[地址]"),
        ("18号楼全断了，3-602那户也不行", "18号楼全断了，[地址]那户也不行"),
        ("铁路宿舍三楼东头，11斋412", "铁路宿舍[地址]，11斋[地址]"),
        ("银杏大厦1607、西楼207", "银杏大厦[地址]、西楼[地址]"),
    ],
)
def test_household_without_a_usual_number_is_masked(text: str, masked: str) -> None:
    assert _masker().mask(text) == masked
    assert scan(masked) == []


@pytest.mark.parametrize(
    "text",
    [
        "村里3组和5组都没网，石碾村三组断网",
        "村东头断网，村南边也是，路北没信号",
        "旁边第三家店，第二家营业厅也说不行，广东第一家",
        "车库入口没信号，车库B2也是，地下室3层没网",
        "小区南门第三个路口，3号楼东侧没信号",
        "望河路5号前给答复，6号后就没网",
    ],
)
def test_sides_groups_shops_and_days_stay(text: str) -> None:
    assert _masker().mask(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "客服LQD-WX-118说",
        "师傅00柜员07",
        "三零七二号话务员",
        "对面第二个门",
        "1952-03-17",
        "经办27B0446",
        "４０２１６坐席不理人",
        "村东头第三家",
        "坐席四零二一六说",
        "已解释。40216",
    ],
)
def test_the_scan_for_cues_misses_no_such_number(text: str) -> None:
    assert _masker().find(text) == _masker().find(text, thorough=True) != []


@pytest.mark.parametrize(
    "piece", ["经办LQ", "40216", "a_b_1234 ", "受理人，3021", "东头第", "四队北口", "1234、", "[姓名]LQ1234"]
)
def test_time_grows_no_faster_than_the_text(piece: str) -> None:
    def seconds(size: int) -> float:
        text = (piece * size)[:size]
        start = time.process_time()
        _masker().mask(text)
        return time.process_time() - start

    seconds(1_000)
    assert seconds(40_000) < 12 * seconds(10_000) + 0.5


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("客户认可，LQD-WX-118", "客户认可，[号码]"),
        ("LQD-331、LQD-332互相推", "[号码]、[号码]互相推"),
        ("lqd_kf_07改派外线", "[号码]改派外线"),
        ("坐席0377-2246没解释", "坐席[号码]没解释"),
        ("夜班已交接，40318。", "夜班已交接，[号码]。"),
        ("三零七二号话务员", "[号码]号话务员"),
        ("上次工号尾数是四六", "上次工号尾数是[号码]"),
        ("工号37，", "工号[号码]，"),
        ("奶奶生于1938年4月9日", "奶奶生于[出生日期]"),
        ("户主1952-03-17，过户", "户主[出生日期]，过户"),
        ("豫通申2023-40817已收", "[号码]已收"),
        ("住李湾村磨坊对面第二个门", "住李湾村磨坊[地址]"),
        ("楼上是丙排6号", "楼上是[地址]"),
    ],
)
def test_codes_in_parts_spoken_numbers_and_early_days_are_masked(text: str, masked: str) -> None:
    assert _masker().mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "换成TL-WR886N还是卡",
        "经G5513到县里",
        "客厅-118，阳台-96。",
        "热线12345，已处理",
        "公司1985年6月1日成立",
        "日期是1970年1月1日",
        "石家庄0311，打不通",
    ],
)
def test_makes_roads_levels_and_days_of_firms_stay(text: str) -> None:
    assert _masker().mask(text) == text

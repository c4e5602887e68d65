"""Where a household is without a number of a house: 村东头第三家, 南头路西, 六组北口磨坊对过, 底商106.

A village, a group or a side of one alone (村东头, 六组) stays: it says where the trouble is, and whole groups have it.
"""

from pipeline.text.late import Late
from pipeline.text.masking.shapes import Gate, Kind, Shape

_HAN = "[一二三四五六七八九十]"
_N = rf"(?:[0-9]{{1,2}}|{_HAN}{{1,3}})"
_QUARTER = "[东西南北]"
_SIDE = rf"(?:{_QUARTER}[头边口面侧]?|[左右旁][边手侧])"
_BESIDE = "(?:对过|对面|对门|隔壁|旁边|后面|后身|前面|斜对面|把角)"
# 第三家 is a household, but no shop or firm
_HOME = (
    r"(?:家(?![店超公银医饭药营商旅网厂酒修代快房企维]|[\u4e00-\u9fff]店)|户|个?院子?(?![长校])|道?门(?![店市诊票])|间|座院|处院"
    rf"|排(?:{_QUARTER}[头边](?:第{_N}[家户])?|第?{_N}[号户家])?)"
)
SHOPS = ("底商", "门脸", "门市", "车库", "储藏间", "储藏室", "地下室", "门脸房", "门市房")

SURROUNDINGS: tuple[Shape, ...] = (
    # counted from a side: 村东头第三家, 戏台北边第二户, 东数第五间, 路北最后一家
    Shape(
        Kind.ADDRESS,
        Late(
            rf"(?P<value>村?(?:{_SIDE}(?<![广山河湖海华关].)|路{_QUARTER}|{_QUARTER}{{2}}角|[街巷路村][口头]|胡同口|平房|拐角|对面|后面|前面|后街)"
            rf"(?:路{_QUARTER})?(?:{_QUARTER}?数|起|往{_QUARTER}|倒数)?(?:第{_N}{_HOME}|(?:最后|把头)一[家户])(?:门[脸面市])?)"
        ),
        Gate.PLACE,
        needs=("第", "最后一", "把头一"),
        hint=Late(r"(?:第[0-9一二三四五六七八九十]{1,3}|最后一|把头一)[家户个院道门间座处排]"),
    ),
    # 二队南头路西, 六组北口磨坊对过
    Shape(
        Kind.ADDRESS,
        Late(
            rf"[村庄屯寨组队社](?P<value>{_QUARTER}[头口边](?:路{_QUARTER}(?![段灯口环]|[\u4e00-\u9fff]段)"
            rf"|(?<=[0-9一二三四五六七八九十][组队社]..)(?:(?![的有是和在])[\u4e00-\u9fff]){{1,6}}?{_BESIDE}))"
        ),
        Gate.PLACE,
        hint=Late(r"[村庄屯寨组队社][东西南北][头口边]"),
    ),
    # 7号楼底商106
    Shape(
        Kind.ADDRESS,
        Late(
            rf"(?P<value>(?:(?:[0-9]{{1,3}}|{_HAN}{{1,3}})\s?(?:号楼|栋|幢|座)\s?)?(?:楼下)?(?:{'|'.join(SHOPS)})\s?"
            r"(?:[A-Za-z]?[0-9]{2,4}(?:[\-—][0-9]{1,3})?号?|[0-9]号))(?![0-9多个家间元块年月日平㎡余几人辆米层楼处天停车.:：])"
        ),
        Gate.DOORPLATE,
        cues=SHOPS,
        hint=Late(r"[商脸市库间室房]\s?[A-Za-z]?[0-9]"),
    ),
)

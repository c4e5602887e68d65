"""The shapes of house numbers and rooms; districts, roads and estates stay."""

from pipeline.text.late import Late
from pipeline.text.masking.shapes import Gate, Kind, Shape, cued
from pipeline.text.masking.surroundings import SURROUNDINGS

# words before a bare number of a room or a car's place
BESIDE = ("楼上", "楼下", "对门", "隔壁", "对面", "车位号", "车位", "家住", "住在", "我住")
_FREE = r"(?<![0-9A-Za-z.].)"
# a number of a house: figures, a letter, or Han figures. It begins with one plain class of characters and looks back
# afterwards, because then a search can leap from candidate to candidate
_N = r"(?:[0-9]{1,4}[A-Za-z]?|[A-Za-z][0-9]{0,3}|[一二三四五六七八九十]{1,3})"
_FIRST_N = (
    rf"[0-9A-Za-z一二三四五六七八九十]{_FREE}"
    r"(?:(?<=[0-9])[0-9]{0,3}[A-Za-z]?|(?<=[A-Za-z])[0-9]{0,3}|(?<=[一二三四五六七八九十])[一二三四五六七八九十]{0,2})"
)
_ROOM_HOUSE = (
    "(?:宿舍楼|宿舍|公寓楼|公寓|大厦|写字楼|[东西南北前后]楼|综合楼|家属楼|住院楼|教学楼|教工楼|办公楼|居民楼|商住楼"
    "|筒子楼|红楼|斋)"
)
_SIDE = rf"(?:{_N}|[甲乙丙丁戊东西南北中])"
_DOOR = r"(?:室(?![内外友])|房(?![间型价子产东贷款屋源费卡车地管里企补]|租(?![客户])))"
_ROOM_END = rf"(?:{_DOOR}|户(?![口籍型主外内名均数头])|号房|号(?![线楼院码栋]))"
_SIDE_ROOM = r"[A-Da-d东西南北中]户(?![口籍型主外内名均数头])"
_ROOM_NUMBER = r"(?:[0-9]{3,5}[A-Za-z]?|[0-9]{1,2}[A-Za-z]|[一二三四五六七八九十零〇幺]{3,4})"
_ROOM = rf"(?:{_ROOM_NUMBER}\s?{_ROOM_END}|{_SIDE_ROOM})"
_NO_ROOM = r"(?![0-9A-Za-z]|\s?(?:元|块|年|多|余|强|人|户|个|名|位|台|家|路|M|兆|%|米|平|次|天|月|[.:：\-]|/[0-9]))"
_BARE_ROOM = rf"(?:[A-Za-z]?[0-9]{{3,4}}[A-Za-z]?{_NO_ROOM}|[一二三四五六七八九零〇幺]{{3,4}})(?:室|房)?"
_HOUSE_CHAIN = (
    r"\s?(?:栋|幢|座|塔|号楼|#楼|#|号院|号|排)[\s,，\-—]?(?:[A-Za-z]座[\s,，]?)?"
    rf"(?:{_SIDE}\s?(?:单元|门(?![口卫禁面店市])|梯)[\s,，]?(?:{_N}\s?(?:楼|层)[\s,，]?)?(?:{_ROOM}|{_BARE_ROOM})?"
    rf"|[0-9]{{1,2}}[A-Ha-h](?![0-9A-Za-z])|[0-9]{{1,2}}[Ff](?![0-9A-Za-z])|(?<=排){_N}\s?户"
    rf"|(?<=[栋幢座塔楼]){_N}[-—][0-9]{{1,4}}(?![0-9\-—])|{_N}\s?[-—]\s?[0-9]{{3,4}}{_NO_ROOM}|(?<=[栋幢座塔排#].)(?:{_N}\s?[楼层]\s?)?{_N}\s?号(?![楼线院栋库])|(?<=[栋幢座塔排楼])(?:{_N}\s?[楼层]\s?)?附?{_N}\s?号(?![楼线院栋库])"
    rf"|(?:{_N}\s?(?:楼|层)[\s,，]?)?(?:{_ROOM}|{_BARE_ROOM}))"
)
_NOT_A_DAY = (
    r"(?!线|地铁|口|出口|台|机|站|井|桥|公路|码|文(?:件|[,，。；\s]|$)|令|段|早上|上午|中午|下午|晚上|晚|凌晨|开始|就|才|之前|之后|以后|那天"
    r"|左右|到|至|[前后](?![院楼屋街门座])|当天|去)"
)
# or a number that no day can be, whatever of time follows: 74号前没信号
_TOO_LATE = (
    r"(?:(?<=3[2-9]号)|(?<=[4-9][0-9]号)|(?<=[0-9]{3}号))"
    r"(?!线|地铁|口|出口|[台机站井桥段码令]|公路|文(?:件|[,，。;；\s]|$))"
)
_ROAD = r"(?:[路街巷弄](?<![线网电道铁在]路)|道(?<=大道)|同(?<=胡同)|里(?<=[东西南北中]里))"
_FIGURES = r"(?:[0-9]{1,5}(?:[-—之][0-9]{1,4}){0,2}|[一二三四五六七八九十百]{1,5})"
_BLOCK = r"[甲乙丙丁]?(?:[上中下东西南北一二三四]段)?"
_NUMBER_OF_HOUSE = (
    rf"{_BLOCK}\s?(?:{_FIGURES}\s?(?:弄|支弄|巷|街坊)\s?){{0,2}}{_FIGURES}\s?(?:弄|号)(?:{_NOT_A_DAY}|{_TOO_LATE})"
)
_PART = rf"附?(?:{_N}\s?(?:弄|支弄|号[楼院]|号(?!线)|栋|幢|座|单元|门(?![口卫禁面店市])|楼|层|室)|{_SIDE}单元)[\s,，]?"
_BESIDE = r"(?:之(?:[0-9]{1,3}|[一二三四五六七八九十]{1,2}))?"
# parts of a yard: 后院东屋, 附楼3层
_YARD = (
    r"(?:(?:[前后东西南北中里][院屋楼座]|后门|[东西南北]厢房|院[内里]|[附配]楼|平房|底商|门脸|门市)"
    rf"(?:{_N}\s?[楼层号室]|{_BARE_ROOM})?)"
)
_REST = (
    rf"{_BESIDE}(?:(?:院(?![内里])|楼|大院)?[\s,，]?(?:{_PART}){{1,5}}(?:{_SIDE_ROOM}|{_BARE_ROOM})?|{_YARD}|院|楼|{_BARE_ROOM})?"
    rf"{_YARD}{{0,2}}"
)
_ROOM_AFTER_DASH = Late(r"[0-9A-Za-z][-—](?:[0-9]{1,2}[-—]|[0-9]{3})")
_SMALL = r"(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})"


def _place(needs: str, pattern: str, hint: str = "") -> Shape:
    return Shape(Kind.ADDRESS, Late(pattern), Gate.PLACE, needs=tuple(needs), hint=Late(hint) if hint else None)


def _house(gate: Gate, pattern: str, hint: str = "") -> Shape:
    return Shape(Kind.ADDRESS, Late(pattern), gate, hint=Late(hint) if hint else None)


def _dashed(pattern: str, hint: str = "") -> Shape:
    return Shape(Kind.ADDRESS, Late(pattern), Gate.DASH, hint=Late(hint) if hint else _ROOM_AFTER_DASH)


ADDRESSES: tuple[Shape, ...] = (
    _place("巷", rf"[村区园里庄坊](?P<value>\s?{_SMALL}巷\s?{_FIGURES}号{_REST})"),
    _place("号弄", rf"{_ROAD}(?P<value>{_NUMBER_OF_HOUSE}{_REST})"),
    # a number that no day can be: 14-6号, 特5号
    _place("号", rf"{_ROAD}(?P<value>{_BLOCK}\s?[0-9]{{1,4}}[-—之][0-9]{{1,3}}号{_REST})", "[-—之][0-9]{1,3}号"),
    _place(
        "路街巷道",
        rf"{_ROAD}(?P<value>[0-9]{{1,4}}(?:-[0-9]{{1,4}}){{2,4}}(?![0-9\-]))(?:室|房|号)?",
        "[0-9]-[0-9]{1,4}-",
    ),
    _place(
        "街坊",
        r"(?P<value>[0-9]{1,3}街坊\s?[0-9]{1,3}(?:门|栋|号楼|单元)\s?(?:[0-9]{1,4}(?:号|室|楼[东西左右]?)?)?)",
        "街坊",
    ),
    _place(
        "组队社",
        rf"[\u4e00-\u9fff](?<![班分本这那某各同一])(?P<value>{_SMALL}[组队社]\s?(?:[\u4e00-\u9fff]{{1,4}}(?<![反投告诉要求说称到在的]))?附?(?:门牌)?[0-9]{{1,4}}号)(?![0-9])",
        "[组队社][^0-9]{0,8}[0-9]",
    ),
    _place(
        "组队社",
        rf"[村屯寨庄坝湾沟社区队](?P<value>\s?{_SMALL}[组队社]\s?附?(?:门牌)?[0-9]{{1,4}}号?)(?![0-9])",
        "[组队社][^0-9]{0,8}[0-9]",
    ),
    _place(
        "组",
        r"[\u4e00-\u9fff](?<![班分本这那某各同一])(?:[组队](?<!小组)|组(?<=村民小组))(?P<value>\s?[0-9]{1,4}号)(?![0-9])",
    ),
    _place(
        "号",
        rf"[村屯寨庄湾塆畈冲垸组社](?P<value>\s?[特甲乙临新付]?(?:门牌)?[0-9]{{1,4}}(?:-[0-9]{{1,3}})?号{_NOT_A_DAY}{_REST})",
    ),
    _house(
        Gate.BLOCK,
        rf"{_FIRST_N}{_HOUSE_CHAIN}",
        r"[栋幢座塔#排号][楼院]?[\s,，\-—]?[0-9A-Za-z一二三四五六七八九十零〇幺甲乙丙丁戊东西南北中附]",
    ),
    _dashed(
        r"[0-9A-Za-z](?<![0-9A-Za-z.\-/].)[0-9A-Za-z]{0,2}[-—][0-9]{1,2}[-—](?!19[0-9]{2}|20[0-9]{2})[0-9]{3,4}(?![0-9\-—])"
        r"(?:室|房|号)?",
        "[-—][0-9]{1,2}[-—][0-9]",
    ),
    _dashed(
        r"[楼苑园区府城院里村庭居湾郡寓庄舍阁轩邸墅期厦座幢栋际岸都汇峰家室寝](?P<value>\s?[甲乙丙丁]?[0-9A-Za-z]{1,3}[-—][0-9]{1,2}[-—][0-9]{1,4}(?![0-9\-—栋幢期号]|号?楼)"
        rf"|\s?[甲乙丙丁]?[A-Za-z]?[0-9A-Za-z]{{1,3}}[-—](?!19[0-9]{{2}}|20[0-9]{{2}})[0-9]{{3,4}}{_NO_ROOM})(?:室|房|号)?",
    ),
    _dashed(
        r"(?<![0-9A-Za-z\-])[0-9]{1,2}[-—][0-9]{1,2}[-—][东西南北中](?![\u4e00-\u9fff]{0,1}[路街方])户?",
        "[-—][东西南北中]",
    ),
    _house(
        Gate.STALL,
        r"(?<![0-9A-Za-z])(?:[A-Z][0-9]{1,3}号?|[0-9]{1,2}[Ff][-—][0-9]{1,3}|[0-9]{1,3}号)\s?(?:档口|档(?![位次])|铺位|铺(?![设路天盖])|摊位|商铺|门面|柜(?![台员]))",
        r"[0-9号]\s?[档铺摊商门柜]",
    ),
    _dashed(
        r"(?<![0-9A-Za-z])[A-Z][0-9]{1,2}[-—](?!19[0-9]{2}|20[0-9]{2})[0-9]{3,4}(?![0-9A-Za-z\-—])",
        "[A-Z][0-9]{1,2}[-—]",
    ),
    # in a chat of neighbours: 3-602老陈家也不行
    _dashed(
        r"[,，。;；、\s](?P<value>[0-9]{1,2}[-—](?!19[0-9]{2}|20[0-9]{2})[0-9]{3,4})"
        r"(?=\s?(?:的?(?:住户|业主|那[户家])|(?:\[姓名\]|[\u4e00-\u9fff]{2,3})家(?![人电庭里])))"
    ),
    _house(
        Gate.BESIDE,
        rf"(?:{'|'.join(BESIDE)})(?:[:： ]|是)?(?P<value>(?:[A-Za-z]\d?-?)?[0-9]{{3,4}}{_NO_ROOM}(?:室|房|号)?)",
        "[0-9]{3}",
    ),
    _house(Gate.BLOCK, rf"{_FIRST_N}号附[0-9]{{1,4}}(?:[-—][0-9]{{1,4}}){{0,2}}号?", "号附[0-9]"),
    _house(
        Gate.BLOCK,
        r"[0-9](?<![0-9A-Za-z.月].)[0-9]{0,3}号[0-9一二三四五六七八九十]{1,3}[楼层](?![以上下栋房])",
        "号[0-9一二三四五六七八九十]{1,3}[楼层]",
    ),
    # what is left behind a number that was found
    _house(
        Gate.TAIL,
        r"(?<=地址\])(?:之(?:[0-9]{1,3}|[一二三四五六七八九十]{1,2})号?|\s?附[0-9]{1,4}号?"
        r"|[,，\s]?[0-9A-Za-z]{1,4}(?:[-—][0-9]{1,4}){1,3}(?![0-9\-—:：])|\s?[0-9]{1,4}(?:户(?![口籍型主外内名均数头])|室(?![内外友]))"
        rf"|[0-9]{{3,4}}{_NO_ROOM})",
        r"址\]",
    ),
    _house(Gate.DOOR, rf"{_FIRST_N}\s?门\s?(?:[0-9]{{3,4}}{_NO_ROOM})(?:室|房|号)?", r"门\s?[0-9]"),
    _house(Gate.FLOOR, rf"{_FIRST_N}\s?[楼层]\s?[A-Ha-h]\s?(?:室|座|单位)", r"[楼层]\s?[A-Ha-h]"),
    _house(
        Gate.LANE,
        rf"{_FIRST_N}\s?[排条]\s?(?:{_N}\s?号{_NOT_A_DAY}|第{_N}\s?[户号家](?!口))",
        "[排条][\\s第]{0,2}[0-9A-Za-z一二三四五六七八九十]",
    ),
    _place(
        "楼寓舍厦斋",
        rf"{_ROOM_HOUSE}(?P<value>\s?(?:[0-9]{{1,2}}[-—][0-9]{{1,4}}(?![0-9\-—])|[0-9]{{3,4}}{_NO_ROOM})(?:室|房|号)?)",
    ),
    cued(
        Gate.DOORPLATE,
        Kind.ADDRESS,
        ("铺位", "档口", "摊位", "商铺", "铺面", "门面", "店铺"),
        r"(?:[A-Za-z]区?)?[A-Za-z]?[0-9]{1,4}(?:[\-][0-9]{1,4})?号?(?![0-9多个家间元块年月平㎡余几])",
    ),
    _house(
        Gate.UNIT,
        rf"(?:{_FIRST_N}|[甲乙丙丁戊东西南北中])\s?单元\s?(?:{_N}\s?(?:楼|层)\s?)?(?:{_ROOM}|{_BARE_ROOM})",
        "单元",
    ),
    _house(Gate.DOOR, rf"{_FIRST_N}\s?(?:舍|号宿舍|宿舍)\s?[0-9]{{3,4}}{_NO_ROOM}(?:室|房)?", r"舍\s?[0-9]"),
    _house(
        Gate.FLOOR,
        rf"{_FIRST_N}\s?[楼层]\s?(?:[一二三四五六七八九零〇幺]{{4}}|[0-9]{{3,4}}[A-Za-z]?{_NO_ROOM}|[0-9]{{2}}\s?{_DOOR}|{_SIDE_ROOM}|[东西南北]头)(?:室|房)?",
        r"[楼层]\s?(?:[一二三四五六七八九零〇幺]{4}|[0-9]{2}|.[户头])",
    ),
    _house(
        Gate.ROOM,
        rf"[0-9]{_FREE}(?:[0-9]{{2,4}}[A-Za-z]?|[0-9]?[A-Z][0-9]{{2}})\s?{_DOOR}",
        r"[0-9A-Z][0-9]{2}[A-Za-z]?\s?[室房]|[0-9][A-Z][0-9]{2}",
    ),
    cued(
        Gate.DOORPLATE,
        Kind.ADDRESS,
        ("门牌号", "门牌", "房号", "房间号", "室号", "房屋编号"),
        r"[0-9A-Za-z][0-9A-Za-z\-]{0,9}号?",
    ),
    *SURROUNDINGS,
)

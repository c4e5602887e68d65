"""From an address to its spot: the estate, school, road, station or cell that several tickets share.

翡翠城21栋2904 and 滨城市西海岸区翡翠城[地址] are one spot: provinces to townships are left out at the front, houses and
rooms (masked or not) at the end.
"""

import re

_HAN = "\u3400-\u9fff"
MASKED = re.compile(r"\[[^\[\]]{1,6}\]")
# 区 that ends a district; that of 小区, 社区, 校区, 园区, 开发区 ends a place
_DISTRICT = r"(?<![小社校园景厂库街生别住片湖发新])区"
_FRONT = re.compile(
    rf"^(?:[{_HAN}]{{2,8}}?(?:省|自治区))?(?:[{_HAN}]{{2,7}}?(?:市(?![场政民])|自治州|地区|盟(?=[{_HAN}]{{1,6}}[市旗县])))?"
    rf"(?:[{_HAN}]{{1,5}}?(?:{_DISTRICT}|县(?![档医中政城委])|旗(?=[{_HAN}]{{2}})|高新区|开发区|新区))?"
    rf"(?:[{_HAN}]{{1,5}}?(?:街道办?事?处?|镇(?!政府)|乡(?![卫村]))(?=[{_HAN}]{{2}}))?"
)
_NUMERAL = r"(?:[0-9０-９]+|[A-Za-z][0-9]*|[一二三四五六七八九十百]+)"
_BACK = re.compile(
    rf"{_NUMERAL}[\s\-—#]*(?:号楼|号院|号|栋|幢|座|楼|单元|室|层|弄|舍|期|组|队|库|门|区|排|巷|\#|户)"
    r".*$|[0-9０-９].*$"
)
_EDGE = re.compile(r"^[\s,，.。、;；:：()（）\-—/]+|[\s,，.。、;；:：()（）\-—/]+$")
_CELL = re.compile(r"(?=[^\u3400-\u9fff]*[0-9A-Za-z])[0-9A-Za-z_\-.]{4,}$")
_NUMBER = re.compile(r"[0-9.,\s\-]+$")
_KINDS = (
    ("school", re.compile(r"(?:大学|学院|学校|中学|小学|幼儿园|校区|大学城|一中|二中|高中|校)$")),
    ("village", re.compile(r"(?:村|屯|庄子|寨|村委会)$")),
    ("park", re.compile(r"(?:园区|产业园|工业园|科技园|物流园|化工园|开发区|工业区|基地|公园)$")),
    (
        "estate",
        re.compile(
            r"(?:小区|花园|家园|公寓|新村|社区|名苑|山庄|公馆|华庭|华府|豪庭|佳苑|雅苑|宿舍|大院|别墅|新城|锦城"
            r"|[苑城湾里园庭邸轩居郡]|(?<!政)府)$"
        ),
    ),
    ("station", re.compile(r"(?:火车站|高铁站|地铁站|车站|机场|码头|港口|服务区|收费站|[^\s]站)$")),
    ("road", re.compile(r"(?:路|街|大道|巷|胡同|隧道|高速|大街|桥|弄|段|道)$")),
    ("district", re.compile(r"(?:区|县|市|镇|乡|街道)$")),
    ("building", re.compile(r"(?:大厦|广场|商厦|中心|医院|市场|商城|酒店|宾馆|大楼|[楼馆厦栋])$")),
)
# what is left of an address must still name something
_LEAST = 3


def spot_of(place: str) -> str:
    """Return the spot of an address or the name of a cell; empty for coordinates and what names nothing.

    >>> [spot_of(one) for one in ("翡翠城21栋2904", "滨城市西海岸区建设街[地址]", "东风渠小区[地址]", "46001-12345")]
    ['翡翠城', '建设街', '东风渠小区', '']
    """
    parts = [_spot_of_part(part) for part in MASKED.split(place)]
    named = [part for part in parts if part]
    # after a masked house number the estate may follow
    return max(named, key=lambda part: kind_of(part) not in ("road", "place", "district"), default="")


def kind_of(spot: str) -> str:
    """Return what a spot is: school, village, park, estate, station, road, district, building, cell, or place.

    >>> [kind_of(one) for one in ("翡翠城", "建设街", "东港大学城", "F-HLH-1", "城北加油站")]
    ['estate', 'road', 'school', 'cell', 'station']
    """
    if _CELL.match(spot):
        return "cell"
    return next((kind for kind, pattern in _KINDS if pattern.search(spot)), "place")


def _spot_of_part(part: str) -> str:
    plain = _EDGE.sub("", part)
    if _NUMBER.match(plain) or len(plain) < 2:
        return ""
    if _CELL.match(plain):
        return plain
    for pattern in (_FRONT, _BACK):
        shorter = _EDGE.sub("", pattern.sub("", plain, count=1))
        plain = shorter if len(shorter) >= _LEAST else plain
    return plain

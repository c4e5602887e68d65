"""Family names that stand alone: 好像姓鲍, 佟姓师傅, 我牛某人."""

from pipeline.text.late import Late
from pipeline.text.masking.shapes import Gate, Kind, Shape

_HAN = "[\u4e00-\u9fff]"
# not 百姓, 贵姓, 同姓; not 姓名, 姓什么
_NO_SURNAME = (
    "百贵尊何同复多大小外本户改随异我他她它你您啥么个位都是不叫全无名氏什谁哪某甚有对在从和于向时方一的被由与给让及当这那该如"
    "若之某为问其出说报道知记"
)
# 那个姓苟的, 我姓粟
_SAYS_SO = "我他她它你您个位是叫都"
_NO_NAME_BEFORE = "".join(char for char in _NO_SURNAME if char not in _SAYS_SO)
_AFTER = (
    r"(?=[,，。;；、!！?？:：\s(（)）\[\"”]|$|的|是|还是|师傅|先生|女士|就|吧|吗|啊|呢|呀|嘛|那|小哥|大姐|大哥|经理|主任|没|不"
    r"|但|我|记|他|她|你|在|说|还|来)"
)
_PEOPLE = r"本人|男|女|客户|用户|师傅|员工|老师|医生|先生|女士|经理|主任|[,，。;；)）\s]|$|的"

# not that of a placeholder
_SAID = Late("姓(?!名)")

SURNAMES: tuple[Shape, ...] = (
    Shape(
        Kind.NAME,
        Late(rf"姓(?<![{_NO_NAME_BEFORE}]姓)(?P<value>(?![{_NO_SURNAME}]){_HAN}){_AFTER}"),
        Gate.TAIL,
        hint=_SAID,
    ),
    Shape(Kind.NAME, Late(rf"(?P<value>(?![{_NO_SURNAME}]){_HAN})(?=姓(?:{_PEOPLE}))"), Gate.TAIL, hint=_SAID),
    # 申诉人杨某 is hidden already
    Shape(Kind.NAME, Late(rf"[我俺咱](?P<value>(?![{_NO_SURNAME}]){_HAN})(?=某人)"), Gate.TAIL, needs=("某人",)),
)

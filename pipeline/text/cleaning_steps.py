"""The steps of cleaning: small pure functions, a text in, a text out; ``cleaning.Cleaner`` chains them."""

import re
import unicodedata
from collections.abc import Iterable
from html import unescape
from pathlib import Path

from pipeline.errors import SettingsError
from pipeline.text.late import Late

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
# the usual full-width marks by replacement: NFKC over a whole text costs thirty times as much
PUNCTUATION = (*zip("，！？：（）；～\u3000\xa0", ",!?:();~  ", strict=True), ("…", "..."))
BREAKS = (("\n", " "), ("\r", " "), ("\t", " "))
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\ud800-\udfff\ue000-\uf8ff]|[\U000e0000-\U0010ffff]"
)
_EXCEL_ESCAPE = re.compile(r"_x00[0-9A-Fa-f]{2}_")
_AMPERSANDS = re.compile(r"&(?:(?:amp|#38|#x26);)+", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_NAME = r"(?:a|b|i|u|s|p|br|hr|em|li|ol|ul|td|th|tr|dl|dt|dd|h[1-6]|div|img|sub|sup|pre|big|del|ins|nav|span|font|body"
_NAME += r"|html|head|meta|link|code|form|table|tbody|thead|small|style|title|input|label|video|audio|strong|script"
_NAME += r"|center|iframe|button|strike|section|article|blockquote|o:p)"
_TAG = re.compile(rf"<(?:!--[^<>]{{0,500}}--|!doctype[^<>]{{0,100}}|/?{_NAME}(?:[\s/][^<>]{{0,500}})?)>", re.IGNORECASE)
_INLINE_TAG = r"</?(?:a|b|i|u|em|span|font|strong)(?:\s[^<>]{0,500})?>"
_INLINE_RUN = Late(rf"(?i:(?<=[{_HAN}])(?:{_INLINE_TAG})+(?=[{_HAN}]))")
_URL = re.compile(r"(?:[hH][tT][tT][pP][sS]?://|[wW][wW][wW]\.)[\w.\-~:/?#\[\]@!$&'*+,;=%]{0,2000}", re.ASCII)
_TURN = re.compile(r"\s*\[(?:SEP|sep)\]\s*")
_AGENT = r"客服|坐席|座席|话务员|接线员|客服代表|客服人员|人工客服|工作人员|agent"
_CUSTOMER = r"客户|用户|顾客|来电人|投诉人|customer"
SPEAKERS = tuple(f"{_AGENT}|{_CUSTOMER}".split("|"))
_MARK = re.compile(
    rf"(?:^|(?<=[\s。!?;\]]))(?:(?:(?P<agent>{_AGENT})|(?P<customer>{_CUSTOMER})|[AB])\d?\s?:\s*)+", re.IGNORECASE
)
# what stands before is looked at last, so that the search can leap from bracket to bracket
_BRACKETS = re.compile(rf"\((?<=[{_HAN}]\()[^()\s]{{1,8}}\)(?:\([^()\s]{{1,8}}\))*")
_BRACKET = re.compile(r"\(([^()]*)\)")
_MARK_RUN = re.compile(r"([\W_])(?<![\[\]() \n])\1+")
_LETTER_RUN = re.compile(r"([^\W\d_])\1{3,}")
_WEAK_MARKS = re.compile(r"(?<![\s,;:、])[\s,;:、]+(?=[,;:!?、。])")
EDGES = " ,;:、。"


def normalise_width(text: str) -> str:
    """Apply NFKC: full-width letters and marks become ordinary ones.

    >>> normalise_width("５Ｇ，信号①？")
    '5G,信号1?'
    """
    if unicodedata.is_normalized("NFKC", text):
        return text
    for wide, plain in PUNCTUATION:
        text = text.replace(wide, plain)
    return text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)


def narrow_marks(texts: list[str]) -> list[str]:
    r"""Replace the usual full-width marks and line breaks in all texts at once; text by text it would take longer.

    >>> narrow_marks(["断网，急！", "（五天）…\n"])
    ['断网,急!', '(五天)... ']
    """
    between = "\ufdd0"
    joined = between.join(texts)
    if joined.count(between) != len(texts) - 1:
        return [" ".join(re.split("[\n\r\t]", text)) for text in texts]
    for wide, plain in (*PUNCTUATION, *BREAKS):
        joined = joined.replace(wide, plain)
    return joined.split(between)


def drop_invisible(text: str) -> str:
    r"""Drop what cannot be seen: zero-width, direction, control and private characters, Excel's ``_x000D_``.

    >>> drop_invisible("宽\u200b带\x00断_x000D_网")
    '宽带断 网'
    """
    if INVISIBLE.search(text):
        text = INVISIBLE.sub("", text)
    return _EXCEL_ESCAPE.sub(" ", text) if "_x00" in text else text


def decode_entities(text: str) -> str:
    """Decode HTML entities, also those encoded several times.

    >>> decode_entities("A&amp;amp;B &lt;5&#20803;")
    'A&B <5元'
    """
    if "&" not in text:
        return text
    return _ENTITY.sub(lambda found: unescape(found.group()), _AMPERSANDS.sub("&", text))


def drop_tags(text: str) -> str:
    """Replace HTML tags by a blank; inline tags within a word vanish. Other angle brackets stay.

    >>> drop_tags("网<b>络</b>好<br/>差 <A4区> 3<5")
    '网络好 差 <A4区> 3<5'
    """
    if "<" not in text:
        return text
    return _TAG.sub(" ", _INLINE_RUN.sub("", text))


def drop_urls(text: str) -> str:
    """Replace web addresses by a blank.

    >>> drop_urls("见http://t.cn/abc。谢谢")
    '见 。谢谢'
    """
    if "://" in text or "www." in text or "WWW." in text or "Www." in text:
        return _URL.sub(" ", text)
    return text


def drop_debris(text: str) -> str:
    """Drop readings and their wreckage in brackets after a character, as web copies have them.

    >>> drop_debris("服务(wù)热线(xiàn)网络(luo)(luò),系统(xp)")
    '服务热线网络,系统(xp)'
    """
    return _BRACKETS.sub(_without_readings, text)


def tell_turns(text: str, *, customer_side_only: bool = False) -> str:
    """Turn dialogue separators into full stops and drop the speakers' marks (客服:, 客户:, A:).

    ``customer_side_only`` keeps what the customer says, where the text marks it.

    >>> tell_turns("客服:您好[SEP]客户:没有信号[SEP]客服:好的")
    '您好。没有信号。好的'
    >>> tell_turns("客服:您好[SEP]客户:没有信号[SEP]客服:好的", customer_side_only=True)
    ' 没有信号。'
    """
    if "[SEP]" in text or "[sep]" in text:
        text = _TURN.sub("。", text)
    if ":" not in text:
        return text
    if customer_side_only:
        text = _customer_side(text)
    return _MARK.sub(" " if text.startswith(" ") else "", text)


def shorten_marks(text: str) -> str:
    """Leave one of repeated marks; several dots become a full stop.

    >>> shorten_marks("太差!!!!断网了......((急))")
    '太差!断网了。((急))'
    """
    return _MARK_RUN.sub(lambda found: "。" if found[1] == "." else found[1], text)


def shorten_letters(text: str) -> str:
    """Leave three of a repeated letter or character; digits stay.

    >>> shorten_letters("啊啊啊啊啊啊1000000元")
    '啊啊啊1000000元'
    """
    return _LETTER_RUN.sub(lambda found: found[1] * 3, text)


def tidy_marks(text: str) -> str:
    """Drop blanks and weak marks before another mark, as dropped phrases leave them.

    >>> tidy_marks("断网, , !一直 。")
    '断网!一直。'
    """
    return _WEAK_MARKS.sub("", text)


def trim(text: str) -> str:
    r"""Make every white space one blank (a line break too) and drop blanks and weak marks at both ends.

    >>> trim(" ,断网\n\n 三天。")
    '断网 三天'
    """
    return " ".join(text.split()).strip(EDGES)


def trim_edges(text: str) -> str:
    """Do what ``trim`` does for a text whose only white space is single blanks.

    >>> trim_edges(",断网 三天。")
    '断网 三天'
    """
    return text.strip(EDGES)


def phrase_pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    """Compile phrases to one pattern, the longest first; 安抚 followed by 无效 is a fact, not a phrase.

    >>> phrase_pattern(["请处理", "请处理并回复"]).sub("", "请处理并回复")
    ''
    """
    starts: dict[str, list[str]] = {}
    for phrase in sorted(phrases, key=lambda text: (-len(text), text)):
        starts.setdefault(phrase[0], []).append(re.escape(phrase[1:]))
    if not starts:
        return re.compile(r"(?!)")
    # by first character: a search then tries only the few phrases that can begin where it stands
    branches = "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in starts.items())
    return re.compile(f"(?:{branches})(?!无效|未果|不)")


def read_list(path: Path) -> tuple[str, ...]:
    """Read a list file: one entry a line, ``#`` begins a comment. Raises ``SettingsError`` when unreadable."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The list {path} cannot be read as UTF-8 text ({error}). Save it as UTF-8.") from error
    entries = (line.partition("#")[0].strip() for line in lines)
    return tuple(entry for entry in entries if entry)


def read_lookalikes(path: Path) -> dict[str, str]:
    """Read lines of ``scrambled meant`` characters; ``SettingsError`` names the first line that is no such pair."""
    pairs: dict[str, str] = {}
    for entry in read_list(path):
        match entry.split():
            case [scrambled, meant] if len(scrambled) == len(meant) == 1:
                pairs[scrambled] = meant
            case _:
                raise SettingsError(f"{path}: {entry!r} is not two characters with a blank between. Write e.g. 嘚 的.")
    return pairs


def char_class(characters: Iterable[str]) -> str:
    """Return a pattern for any one of the characters; for none of them one that never matches."""
    inside = "".join(map(re.escape, characters))
    return f"[{inside}]" if inside else "(?!)"


def _customer_side(text: str) -> str:
    marks = list(_MARK.finditer(text))
    if not any(mark["customer"] for mark in marks):
        return text
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    kept = [text[: marks[0].start()]]
    kept += [
        text[mark.end() : end] for mark, end in zip(marks, ends, strict=True) if mark["customer"] and not mark["agent"]
    ]
    return " ".join(kept)


def _without_readings(found: re.Match[str]) -> str:
    rest = found.group()
    while rest and is_reading(rest[1 : rest.index(")")]):
        rest = rest[rest.index(")") + 1 :]
    return rest


_TONES = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü"
# what those letters become when UTF-8 is read as GBK, e.g. wù → w霉
_MISREAD = frozenset("".join(tone.encode().decode("gbk", "ignore") for tone in _TONES)) - set("a")
READING_STARTS = "".join(map(chr, range(0xA0, 0x370))) + "".join(sorted(_MISREAD))
_READING = re.compile(rf"[a-z]{{0,6}}[\u00a0-\u02ff\u0300-\u036f{''.join(sorted(_MISREAD))}][\x21-\u036f]{{0,5}}")
_SYLLABLE = re.compile(
    r"(?:[bpmf]?(?:a|o|ai|ei|ao|an|en|ang|eng|u|i|ie|iao|ian|in|ing)|[mpf]ou|miu|[dtnl](?:a|e|ai|ei|ao|ou|an|en|ang"
    r"|eng|ong|u|uo|ui|uan|un|i|ie|iao|iu|ian|in|ing|iang|v|ve|ue)|[gkh](?:a|e|ai|ei|ao|ou|an|en|ang|eng|ong|u|ua|uo"
    r"|uai|ui|uan|un|uang)|[jqx](?:i|ia|ie|iao|iu|ian|in|iang|ing|iong|u|ue|uan|un)|(?:[zcs]h?|r)(?:i|a|e|ai|ei|ao|ou"
    r"|an|en|ang|eng|ong|u|ua|uo|uai|ui|uan|un|uang)|y(?:i|a|e|ao|ou|an|in|ang|ing|ong|u|ue|uan|un)"
    r"|w(?:u|a|o|ai|ei|an|en|ang|eng)|er|ou)"
)


def is_reading(inside: str) -> bool:
    """Tell whether a bracket holds the reading of one character, spelt well or broken.

    >>> [is_reading(text) for text in ("wù", "wu", "w霉", "xp", "ktv", "a座")]
    [True, True, True, False, False, False]
    """
    return bool(_SYLLABLE.fullmatch(inside) or _READING.fullmatch(inside))

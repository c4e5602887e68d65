"""Which language to speak: the option, the environment, the settings, the locale; else what the data speaks."""

import locale
import os
import re
from collections.abc import Iterable, Sequence

LANGUAGES = ("zh", "en")
_HAN = re.compile("[\u4e00-\u9fff]")


def asked_language(args: Sequence[str], configured: str = "") -> str:
    """Return zh or en if anybody asked for it, else an empty string.

    >>> asked_language(["classify", "a.csv", "--lang", "en"]), asked_language(["--lang=zh"])
    ('en', 'zh')
    >>> asked_language(["--lang", "en", "classify", "a.csv", "--lang", "zh"])
    'zh'
    """
    # the one nearest to the command counts
    for place, arg in reversed([*enumerate(args)]):
        value = arg.removeprefix("--lang=") if arg.startswith("--lang=") else ""
        if arg == "--lang" and place + 1 < len(args):
            value = args[place + 1]
        if value in LANGUAGES:
            return value
    asked = os.environ.get("GENYIN_LANG", "")
    return asked if asked in LANGUAGES else configured


def system_language() -> str:
    """Return zh where the locale is Chinese, else en."""
    names = [os.environ.get(key, "") for key in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE")]
    names.append(locale.getlocale()[0] or "")
    return "zh" if any(name.lower().startswith(("zh", "chinese")) for name in names) else "en"


def data_language(words: Iterable[str]) -> str:
    """Return zh where any of the words (headers, labels) is Chinese, else an empty string."""
    return "zh" if any(_HAN.search(word) for word in words) else ""

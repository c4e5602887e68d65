"""What a rate per 10,000 users was made of, in words: complaints, days, users, and the months that stood in."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pipeline.messages import translated
from pipeline.register.fields import FIELDS

_BASES = {"total": "全部", "mobile": "移动", "lte": "4G", "broadband": "宽带", "tv": "电视", "enterprise": "政企"}


def rate_words(rate_facts: Mapping[str, Any], lang: str) -> str:
    """Say of every rate what it was made of (``rate_facts`` of a problem)."""
    told = [_one(name, rate_facts[name], lang) for name in FIELDS if name in rate_facts]
    return ("；" if lang == "zh" else "; ").join(told)


def _one(name: str, facts: Mapping[str, Any], lang: str) -> str:
    title = {"zh": FIELDS[name].chinese, "en": name.replace("_", " ")}[lang]
    if "missing" in facts:
        reason = translated(facts["missing"], lang)
        return {"zh": f"{title}：未知，{reason}", "en": f"{title}: not known, {reason}"}[lang]
    first, last = (date.fromisoformat(facts[end]) for end in ("from", "to"))
    count, users = f"{facts['count']:,}", f"{facts['users']:,.0f}"
    told = {
        "zh": f"{title}：{first} 至 {last} 投诉 {count} 件 ÷ 平均用户 {users} 户 × 10,000",
        "en": f"{title}: {count} complaints from {first} to {last} / {users} users on average x 10,000",
    }[lang]
    where = {"zh": "、", "en": ", "}[lang].join(facts["regions"])
    named = [part for part in (_base(facts["base"], lang), where, _months(facts, lang)) if part]
    if not facts["source"]:
        named.append({"zh": "用户数由人工给出", "en": "users given by hand"}[lang])
    return told + {"zh": f"（{'，'.join(named)}）", "en": f" ({', '.join(named)})"}[lang]


def _base(base: str, lang: str) -> str:
    if not base:
        return ""
    named = [_BASES.get(one, one) for one in base.split("+")] if lang == "zh" else base.split("+")
    return "+".join(named) + ("用户" if lang == "zh" else " users")


def _months(facts: Mapping[str, Any], lang: str) -> str:
    """The months of the table, and those that another one stood in for."""
    named = [
        month if month == used else {"zh": f"{month} 用 {used} 的", "en": f"{month} as in {used}"}[lang]
        for month, used in facts["months"].items()
    ]
    told = {"zh": f"{facts['source']}：{'、'.join(named)}", "en": f"{facts['source']}: {', '.join(named)}"}[lang]
    return told if named else ""

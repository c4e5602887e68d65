"""Masks what people type into the register; a colleague's name stays."""

from collections.abc import Collection, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.text.privacy import Finding, Masker


def mask_typed(text: str, names: Collection[str] | None) -> tuple[str, Sequence[str]]:
    """Return the text with a placeholder for each personal thing, and what was masked; ``names`` may stand (None: any).

    >>> mask_typed("李工已联系张伟，电话13800138000", {"李工"})
    ('李工已联系[姓名]，电话[手机号]', ['姓名', '手机号'])
    """
    kinds: list[str] = []
    # a placeholder may complete the surroundings of another finding
    while findings := list(_to_mask(text, names)):
        for one in reversed(findings):
            text = f"{text[: one.start]}[{one.kind.value}]{text[one.end :]}"
        kinds += [one.kind.value for one in findings]
    return text, kinds


def _to_mask(text: str, names: Collection[str] | None) -> "Iterator[Finding]":
    from pipeline.text.masking.shapes import Kind

    if not text.strip():
        return
    for one in _masker().find(text):
        if one.kind is Kind.NAME and (names is None or _is_allowed(text, one, names)):
            continue
        yield one


def _is_allowed(text: str, found: "Finding", names: Collection[str]) -> bool:
    """Whether the finding is a part of a name that may stand, or of several of them."""
    for name in names:
        start = text.find(name, max(found.start - len(name) + 1, 0)) if name else -1
        if 0 <= start <= found.start and found.end <= start + len(name):
            return True
    return False


@cache
def _masker() -> "Masker":
    # most commands type no text
    from pipeline.text.privacy import Masker

    return Masker()

"""The frozen test part: a tenth of all texts, the same for ever, that no training learns from.

Whether a text belongs to it follows from the text alone, so that it does without a list: two trainings years apart hold
back the same texts, and a candidate can be compared with the active model on rows that neither has seen.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence

from pipeline.model.examples import Example

# one text of so many
ONE_IN = 10
# the name goes into the hash, so that the part has nothing to do with other hashes of the same text
_NAME = "genyin-frozen-test-part"


def text_key(text: str) -> str:
    """Hash the letters and digits of a cleaned and masked text; marks, spaces and letter case make no difference.

    >>> text_key("宽带 又断了！") == text_key("宽带又断了")
    True
    """
    plain = "".join(filter(str.isalnum, text.casefold()))
    return hashlib.sha256(f"{_NAME}\x1f{plain}".encode("utf-8", "surrogatepass")).hexdigest()


def is_frozen(key: str) -> bool:
    """Whether the text with this key belongs to the frozen test part.

    >>> is_frozen(text_key("宽带又断了")), is_frozen(text_key("多扣了我二十块钱"))
    (False, False)
    """
    return int(key[:12], 16) % ONE_IN == 0


def hold_back(examples: Sequence[Example], keys: Sequence[str], least_rows: int) -> list[bool]:
    """Say for each row whether it is held back.

    A label with few rows gives none away: it keeps twice ``least_rows`` of them to learn from, and so does a cause
    ``least_rows``. Which of its rows those are follows from their texts.
    """
    labels = Counter(example.labels[0] for example in examples)
    causes = Counter((example.labels[0], example.cause) for example in examples)
    held = [False] * len(examples)
    for row in sorted(range(len(examples)), key=lambda row: keys[row]):
        label, cause = examples[row].labels[0], (examples[row].labels[0], examples[row].cause)
        rich = labels[label] > 2 * least_rows and (causes[cause] != least_rows or not examples[row].cause)
        if is_frozen(keys[row]) and rich:
            held[row] = True
            labels[label] -= 1
            causes[cause] -= 1
    return held

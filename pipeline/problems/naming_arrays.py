"""The problems of a run as the compiled loops read them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.native import compiled
from pipeline.problems import fragments, phrases
from pipeline.problems.vocabulary import BINDING, NOT_FIRST, NOT_LAST, Vocabulary, edge_words
from pipeline.problems.wording import Wording
from pipeline.text.segmentation import codes_of, lengths_of

# problems that are read in one go
BLOCK = 256


def told_in(where: str, vocabulary: Vocabulary) -> set[int]:
    """Return the tokens that stand in a text as they are spelt.

    Those of the text are tried, not those of the vocabulary: a run has a hundred thousand words.
    """
    parts = {where[start:end] for start in range(len(where)) for end in range(start + 1, len(where) + 1)}
    numbers = {vocabulary.numbers.get(part, 0) for part in parts}
    return {number for number in numbers if number > 0 and vocabulary.spellings[number] in where}


def native_problems(where: Sequence[str], wording: Wording) -> Any:
    """Return the compiled ``Problems``, or ``None`` where they are not built; ``where``: see ``offer_words``."""
    native = compiled("naming")
    if native is None:
        return None
    arrays = _of_words(wording) | _of_problems(wording, where)
    tokens = arrays["tokens"]
    together, torn = np.zeros(len(tokens), np.int32), np.zeros(len(tokens), np.uint8)
    native.neighbours(tokens, len(arrays["traits"]), together)
    known = (arrays[name] for name in ("times", "traits", "turning", "letters", "spelt"))
    native.tear(tokens, together, *known, wording.vocabulary.numbers.get(BINDING, -1), fragments._GLUED**2, torn)
    return native.Problems(arrays | {"together": together, "torn": torn}, fragments, phrases)


def _of_words(wording: Wording) -> dict[str, Any]:
    words, usage = wording.vocabulary, wording.usage
    of_sentences = np.zeros(len(words.spellings), np.uint8)
    of_sentences[list(words.of_sentences)] = 1
    return {
        "traits": np.array(words.traits, np.uint8),
        "of_sentences": of_sentences,
        "turning": np.array([0, *map(words.turns_round, range(1, len(words.spellings)))], np.uint8),
        "widths": np.array(words.widths),
        "letters": codes_of("".join(words.spellings)),
        "spelt": np.concatenate([[0], np.cumsum(lengths_of(words.spellings))]),
        "times": np.array(usage.tokens, np.int64),
        "telling": np.array(usage.telling),
        "begins": np.array(usage.begins),
        "ends": np.array(usage.ends),
        "mean_words": usage.mean_words,
        "no_opening": _characters(NOT_FIRST),
        "no_closing": _characters(NOT_LAST),
    }


def _of_problems(wording: Wording, where: Sequence[str]) -> dict[str, Any]:
    contents, texts = wording.contents, [text for group in wording.groups for text in group]
    told = [sorted(told_in(said, wording.vocabulary)) if said else [] for said in where]
    return {
        "tokens": contents.tokens,
        "starts": contents.start,
        "bodies": contents.body,
        "stops": contents.end,
        "texts": np.array([text.number for text in texts], np.int32),
        "copies": np.array([len(text.places) for text in texts], np.float64),
        "text_ends": np.cumsum(lengths_of(wording.groups)),
        "told": np.array([token for held in told for token in held], np.int32),
        "told_ends": np.cumsum(lengths_of(told)),
    }


def _characters(trait: int) -> NDArray[np.uint32]:
    """The characters that do not open, or do not close, what they stand beside."""
    single = ((word, traits or 0) for word, traits in edge_words().items() if len(word) == 1 and word != BINDING)
    return np.array([ord(character) for character, traits in single if traits & trait], np.uint32)

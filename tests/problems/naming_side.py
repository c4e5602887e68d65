"""Ways to have problems named in a line, and an independent search to judge names by."""

import math
import re
from collections import Counter, defaultdict

import numpy as np

from pipeline.problems.naming import Nameable, name_problems
from pipeline.text.preparing import read_word_list
from pipeline.text.tokenising import Tokeniser

TOKENISER = Tokeniser(read_word_list(None, "userdict.txt"))
CUT = TOKENISER.cut_many
HAN = re.compile(r"[\u4e00-\u9fff]+")


def names_of(groups, texts, titles=None, **given):
    members = [np.array(group) for group in groups]
    return name_problems([Nameable(held, **given) for held in members], texts, titles or [""] * len(texts), CUT)


def blocks(*groups):
    """Texts of all groups in one list, and the places of each."""
    texts = [text for group in groups for text in group]
    ends = np.cumsum([len(group) for group in groups])
    return [range(end - len(group), end) for group, end in zip(groups, ends, strict=True)], texts


def search_terms(text):
    text = text.lower()
    words = [word for word in TOKENISER.cut(text) if any(map(str.isalnum, word))]
    return words + [run[i : i + 2] for run in HAN.findall(text) for i in range(len(run) - 1)]


def found_first(names, documents):
    """Share of the names that, as a query, rank their own document strictly first: BM25 over words and bigrams."""
    counts = [Counter(search_terms(document)) for document in documents]
    mean = sum(count.total() for count in counts) / len(counts)
    postings = defaultdict(list)
    for place, count in enumerate(counts):
        norm = 1.2 * (0.25 + 0.75 * count.total() / mean)
        for term, times in count.items():
            postings[term].append((place, 2.2 * times / (times + norm)))
    first = 0
    for place, name in enumerate(names):
        scores = [0.0] * len(documents)
        for term in set(search_terms(name)):
            rarity = math.log(1 + (len(documents) - len(postings[term]) + 0.5) / (len(postings[term]) + 0.5))
            for other, value in postings[term]:
                scores[other] += rarity * value
        own = scores.pop(place)
        first += all(own > score for score in scores)
    return first / len(names)

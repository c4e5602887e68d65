"""Invented texts with invented names, from which benchmarks/name_weights.py learns what stands around a name.

The names are drawn from the shipped tables of characters and from what jieba's tagger knows of names. They are put in
the place of persons in the shipped complaints, and into frames in the manner of work orders, chats, surveys, forms and
letters. Nothing here is a real person.
"""

import csv
import random
import re
import tomllib
from itertools import accumulate, product
from pathlib import Path

from jieba.posseg.prob_emit import P as EMISSIONS

from pipeline.resources import data_file
from pipeline.text.cleaning_steps import read_list
from pipeline.text.cutting.jieba_dictionary import word_list
from pipeline.text.masking.weights import SHORT_TITLES, TITLES, read_name_weights

_HAN = re.compile("[\u4e00-\u9fff]")
_TABLES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_WORDS = {name: table.split() for name, table in _TABLES.items()}
_SLOT = re.compile("|".join(sorted(_WORDS["persons"], key=len, reverse=True)))
_THEY = re.compile(r"(?<![吉其])[他她](?![们人妈娘])")
_I = re.compile(r"(?:(?<=[,，。!！?？;；])|^)我(?![们国市省区妈爸家老儿女哥姐弟妹父母爱媳婆朋同亲])")


class Names:
    """Draws invented names: common and rare families, families that are words, two families, words that are names."""

    def __init__(self, random_numbers: random.Random) -> None:
        self._random = random_numbers
        weights = read_name_weights()
        self._compound = sorted(weights.compound)
        self._known = frozenset(weights.family)
        common = [line.strip() for line in data_file("surnames.txt").read_text(encoding="utf-8").splitlines()]
        self._common = [line for line in common if len(line) == 1]
        self._families = sorted(set(weights.family) - weights.wordy)
        self._wordy = sorted(weights.wordy)
        self._given = sorted(char for char, weight in weights.given.items() if weight >= 6)
        self._any = sorted(char for char, weight in weights.given.items() if weight >= 0)
        self._second, self._last = (self._tagger(state) for state in "ME")
        lines = word_list().decode("utf-8").splitlines()
        words = [line.split(" ")[0] for line in lines]
        pairs = sorted(word for word in words if len(word) == 2 and _HAN.match(word) and _HAN.match(word[1]))
        self._words = [word for word in pairs if word[0] in weights.family and weights.given.get(word[1], 0) > -4]
        self._pairs = [word for word in pairs if weights.given.get(word[0], 0) > -4]
        used = [(word, int(count)) for word, count, tag in map(str.split, lines) if len(word) == 2 and tag[:2] != "nr"]
        used = [pair for pair in used if pair[0][0] in weights.family]
        self._used = [word for word, _ in used], list(accumulate(count**0.75 for _, count in used))
        listed = set(read_list(data_file("not_names.txt")))
        self._listed = [word for word in self._words if word in listed]

    def place(self) -> str:
        """Return what is named like a person but is a place, a firm or a thing."""
        return self.family() + self.given() + self._random.choice(_WORDS["place_ends"])

    def word(self) -> str:
        """Return a word that begins like a name, or any other, as often as it is used."""
        return self._random.choices(self._used[0], cum_weights=self._used[1])[0]

    def one(self) -> tuple[str, int]:
        """Return a name, or how somebody is called, and how many characters of it are the name."""
        draw = self._random.random()
        if draw < 0.06:
            called = self._random.choice("小小老老阿大") + (
                self.family() if self._random.random() < 0.6 else self._char(self._last)
            )
            return called, len(called)
        if draw < 0.12:
            return self.family() + self._random.choice((*SHORT_TITLES.replace("董", ""), *TITLES)), 1
        name = self.full()
        return name, len(name)

    def full(self) -> str:
        """Return a family name and a given name."""
        draw = self._random.random()
        if draw < 0.01:
            return self._random.choice(self._listed)
        if draw < 0.03:
            return self._random.choice(self._words)
        if draw < 0.045:
            return self.family() + self._random.choice(self._pairs)
        if draw < 0.1:
            return self.compound() + self.given()
        return self.family() + self.given()

    def family(self) -> str:
        """Return a family name: mostly a common one, now and then one that is a word."""
        draw = self._random.random()
        if draw < 0.6:
            return self._common[int(len(self._common) * draw * draw / 0.36)]
        return self._random.choice(self._families if draw < 0.95 else self._wordy)

    def given(self, size: int = 0) -> str:
        """Return a given name of so many characters, of one or two without ``size``."""
        if size == 1 or (not size and self._random.random() < 0.28):
            return self._char(self._last)
        return self._char(self._second) + self._char(self._last)

    def compound(self) -> str:
        """Return a family name of two characters."""
        return self._random.choice(self._compound)

    def is_family(self, char: str) -> bool:
        """Tell whether a character is a family name that we know."""
        return char in self._known

    def is_compound(self, pair: str) -> bool:
        """Tell whether two characters are a family name that we know."""
        return pair in self._compound

    def _char(self, tagger: tuple[list[str], list[float]]) -> str:
        draw = self._random.random()
        if draw < 0.55:
            return self._random.choices(tagger[0], cum_weights=tagger[1])[0]
        return self._random.choice(self._given if draw < 0.93 else self._any)

    def _tagger(self, state: str) -> tuple[list[str], list[float]]:
        chars, sums, total = [], [], 0.0
        for char, weight in sorted(EMISSIONS[state, "nr"].items()):
            if _HAN.match(char):
                total += 2.718281828459045**weight
                chars.append(char)
                sums.append(total)
        return chars, sums


def framed(names: Names, numbers: random.Random, each: int):
    """Yield texts made of frames, with the places of the names in them."""
    frames = [*_WORDS["frames"], *_WORDS["place_frames"], *4 * _WORDS["word_frames"]]
    for frame, _ in product(frames, range(each)):
        yield _filled(re.split(r"\{(\w)\}", frame.replace("_", " ")), names, numbers)


def _filled(parts, names, numbers):
    text, places = "", []
    for place, part in enumerate(parts):
        if place % 2 and part == "n":
            name, size = names.one()
            places.append((len(text), len(text) + size))
            text += name
        else:
            made = {"p": names.place, "w": names.word}
            text += part if not place % 2 else made[part]() if part in made else numbers.choice(_WORDS[part])
    return text, places


def salads(names: Names, numbers: random.Random, count: int):
    """Yield words of jieba's dictionary in any order, as often as they are used, with names and places among them."""
    words, sums, total = [], [], 0
    for line in word_list().decode("utf-8").splitlines():
        word, frequency, tag = line.split(" ")
        if (not tag.startswith("nr") and len(word) > 1) or int(frequency) > 2000:
            total += int(frequency)
            words.append(word)
            sums.append(total)
    for _ in range(count):
        drawn = numbers.choices(words, cum_weights=sums, k=14)
        text, places = "", []
        for place, word in enumerate(drawn):
            if place == 4 and numbers.random() < 0.4:
                name, size = names.one()
                places.append((len(text), len(text) + size))
                text += name
            elif place == 10 and numbers.random() < 0.3:
                text += names.place()
            text += word + ("," if numbers.random() < 0.1 else "")
        yield text, places


def shipped():
    """Return the shipped complaints."""
    with data_file("complaints.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row["text"] for row in csv.DictReader(file)]


def inserted(texts, names: Names, numbers: random.Random):
    """Yield the texts with names beside or in the place of persons, and the places of the names."""
    for text in texts:
        slots = [(found.span(), 0.6) for found in _SLOT.finditer(text)]
        slots += [(found.span(), 0.0) for found in (*_THEY.finditer(text), *_I.finditer(text))]
        numbers.shuffle(slots)
        changed, places = "", []
        done = 0
        for (start, end), beside in sorted(slots[:3]):
            if start < done:
                continue
            name, size = names.one()
            changed += text[done : end if numbers.random() < beside else start]
            places.append((len(changed), len(changed) + size))
            changed += name
            done = end
        yield changed + text[done:], places

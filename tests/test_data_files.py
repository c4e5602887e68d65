"""The shipped data files: that they are whole, fit each other, and that the corpus is what it is said to be."""

import csv
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from pathlib import Path
from statistics import mean, median
from subprocess import CompletedProcess

import pytest
from opencc import OpenCC
from sklearn.metrics import cohen_kappa_score

from pipeline.errors import SettingsError
from pipeline.resources import data_file
from pipeline.taxonomy import Taxonomy, load_taxonomy
from pipeline.text.cutting.user_dictionary import read_user_words
from pipeline.text.preparing import read_word_list
from pipeline.text.tokenising import Tokeniser

Rows = list[dict[str, str]]

HAN = "\u3400-\u9fff"
SHARED = 14
OPERATORS = {"L", "U", "J", "T", "Z", "G", "N"}
STYLES = {"work_order", "survey", "long_post", "app_sms", "spoken", "transcript", "appeal", "closing_note"}
LEAST_ROWS = {"billing": 800, "network": 800, "installation": 800, "attitude": 800, "other": 400}
# they turn a complaint round, or tell how often and how long: never stop words
NEGATIONS = set("不没無无未非莫勿否别甭嫑冇唔")
MEANINGFUL = {
    "又",
    "还",
    "再",
    "仍",
    "一直",
    "总是",
    "老是",
    "从来",
    "反复",
    "只",
    "才",
    "刚",
    "被",
    "让",
    "已",
    "多次",
}


def rows_of(name: str) -> Rows:
    with data_file(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main_label(row: dict[str, str]) -> str:
    return row["label"].partition("|")[0]


def share(rows: Sequence[object], chosen: Iterable[object]) -> float:
    return sum(1 for _ in chosen) / len(rows)


@pytest.fixture(scope="module")
def telecom() -> Taxonomy:
    return load_taxonomy()


@pytest.fixture(scope="module")
def pens_of(corpus: Rows) -> dict[str, list[str]]:
    """The pen of every text of a cause."""
    pens = defaultdict(list)
    for row in corpus:
        pens[row["cause"]].append(row["pen"])
    return pens


@pytest.fixture(scope="module")
def lowered(corpus: Rows) -> list[str]:
    return [row["text"].lower() for row in corpus]


@pytest.fixture(scope="module")
def tokens(lowered: list[str]) -> list[list[str]]:
    return Tokeniser(read_word_list(None, "userdict.txt")).cut_many(lowered)


# --- taxonomies


def test_telecom_taxonomy_has_five_categories_and_about_120_causes(telecom: Taxonomy) -> None:
    assert [category.id for category in telecom.categories] == list(LEAST_ROWS)
    assert 110 <= len(telecom.causes) <= 130
    assert all(20 <= len(category.causes) <= 35 for category in telecom.categories)
    assert sum(cause.common for cause in telecom.causes.values()) == 60


def test_property_taxonomy_covers_six_categories() -> None:
    trade = load_taxonomy(data_file("taxonomy_property.toml"))
    assert [category.zh for category in trade.categories] == ["治安", "保洁", "维修", "绿化", "收费", "态度"]
    assert all(3 <= len(category.causes) <= 4 for category in trade.categories)


@pytest.mark.parametrize("name", ["taxonomy.toml", "taxonomy_property.toml"])
def test_every_boundary_names_a_neighbour_that_exists(name: str) -> None:
    causes = load_taxonomy(data_file(name)).causes
    for cause in causes.values():
        named = set(re.findall("「(.+?)」", cause.boundary))
        assert named, f"{cause.id} is not told from any other cause"
        assert named <= causes.keys() - {cause.id}, cause.id
        assert len(cause.definition) >= 10, cause.id


def test_praise_inquiries_and_empty_words_are_no_problem(telecom: Taxonomy) -> None:
    none = [cause.id for cause in telecom.causes.values() if not cause.problem]
    assert none == ["业务办理咨询", "账户信息查询", "表扬感谢", "空泛不满"]
    assert {telecom.causes[name].category for name in none} == {"other"}
    assert all(cause.problem for cause in load_taxonomy(data_file("taxonomy_property.toml")).causes.values())


@pytest.mark.parametrize("flag", ["common", "problem"])
def test_flag_of_a_cause_is_true_or_false(tmp_path: Path, flag: str) -> None:
    changed = tmp_path / "taxonomy.toml"
    shipped = data_file("taxonomy.toml").read_text(encoding="utf-8")
    changed.write_text(shipped.replace(f"\n{flag} = false\n", f'\n{flag} = "no"\n', 1), encoding="utf-8")
    with pytest.raises(SettingsError, match=rf"cause \S+: {flag} is 'no'; write true or false\."):
        load_taxonomy(changed)


# --- labels of operators


def test_label_map_leads_to_labels_of_the_taxonomy(telecom: Taxonomy) -> None:
    leaves = rows_of("label_map.csv")
    categories = {category.id for category in telecom.categories}
    for leaf in leaves:
        assert leaf["operator_system"] in OPERATORS, leaf
        assert leaf["pattern"] == leaf["pattern"].strip() != "", leaf
        assert (leaf["category"] == "") == (leaf["note"] == "parked"), leaf
        assert leaf["category"] in categories | {""}, leaf
        assert not leaf["cause"] or telecom.causes[leaf["cause"]].category == leaf["category"], leaf
    assert {leaf["operator_system"] for leaf in leaves} == OPERATORS
    keys = Counter((leaf["operator_system"], leaf["pattern"]) for leaf in leaves)
    assert [key for key, n in keys.items() if n > 1] == []
    assert {leaf["category"] for leaf in leaves if leaf["pattern"] in ("全局流转", "其他")} == {""}


# --- word lists


def test_user_words_are_whole_with_the_dictionary_and_cut_apart_without(lowered: list[str]) -> None:
    words = read_user_words(data_file("userdict.txt"))
    names = [word.word for word in words]
    assert len(names) == len(set(names)) >= 150
    assert all(word.frequency and word.word == word.word.lower() for word in words)
    taught = Tokeniser(read_word_list(None, "userdict.txt"))
    assert [name for name in names if taught.cut(name) != [name]] == []
    untaught = [split_points(tokens) for tokens in Tokeniser().cut_many(lowered)]
    idle = [name for name in names if not earns_its_place(name, lowered, untaught)]
    assert idle == [], "in under 3 complaints, or jieba alone keeps them whole"


def split_points(tokens: list[str]) -> set[int]:
    places = {0}
    end = 0
    for token in tokens:
        end += len(token)
        places.add(end)
    return places


def earns_its_place(word: str, texts: list[str], cuts: list[set[int]]) -> bool:
    """In at least three texts, and cut apart in a tenth of its places (in the others it is part of a known word)."""
    texts_with = [(text, points) for text, points in zip(texts, cuts, strict=True) if word in text]
    places = [(m.span(), points) for text, points in texts_with for m in re.finditer(re.escape(word), text)]
    apart = [1 for (start, end), points in places if not points.isdisjoint(range(start + 1, end))]
    return len(texts_with) >= 3 and len(apart) >= 2 and len(apart) >= 0.1 * len(places)


def test_stop_words_are_tokens_that_deny_and_repeat_nothing(tokens: list[list[str]]) -> None:
    words = read_word_list(None, "stopwords.txt")
    assert len(words) == len(set(words)) > 0
    assert [word for word in words if NEGATIONS & set(word) or word in MEANINGFUL or word != word.lower()] == []
    assert set(words) <= set(chain.from_iterable(tokens)), "a stop word that is no token drops nothing"


# --- the corpus


def test_ids_are_unique_and_no_text_stands_twice(corpus: Rows) -> None:
    assert len({row["id"] for row in corpus}) == len({row["text"] for row in corpus}) == len(corpus) >= 4000


def test_labels_and_causes_are_known_and_fit_each_other(corpus: Rows, telecom: Taxonomy) -> None:
    categories = {category.id for category in telecom.categories}
    for row in corpus:
        labels = row["label"].split("|")
        assert set(labels) <= categories, row
        assert len(labels) == len(set(labels)), row
        assert telecom.causes[row["cause"]].category == labels[0], row


def test_no_two_texts_share_14_han_characters(corpus: Rows) -> None:
    phrases = sorted(read_word_list(None, "boilerplate.txt"), key=len, reverse=True)
    boilerplate = re.compile("|".join(map(re.escape, phrases)))
    owner: dict[str, str] = {}
    for row in corpus:
        for run in re.findall(f"[{HAN}]{{{SHARED},}}", boilerplate.sub(" ", row["text"])):
            for start in range(len(run) - SHARED + 1):
                piece = run[start : start + SHARED]
                assert owner.setdefault(piece, row["id"]) == row["id"], piece


def test_no_pen_wrote_more_than_fifteen_percent(corpus: Rows) -> None:
    assert max(Counter(row["pen"] for row in corpus).values()) <= 0.15 * len(corpus)


def test_common_causes_have_thirty_texts_of_four_pens(telecom: Taxonomy, pens_of: dict[str, list[str]]) -> None:
    for cause in telecom.causes.values():
        assert len(pens_of[cause.id]) >= (30 if cause.common else 8), cause.id
        assert not cause.common or len(set(pens_of[cause.id])) >= 4, cause.id


def test_every_category_has_its_share(corpus: Rows) -> None:
    counts = Counter(map(main_label, corpus))
    assert {label: counts[label] for label, least in LEAST_ROWS.items() if counts[label] < least} == {}


def test_a_quarter_carries_a_second_category(corpus: Rows) -> None:
    assert 0.20 <= share(corpus, (row for row in corpus if "|" in row["label"])) <= 0.30


def test_styles_have_similar_shares(corpus: Rows) -> None:
    counts = Counter(row["style"] for row in corpus)
    assert set(counts) == STYLES
    assert all(0.08 <= n / len(corpus) <= 0.22 for n in counts.values()), counts


def test_about_six_percent_are_traditional(corpus: Rows) -> None:
    simplify = OpenCC("t2s").convert
    assert 0.03 <= share(corpus, (row for row in corpus if is_traditional(row["text"], simplify(row["text"])))) <= 0.09


def is_traditional(text: str, simplified: str) -> bool:
    """At least one character in twelve is another one in Simplified; a stray one is no Traditional text."""
    changed = sum(a != b for a, b in zip(text, simplified, strict=False))
    return changed >= 2 and changed >= len(re.findall(f"[{HAN}]", text)) / 12


def test_second_reader_agrees_with_the_author(corpus: Rows) -> None:
    """Between the two readings as they were; the corpus, in which disagreements are settled, would flatter."""
    read = rows_of("second_reading.csv")
    assert [row["id"] for row in read] == [row["id"] for row in corpus]
    kappa = {
        column: cohen_kappa_score([row[f"author_{column}"] for row in read], [row[column] for row in read])
        for column in ("category", "cause")
    }
    print("\nkappa", {column: round(value, 3) for column, value in kappa.items()})
    assert min(kappa.values()) >= 0.85


def test_disagreements_are_settled_in_the_corpus(corpus: Rows) -> None:
    for reading, row in zip(rows_of("second_reading.csv"), corpus, strict=True):
        agreed = all(reading[name] == reading[f"author_{name}"] for name in ("category", "cause"))
        assert reading["decision"] in (("",) if agreed else ("reader", "author")), reading
        won = "author_" if reading["decision"] == "author" else ""
        assert (main_label(row), row["cause"]) == (reading[f"{won}category"], reading[f"{won}cause"]), reading


def test_words_are_varied_and_lengths_as_people_write(corpus: Rows, tokens: list[list[str]]) -> None:
    styles = sorted(STYLES)
    print("\nstyle, rows, median and longest length, types / tokens")
    for style in styles:
        chosen = [words for words, row in zip(tokens, corpus, strict=True) if row["style"] == style]
        lengths = [sum(map(len, words)) for words in chosen]
        flat = list(chain.from_iterable(chosen))
        print(style, len(chosen), median(lengths), max(lengths), f"{len(set(flat))} / {len(flat)}")
    flat = list(chain.from_iterable(tokens))
    print("all", len(tokens), round(mean(len(row["text"]) for row in corpus), 1), f"{len(set(flat))} / {len(flat)}")
    assert len(set(flat)) >= 0.04 * len(flat)
    surveys = [len(row["text"]) for row in corpus if row["style"] == "survey"]
    assert share(surveys, (n for n in surveys if 6 <= n <= 40)) >= 0.9


# --- another trade


def test_property_corpus_fits_its_taxonomy() -> None:
    trade = load_taxonomy(data_file("taxonomy_property.toml"))
    rows = rows_of("property_complaints.csv")
    assert len({row["id"] for row in rows}) == len({row["text"] for row in rows}) == 60
    assert Counter(row["label"] for row in rows) == {category.id: 10 for category in trade.categories}
    assert all(trade.causes[row["cause"]].category == row["label"] for row in rows)


def test_property_corpus_trains_a_model_that_knows_its_labels(
    tmp_path: Path, run_genyin: Callable[..., CompletedProcess[str]]
) -> None:
    done = run_genyin(
        "train", data_file("property_complaints.csv"), "--model", tmp_path / "model", "--folds", "3", "--jobs", "1"
    )
    assert done.returncode == 0, done.stderr
    lines = "楼道垃圾没人打扫，保洁不见人\n电梯又坏了，报修没人来修\n"
    told = run_genyin("classify", "-", "--model", tmp_path / "model", stdin=lines.encode())
    assert told.returncode == 0, told.stderr
    assert [json.loads(line)["category"] for line in told.stdout.splitlines()] == ["cleaning", "repair"]

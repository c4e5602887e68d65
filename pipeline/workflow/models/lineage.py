"""What a model was trained on, kept with it: its rows (masked), its parent, and the breaks in its labels.

A model is trained anew from its old rows and the new ones together, so the old rows have to be at hand for as long as
the model is. A path to the file they came from would not do: files move, and their texts are not masked. So the rows
lie beside the weights, cleaned and masked, in ``examples.jsonl.gz``, which genyin reads like any dump. A model works
without that file: take it out before you give a model away. The shipped model has none, its rows are
data/complaints.csv.
"""

import gzip
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.errors import ModelError, TrainingError
from pipeline.model.examples import Example
from pipeline.model.fitting import Learner
from pipeline.model.frozen import hold_back, text_key
from pipeline.model.manifest import read_manifest
from pipeline.resources import data_file, default_model
from pipeline.text.cleaning import CleaningOptions
from pipeline.text.preparing import Preparer, read_word_list
from pipeline.workflow.models.labelled_rows import LabelledColumns, place_of, read_labelled, without_contradictions

TABLE = "examples.jsonl.gz"
# name under which ``TrainOptions.weigh`` speaks of all rows of the parent
PARENT = "parent"
_LEAST_ROWS = 5
_SHIPPED = {"shipped": ["complaints.csv"], "group": "pen", "splits": ["style", "service"]}


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a model: those it ``learned`` from and those ``held`` back."""

    learned: tuple[Example, ...]
    held: tuple[Example, ...]

    @property
    def rows(self) -> tuple[Example, ...]:
        """All rows."""
        return self.learned + self.held


@dataclass(frozen=True, slots=True)
class Parent:
    """A model to go on from: its rows, and the choices that its child takes over.

    ``other_edition``: the rows are those of the corpus as it is shipped today, not as the model was trained on it.
    """

    folder: Path
    manifest: Mapping[str, Any]
    table: Table
    other_edition: bool = False

    @property
    def learner(self) -> Learner | None:
        """The learner that won when the parent was trained."""
        return Learner.parse(str(self.manifest.get("learner", "")))

    @property
    def preparer(self) -> Preparer:
        """How the parent prepares texts."""
        return Preparer.from_settings(CleaningOptions(**self.manifest["cleaning"]), self.words)

    @property
    def words(self) -> list[str]:
        """The parent's user words."""
        return (self.folder / "dictionary.txt").read_text(encoding="utf-8").splitlines()

    @property
    def stop_words(self) -> list[str]:
        """The parent's stop words; the shipped ones where it has no others."""
        own = self.manifest.get("settings", {}).get("stop_words")
        return list(read_word_list(None, "stopwords.txt") if own is None else own)

    @property
    def breaks(self) -> list[dict[str, Any]]:
        """The breaks in the parent's labels."""
        return list(self.manifest.get("lineage", {}).get("breaks", ()))


def open_parent(folder: Path) -> Parent:
    """Open a model to go on from; ``ModelError`` where it is none, or has no rows.

    A model of the shipped corpus goes on with that corpus as it is shipped today: its child is fitted anew.
    """
    manifest = read_manifest(folder)
    table = table_of(folder)
    if table is not None:
        return Parent(Path(folder), manifest, table)
    source = _source(folder, manifest)
    if not source.get("shipped"):
        raise ModelError(
            f"{folder} does not hold the rows it was trained on any more, so nothing can go on from it. Put the file "
            f"{TABLE} back into its folder, or train without --from, from all labelled files together."
        )
    corpus = _corpus(manifest, source)
    if corpus is None:
        raise ModelError(
            f"{folder} was trained on the corpus that comes with genyin ({', '.join(source['shipped'])}), which is not "
            "installed here, so nothing can go on from it. Install genyin again."
        )
    return Parent(Path(folder), manifest, corpus, other_edition=True)


def table_of(folder: Path) -> Table | None:
    """The rows of a model; None where they are not there any more."""
    path = Path(folder) / TABLE
    if path.is_file():
        return _unpacked(path)
    manifest = read_manifest(folder)
    source = _source(folder, manifest)
    table = _corpus(manifest, source) if source.get("shipped") else None
    # another version of genyin may ship other rows than those this model was trained on
    return table if table and data_fingerprint(table.learned) == manifest["trained"]["data_sha256"] else None


def _source(folder: Path, manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    """Which files of the shipped corpus a model was trained on, and which columns of them; empty for rows of others."""
    source: Mapping[str, Any] = manifest.get("lineage", {}).get("table", {})
    is_default = Path(folder).resolve() == default_model().resolve()
    return source or (_SHIPPED if is_default else {})


def _corpus(manifest: Mapping[str, Any], source: Mapping[str, Any]) -> Table | None:
    """The rows of the shipped corpus as they are today; None where its files are not there."""
    files = [data_file(name) for name in source["shipped"]]
    if not all(file.is_file() for file in files):
        return None
    columns = LabelledColumns(group=source["group"], splits=tuple(source["splits"]))
    preparer = Preparer.from_settings(CleaningOptions(**manifest["cleaning"]), ())
    kept, _ = without_contradictions(read_labelled(files, columns).examples, preparer)
    held_back = manifest.get("lineage", {}).get("held_back")
    return split(kept, preparer, _LEAST_ROWS) if held_back else Table(tuple(kept), ())


def data_fingerprint(examples: Sequence[Example]) -> str:
    """SHA-256 over texts, labels and causes in their order."""
    digest = hashlib.sha256()
    for example in examples:
        digest.update(
            "\x1f".join((example.text, *example.labels, example.cause, "\n")).encode("utf-8", "surrogatepass")
        )
    return digest.hexdigest()


def split(examples: Sequence[Example], preparer: Preparer, least_rows: int) -> Table:
    """Part the frozen test part from the rows to learn from."""
    held = hold_back(examples, keys_of(examples, preparer), least_rows)
    return Table(
        tuple(one for one, away in zip(examples, held, strict=True) if not away),
        tuple(one for one, away in zip(examples, held, strict=True) if away),
    )


def keys_of(examples: Sequence[Example], preparer: Preparer) -> list[str]:
    """The keys by which the frozen test part knows texts."""
    return [text_key(text) for text in masked([one.text for one in examples], preparer)]


def masked(texts: Sequence[str], preparer: Preparer) -> list[str]:
    """Clean and mask texts."""
    return preparer.masker.mask_many(preparer.cleaner.clean_many(texts))


def table_bytes(table: Table, preparer: Preparer) -> bytes:
    """The rows as gzipped JSON Lines, masked; the same bytes for the same rows."""
    parts = ["learned"] * len(table.learned) + ["held_back"] * len(table.held)
    texts = masked([one.text for one in table.rows], preparer)
    lines = [_line(one, text, part) for one, text, part in zip(table.rows, texts, parts, strict=True)]
    return gzip.compress("".join(lines).encode("utf-8", "surrogatepass"), mtime=0)


def _line(one: Example, text: str, part: str) -> str:
    cells = {
        "text": text,
        "label": "|".join(one.labels),
        "cause": one.cause,
        "group": one.group,
        "source": one.source,
        "at": one.labelled_at,
        "splits": list(one.splits),
        "part": part,
    }
    return json.dumps(cells, ensure_ascii=False) + "\n"


def _unpacked(path: Path) -> Table:
    try:
        lines = gzip.decompress(path.read_bytes()).decode("utf-8", "surrogatepass").split("\n")
        rows = [json.loads(line) for line in lines if line]
        examples = [_example(cells, f"{path}:{number}") for number, cells in enumerate(rows, start=1)]
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path} is damaged ({error}). Copy the whole folder of the model again.") from None
    learned = [cells["part"] == "learned" for cells in rows]
    return Table(
        tuple(one for one, yes in zip(examples, learned, strict=True) if yes),
        tuple(one for one, yes in zip(examples, learned, strict=True) if not yes),
    )


def _example(cells: Mapping[str, Any], where: str) -> Example:
    return Example(
        cells["text"],
        tuple(cells["label"].split("|")),
        cells["cause"],
        cells["group"],
        tuple(cells["splits"]),
        where,
        source=cells["source"],
        labelled_at=cells["at"],
    )


def replaced(old: Sequence[Example], new: Sequence[Example], preparer: Preparer) -> tuple[list[Example], list[Any]]:
    """Let new labels stand for old ones of the same text; return the old rows that stay, and pairs (old, new)."""
    fresh = dict(zip(keys_of(new, preparer), new, strict=True))
    keys = keys_of(old, preparer)
    gone = [(one, fresh[key]) for one, key in zip(old, keys, strict=True) if key in fresh]
    return [one for one, key in zip(old, keys, strict=True) if key not in fresh], gone


def weighed(
    old: Iterable[Example], new: Iterable[Example], weights: Mapping[str, float], half_life: float | None
) -> list[Example]:
    """Give rows their weights: that of their source, halved for every ``half_life`` days that others are newer.

    Rows of the parent weigh ``weights["parent"]`` unless their own source is named. Rows without a day are as old as
    the oldest with one.
    """
    pairs = [(one, weights.get(one.source, weights.get(PARENT, 1.0))) for one in old]
    pairs += [(one, weights.get(one.source, 1.0)) for one in new]
    days = [_day(one) for one, _ in pairs]
    known = [day for day in days if day]
    if not half_life or not known:
        return [replace(one, weight=weight) for one, weight in pairs]
    newest, oldest = max(known), min(known)
    return [
        replace(one, weight=weight * 0.5 ** ((newest - (day or oldest)).days / half_life))
        for (one, weight), day in zip(pairs, days, strict=True)
    ]


def _day(one: Example) -> date | None:
    if not one.labelled_at:
        return None
    try:
        return date.fromisoformat(one.labelled_at[:10])
    except ValueError:
        file, row = place_of(one)
        raise TrainingError(
            f"{file}, row {row}: {one.labelled_at!r} is not a day; write the column at like 2026-03-01."
        ) from None

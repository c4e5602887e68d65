"""From a raw complaint to what the model sees: cleaned, masked, in lower case, cut into words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import InputError
from pipeline.resources import data_file
from pipeline.text.cleaning import Cleaner, CleaningOptions
from pipeline.text.files.encodings import decode_strictly
from pipeline.text.masking.shapes import PLACEHOLDER
from pipeline.text.privacy import Masker
from pipeline.text.segmentation import Segmentation
from pipeline.text.tokenising import Tokeniser

_PORTION = 200_000


@dataclass(frozen=True, slots=True)
class Prepared:
    """Texts ready for the vectoriser and how they are cut, one entry per complaint."""

    texts: list[str]
    segmentation: Segmentation

    @property
    def tokens(self) -> list[list[str]]:
        """The tokens of each text as strings."""
        return self.segmentation.tokens


@dataclass(frozen=True, slots=True)
class Preparer:
    """The fixed chain of text steps of a model; picklable, and the same in training and prediction."""

    cleaner: Cleaner = field(default_factory=Cleaner)
    masker: Masker = field(default_factory=Masker)
    tokeniser: Tokeniser = field(default_factory=Tokeniser)

    @classmethod
    def from_settings(cls, cleaning: CleaningOptions, user_words: Sequence[str]) -> "Preparer":
        """Build the chain of a model: its cleaning options and its own dictionary words."""
        return cls(Cleaner(cleaning), Masker(), Tokeniser(user_words))

    def prepare(self, texts: Sequence[str]) -> Prepared:
        """Clean, mask, lower and cut; personal data and its placeholders never reach the tokens."""
        safe = self.masker.mask_many(self.cleaner.clean_many(texts))
        plain = [PLACEHOLDER.sub(" ", text).lower() if "[" in text else text.lower() for text in safe]
        return Prepared(plain, self.tokeniser.segment(plain))

    @property
    def fingerprint(self) -> str:
        """Say which cleaning and dictionary this is; two equal fingerprints prepare every text alike."""
        return f"{self.cleaner.fingerprint}-{self.tokeniser.fingerprint}"


def portions(texts: Sequence[str], characters: int = _PORTION) -> Iterator[Sequence[str]]:
    """Cut a batch so that no portion holds much more than ``characters``: tokens take 100 times the room of a letter.

    >>> [len(portion) for portion in portions(["长" * 60, "短", "长" * 90, ""], 100)]
    [2, 2]
    """
    if len(texts) > 0 and sum(map(len, texts)) <= characters:
        yield texts
        return
    start = size = 0
    for place, text in enumerate(texts):
        if size and size + len(text) > characters:
            yield texts[start:place]
            start, size = place, 0
        size += len(text)
    if start < len(texts):
        yield texts[start:]


def read_word_list(path: Path | None, shipped: str) -> tuple[str, ...]:
    """Return the lines of a word list (user dictionary or stop words), without comments; ``None`` = the shipped one.

    In any encoding that a dump may have. Raises ``InputError`` for a file that is not there or cannot be read.
    """
    source = path or data_file(shipped)
    if not source.is_file():
        if path is None:
            return ()
        raise InputError(f"{path} does not exist. Check the path.")
    lines = decode_strictly(source.read_bytes(), source.name)[0].removeprefix("\ufeff").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#"))

"""What finds names, made once for all maskers of a process: it takes longer to make than ten complaints to mask."""

from functools import cache

from pipeline.resources import data_file
from pipeline.text.cleaning_steps import read_list
from pipeline.text.masking.names import NameShapes, name_shapes
from pipeline.text.masking.scoring import NameScorer


@cache
def name_finders(extra_names: tuple[str, ...]) -> tuple[NameShapes, frozenset[str], NameScorer]:
    """Return the patterns of names, the words that are none, and what weighs the rest; ``extra_names`` are names."""
    not_names = frozenset(read_list(data_file("not_names.txt")))
    return name_shapes(read_list(data_file("surnames.txt")), extra_names), not_names, NameScorer(not_names)

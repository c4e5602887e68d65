"""Parquet files as tables, read in batches; needs the extra ``parquet``."""

import io
from collections.abc import Iterator
from itertools import islice
from typing import Any

from pipeline.errors import InputError, missing_extra
from pipeline.text.files.cells import cell_text
from pipeline.text.files.packing import Blob
from pipeline.text.files.tables import TOP_ROWS, RawRow, Start, Table

_BATCH = 4096


def open_parquet(blob: Blob) -> list[Table]:
    """Return the one table of a Parquet file; ``MissingExtraError`` without pyarrow."""
    try:
        import pyarrow.parquet as parquet
        from pyarrow import ArrowException
    except ImportError:
        raise missing_extra("pyarrow", "parquet", "Parquet files") from None

    def reader() -> Any:
        try:
            return parquet.ParquetFile(io.BytesIO(_all_bytes(blob)) if blob.packing else str(blob.path))
        except (ArrowException, OSError) as error:
            raise InputError(f"{blob.name} is a damaged Parquet file ({_first_line(error)})") from None

    def rows(start: Start) -> Iterator[RawRow]:
        with reader() as file:
            number = 0
            try:
                for batch in file.iter_batches(batch_size=_BATCH):
                    columns = [[cell_text(value) for value in column.to_pylist()] for column in batch.columns]
                    for cells in zip(*columns, strict=True):
                        number += 1
                        yield RawRow(number, list(cells))
            except (ArrowException, OSError) as error:
                raise InputError(f"{blob.name} is damaged after row {number:,} ({_first_line(error)})") from None

    with reader() as file:
        headers, count = tuple(file.schema_arrow.names), file.metadata.num_rows
    top = list(islice(rows(Start()), TOP_ROWS))
    return [Table(blob.name, "parquet", top, rows, fixed=headers, rows_guess=count, size=blob.size)]


def _all_bytes(blob: Blob) -> bytes:
    with blob.open() as stream:
        return stream.read()


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__

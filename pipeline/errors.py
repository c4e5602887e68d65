"""One small error family: everything a user can cause is a ``GenyinError`` and reads as a plain sentence.

A message says what is wrong, where (file, row, column), what was found, and what to do. The command line
turns these into exit codes at one place (``pipeline.cli``); a bug stays a traceback.
"""


class GenyinError(Exception):
    """Base of all expected failures; ``exit_code`` is what the command line ends with."""

    exit_code = 1


class UsageError(GenyinError):
    """The call itself is wrong: an option, a column name or a setting that cannot be."""

    exit_code = 2


class InputError(GenyinError):
    """A file cannot be read as a complaint dump."""


class SettingsError(UsageError):
    """``genyin.toml`` holds an unknown key or a value that cannot be used."""


class ModelError(GenyinError):
    """A model folder is damaged, foreign, too new or half written."""


class TrainingError(GenyinError):
    """The labelled rows cannot give a model."""


class RegisterError(GenyinError):
    """The problem register cannot be used, or refuses a change."""


class FieldError(RegisterError):
    """A value that a field of a problem cannot have; ``field`` is its name."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


class LeakError(GenyinError):
    """A file that is about to be handed out would show personal data."""


class MissingExtraError(GenyinError):
    """An optional part is not installed; the message names the extra to install."""


def missing_extra(package: str, extra: str, purpose: str) -> MissingExtraError:
    """Build the message for an absent optional package.

    >>> str(missing_extra("pyarrow", "parquet", "Parquet files"))
    'Parquet files need the package pyarrow, which is not installed. Install it with: pip install "genyin[parquet]"'
    """
    return MissingExtraError(
        f'{purpose} need the package {package}, which is not installed. Install it with: pip install "genyin[{extra}]"'
    )

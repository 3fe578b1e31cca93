"""The sample ledger: a synthetic year at a window, shipped as it was made, with a list of what was planted in it."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from importlib import resources
from os import PathLike
from pathlib import Path
from typing import Final

__all__ = ["AS_OF", "PLANTED_FILE", "unpack_sample"]

AS_OF: Final = date(2018, 12, 31)
"""The last day of the sample: what would come later is not in it."""
PLANTED_FILE: Final = "planted.csv"
"""Which faults, near misses and gaps were planted, with the verdict that has to come out."""
_PACKED: Final = "sample.zip"


def unpack_sample(path: str | PathLike[str]) -> Path:
    """Write the sample ledger into a folder, which is made if need be, and return the folder.

    It holds a CSV file for each table, ledger.toml, which makes a ledger of them, the list of what was planted, and
    README.txt. Files of these names are written anew.

    Args:
        path: the folder.

    Raises:
        OSError: if it cannot be written.
    """
    folder = Path(path)
    folder.mkdir(parents=True, exist_ok=True)
    packed = resources.files(__package__).joinpath(_PACKED).read_bytes()
    with zipfile.ZipFile(io.BytesIO(packed)) as files:
        for name in files.namelist():
            (folder / name).write_bytes(files.read(name))
    return folder

"""Times and dates as people type them at a command: read as a ledger's cells are, and written in the plain form."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from datetime import date, datetime
from typing import Final

from windowservice.errors import InvalidTime
from windowservice.instants import as_written

__all__ = ["typed_time"]

_ISO: Final = re.compile(r"\d{4}-\d\d-\d\d(T([01]\d|2[0-3]):\d\d(:\d\d)?([+-](0\d|1[0-4]):\d\d)?)?\Z", re.ASCII)
"""The plain form, with an offset that some zone has."""


def typed_time(text: str) -> str:
    """Return a date, or a time, in ISO form: ``2018/5/3``, ``2018年5月3日 下午3点``, ``2018-05-03 3:30 pm``.

    What is no such time is returned as it is, for whoever reads it next to say what was wanted.
    """
    plain = as_written(text)
    if _ISO.match(plain):
        with suppress(ValueError):
            return datetime.fromisoformat(plain).isoformat() if ":" in plain else date.fromisoformat(plain).isoformat()
    from windowservice.ledger.cells.time_texts import moment_text  # few write anything but ISO

    try:
        moment, _ = moment_text(unicodedata.normalize("NFKC", plain).strip())
    except InvalidTime:
        return plain
    return moment.isoformat(timespec="auto") if isinstance(moment, datetime) else moment.isoformat()

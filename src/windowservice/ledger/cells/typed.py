"""Times and dates as people type them at a command: read as a ledger's cells are, and written in the plain form."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from windowservice.errors import InvalidTime
from windowservice.instants import as_written
from windowservice.ledger.cells.time_texts import moment_text

__all__ = ["typed_time"]


def typed_time(text: str) -> str:
    """Return a date, or a time, in ISO form: ``2018/5/3``, ``2018年5月3日 下午3点``, ``2018-05-03 3:30 pm``.

    What is no such time is returned as it is, for whoever reads it next to say what was wanted.
    """
    plain = as_written(text)
    try:
        moment, _ = moment_text(unicodedata.normalize("NFKC", plain).strip())
    except InvalidTime:
        return plain
    return moment.isoformat(timespec="auto") if isinstance(moment, datetime) else moment.isoformat()

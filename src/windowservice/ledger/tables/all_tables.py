"""All tables of a ledger, by name."""

from __future__ import annotations

from typing import Final

from windowservice.errors import UnknownName
from windowservice.ledger.tables.accounting_tables import ACCOUNTING_TABLES
from windowservice.ledger.tables.duty_tables import DUTY_TABLES
from windowservice.ledger.tables.filing_tables import FILING_TABLES
from windowservice.ledger.tables.handling_tables import HANDLING_TABLES
from windowservice.ledger.tables.monitoring_tables import MONITORING_TABLES
from windowservice.ledger.tables.organisation_tables import ORGANISATION_TABLES
from windowservice.ledger.tables.schema import MATTER_TABLES, Table
from windowservice.ledger.tables.supervision_tables import SUPERVISION_TABLES
from windowservice.ledger.tables.training_tables import TRAINING_TABLES

__all__ = ["RECORD_TABLES", "TABLES", "table_named"]

RECORD_TABLES: Final[tuple[Table, ...]] = (
    *MONITORING_TABLES, *ACCOUNTING_TABLES, *FILING_TABLES, *DUTY_TABLES, *SUPERVISION_TABLES, *TRAINING_TABLES,
    *HANDLING_TABLES, *ORGANISATION_TABLES,
)  # fmt: skip
"""The tables whose rows are records of their own, each judged by the rules of its vocabulary; all are optional."""
TABLES: Final[tuple[Table, ...]] = (*MATTER_TABLES, *RECORD_TABLES)
"""All tables of a ledger."""
_BY_NAME: Final = {table.name: table for table in TABLES}


def table_named(name: str, where: str = "") -> Table:
    """Return the ledger table of that name.

    Raises:
        UnknownName: if there is none; the nearest name is offered.
    """
    if name not in _BY_NAME:
        raise UnknownName("ledger table", name, tuple(_BY_NAME), where)
    return _BY_NAME[name]

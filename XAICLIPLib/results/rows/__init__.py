"""The rows of every table that is written: one file per table, each column with its meaning, unit, range and source.

`docs/metrics.md` is made from them, see `XAICLIPLib.results.document`.
"""

from __future__ import annotations

from XAICLIPLib.results.rows.benchmark import ArmRow, ArmSummaryRow, PairRow
from XAICLIPLib.results.rows.column import Column, Row, column, columns_of, is_known
from XAICLIPLib.results.rows.evidence import EvidenceRow
from XAICLIPLib.results.rows.location import LocationRow
from XAICLIPLib.results.rows.planted import PlantedRow, PlantedSummaryRow, StatementRow
from XAICLIPLib.results.rows.slice import SliceRow
from XAICLIPLib.results.rows.stress import StressRow, StressSummaryRow
from XAICLIPLib.results.rows.summary import SummaryRow

__all__ = [
    "ArmRow",
    "ArmSummaryRow",
    "Column",
    "EvidenceRow",
    "LocationRow",
    "PairRow",
    "PlantedRow",
    "PlantedSummaryRow",
    "Row",
    "SliceRow",
    "StatementRow",
    "StressRow",
    "StressSummaryRow",
    "SummaryRow",
    "column",
    "columns_of",
    "is_known",
]

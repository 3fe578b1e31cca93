"""Who had what: holders, waits, handovers, performance, tallies."""

from windowservice.cases.by_clerk import performance as performance
from windowservice.cases.by_clerk import verdicts_by as verdicts_by
from windowservice.cases.holders import time_by_holder as time_by_holder
from windowservice.cases.tallies import tally as tally
from windowservice.cases.tallies import tally_table as tally_table
from windowservice.cases.waits import handovers as handovers
from windowservice.cases.waits import waits_by_cause as waits_by_cause
from windowservice.engine.made.kind_cover import kind_cover as kind_cover

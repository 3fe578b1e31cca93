"""For authors of rules: records in a line, verdicts asserted everywhere, edges of limits, random records, laws."""

from windowservice.testing.coverage import Coverage as Coverage
from windowservice.testing.coverage import RuleCoverage as RuleCoverage
from windowservice.testing.coverage import coverage_of as coverage_of
from windowservice.testing.drafts import Draft as Draft
from windowservice.testing.drafts import a as a
from windowservice.testing.drafts import a_request as a_request
from windowservice.testing.judging import assert_verdict as assert_verdict
from windowservice.testing.laws import check_pack as check_pack
from windowservice.testing.limits import assert_limit as assert_limit
from windowservice.testing.random import random_records as random_records
from windowservice.testing.random import random_values as random_values
from windowservice.testing.random import register_strategies as register_strategies
from windowservice.testing.tables import read_table as read_table

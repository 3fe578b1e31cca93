"""Scores of banks and branches: the indicators observed, weighed and compared."""

from windowservice.domain.scorecard.readings import CompletePeriod as CompletePeriod
from windowservice.domain.scorecard.readings import Reading as Reading
from windowservice.domain.scorecard.readings import Readings as Readings
from windowservice.domain.scorecard.scorecard import Scorecards as Scorecards
from windowservice.rules.indicators import Indicator as Indicator
from windowservice.scoring.average import average_scores as average_scores
from windowservice.scoring.columns.columns import score_columns as score_columns
from windowservice.scoring.observing.observed import Observed as Observed
from windowservice.scoring.peers import compare_scores as compare_scores
from windowservice.scoring.scores import Scores as Scores
from windowservice.scoring.scoring import score as score
from windowservice.scoring.values import Score as Score

"""What the ladder calls for: proposals, handled causes, its check, the weekly list."""

from windowservice.escalation.proposals import Proposals as Proposals
from windowservice.escalation.proposing import propose as propose
from windowservice.escalation.register import handling_of as handling_of
from windowservice.escalation.weekly import weekly_list as weekly_list
from windowservice.rules.escalation.check import check_ladder as check_ladder

"""What may be said of joint meetings, bulletins and what follows from them."""

from __future__ import annotations

from datetime import date, datetime

from windowservice.language.tree.fact import code, fact, key
from windowservice.language.tree.facts import Facts, Given

__all__ = ["follow_up", "meeting"]


class meeting(Facts, rows=Given("meetings"), dated_by="at"):  # noqa: N801
    """One joint meeting, or one bulletin that went out."""

    id = key("Number of the meeting or bulletin")
    kind = fact(str, "Which of the two", required=True, words=("joint_meeting", "bulletin"))
    duties = fact(frozenset[str], "Ids of the duties that it does, from the list of duties")
    turn = code("The turn that it does, such as 2018-Q2 or 2018 春节, where its day does not say")
    at = fact(datetime, "When it was held or went out", required=True)
    invited = fact(frozenset[str], "Departments invited, or that the bulletin is for")
    attended = fact(frozenset[str], "Departments that came, or that got it")
    minutes_at = fact(datetime, "When the minutes were sent", after=at)


class follow_up(Facts, rows=Given("follow_ups"), dated_by="set_at", clerk="owner"):  # noqa: N801
    """One thing that a meeting decided somebody should do."""

    id = key("Number of the follow-up")
    meeting = code("Number of the meeting")
    set_at = fact(datetime, "When it was decided", required=True)
    what = fact(str, "What is to be done")
    owner = code("Clerk or department that does it")
    due_on = fact(date, "The day by which it is done", planned=True)
    done_at = fact(datetime, "When it was done", after=set_at)

    assigned = fact(owner.is_known() & due_on.is_known(), "Whether it has an owner and a due day")

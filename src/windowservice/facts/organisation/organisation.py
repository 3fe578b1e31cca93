"""What may be said of the window as it is organised: businesses, opening hours, roll-out, paths of matters, clerks.

None of these records stands in a table: they are made from the whole ledger, so that a business without an owner, an
opening hour without a clerk and a bank that is not connected are records too.
"""

from __future__ import annotations

from datetime import date, datetime

from windowservice.language.tree.fact import code, fact, key
from windowservice.language.tree.facts import Facts, Given, Made

__all__ = ["assignment", "business", "clerk_period", "front_end", "matter_path", "opening", "roll_out", "roster_entry"]


class assignment(Facts, rows=Given("assignments"), clerk="owner"):  # noqa: N801 - as it stands in rules
    """One line of the duty matrix: a kind of business with task, standard, limit, rule, owner and authority."""

    id = key("Number of the line, unique in the ledger")
    service = code("Id of the kind of business", required=True)
    task = fact(str, "What is to be done (定任务)")
    standard = fact(str, "How well (定标准)")
    limit = fact(str, "By when (定时限)", limit=True)
    rule = fact(str, "By which rule (定准则)")
    owner = code("Clerk who answers for it")
    deputy = code("Clerk who stands in")
    authority = fact(str, "Who may decide or authorise")
    since = fact(date, "First day on which the line holds; without it, always", planned=True)
    until = fact(date, "Last day", planned=True, after=since)


class roster_entry(Facts, rows=Given("roster"), dated_by="starts_at", clerk="clerk"):  # noqa: N801
    """One clerk's time on duty."""

    id = key("Number of the row, unique in the ledger")
    clerk = code("The clerk", required=True)
    post = code("The post or counter")
    starts_at = fact(datetime, "When it begins", required=True, planned=True)
    ends_at = fact(datetime, "When it ends", planned=True, after=starts_at)


class front_end(Facts, rows=Given("front_ends")):  # noqa: N801
    """One bank that is to be connected to the front-end subsystem."""

    id = key("Number of the row, unique in the ledger")
    bank = code("Id of the bank", required=True)
    connected_on = fact(date, "Day from which it is connected")
    left_on = fact(date, "First day on which it no longer is", after=connected_on)


class business(Facts, rows=Made("businesses"), dated_by="until", clerk="owner"):  # noqa: N801
    """A kind of business with its line of the duty matrix."""

    id = fact(str, "The kind of business", required=True)
    until = fact(datetime, "The instant judged", required=True, planned=True)
    lines = fact(int, "How many lines of the matrix hold for it")
    missing_parts = fact(
        frozenset[str], "What its line does not state, of task, standard, limit, rule, owner and authority"
    )
    owner = fact(str, "The clerk who answers for it")
    owner_on_roster = fact(bool, "Whether the owner belongs to the staff on that day; missing if no staff is listed")
    limit_agrees = fact(bool, "Whether its limit is the published one; missing if either is not stated")


class opening(Facts, rows=Made("openings"), dated_by="begins_at"):  # noqa: N801
    """One session of the opening hours, with who was on duty."""

    id = fact(str, "The session", required=True)
    begins_at = fact(datetime, "When the window opens", required=True, planned=True)
    ends_at = fact(datetime, "When it closes", required=True, planned=True)
    on_duty = fact(frozenset[str], "The clerks on duty at any time of it")
    uncovered = fact(int, "How long nobody was on duty; missing if it cannot be told", unit="seconds")
    alone = fact(int, "How long fewer than two were on duty; missing if it cannot be told", unit="seconds")


class roll_out(Facts, rows=Made("roll_outs"), dated_by="until"):  # noqa: N801
    """How far the front-end subsystem has come by the end of a month."""

    id = fact(str, "The words front end, and the month", required=True)
    until = fact(datetime, "The end of the month", required=True, planned=True)
    banks = fact(int, "How many banks there are to connect", unit="bank")
    connected = fact(int, "How many of them are connected", unit="bank")
    connected_before = fact(int, "How many were connected a month before", unit="bank")
    missing = fact(frozenset[str], "The banks that are not connected")

    share = fact(connected / banks, "The share of the banks that is connected")


class matter_path(Facts, rows=Made("matter_paths"), dated_by="submitted_at"):  # noqa: N801
    """A request that was handed over: who held it for how long, and how often it came back."""

    id = fact(str, "The request, with the word path", required=True)
    bank = fact(str, "The bank that asked", required=True)
    service = fact(str, "The kind of business", required=True)
    submitted_at = fact(datetime, "When its time began to be counted", required=True)
    clerks = fact(int, "How many clerks held it")
    returns = fact(int, "How often it went back to somebody who had held it before")
    held = fact(int, "Open time with the clerks", unit="seconds")
    between = fact(int, "Open time between two posts: handed over and not yet taken", unit="seconds")
    waiting = fact(int, "Open time of waiting for others: applicant, upper level, stops of the clock", unit="seconds")
    finished_at = fact(datetime, "When it was decided, refused or taken back")


class clerk_period(Facts, rows=Made("clerk_periods"), dated_by="until", clerk="clerk"):  # noqa: N801
    """What a clerk, or the clerks of a post, finished in a month, against what such matters take."""

    id = fact(str, "The clerk, or the word post and the post, and the month", required=True)
    clerk = fact(str, "The clerk; none for a post as a whole")
    until = fact(datetime, "The end of the month", required=True, planned=True)
    post = fact(str, "The post of the clerk, or the post itself")
    matters = fact(int, "How many parts in finished matters there are to compare", unit="matter")
    own_time = fact(int, "Open time for which they were held, waiting for others taken out", unit="seconds")
    expected_time = fact(
        int, "What parts in matters of these kinds and this difficulty take; missing without any", unit="seconds"
    )

"""Who took part in which kind of business, held against the roles that the catalogue wants for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Final

from windowservice.domain.catalogue.service import Service
from windowservice.domain.parties import Clerk
from windowservice.domain.records import Record
from windowservice.instants import to_us

if TYPE_CHECKING:
    from windowservice.engine.seen import Seen

__all__ = ["STEPS", "make_qualifications", "roles_wanted"]

STEPS: Final = ("accepted", "decided")
"""The steps for which the catalogue names roles."""


def make_qualifications(seen: Seen) -> list[Record]:
    """Return a record for every clerk, kind of business and step that occurs in a ledger's requests.

    Acceptance wants the role of the kind's first owner, a decision that or the role of its back office. A ledger whose
    staff table states no roles at all keeps no qualifications, and gets none. The roles are those of the days on which
    the clerk did it; of several days the first on which they did not fit counts, then one of which they are not told.
    """
    staff = {clerk.id: clerk for clerk in seen.ledger.staff}
    if not any(clerk.roles for clerk in staff.values()):
        return []
    catalogue = seen.catalogue
    acts: dict[tuple[str, str, str], list[datetime]] = defaultdict(list)
    for request in seen.requests:
        for event in request.timeline:
            if event.kind in STEPS and event.by is not None and to_us(event.at) <= seen.us:
                acts[event.by, request.service, event.kind].append(event.at)
    found = []
    for (clerk, kind, step), instants in sorted(acts.items()):
        wanted = roles_wanted(catalogue[kind], step) if kind in catalogue else frozenset()
        found.append(
            Record(
                "qualifications",
                {
                    "id": f"{clerk} / {kind} / {step}", "clerk": clerk, "service": kind, "step": step,
                    "first_at": min(instants), "matters": len(instants), "wanted": wanted or None,
                    "held": _held(staff[clerk], instants, wanted, seen.zone) if clerk in staff else None,
                },
            )
        )  # fmt: skip
    return found


def _held(clerk: Clerk, instants: Iterable[datetime], wanted: frozenset[str], zone: tzinfo) -> frozenset[str] | None:
    """Return the roles of the day that decides whether they fit; None if they are not told of it."""
    days = sorted({at.astimezone(zone).date() for at in instants})
    by_day = [clerk.roles_on(day) for day in days]
    wrong = next((held for held in by_day if held and wanted and not held & wanted), None)
    return wrong or min(by_day, key=bool) or None


def roles_wanted(service: Service, step: str) -> frozenset[str]:
    """Return the roles of which a kind wants one for a step; none if it names none."""
    roles = (service.owner_role,) if step == "accepted" else (service.owner_role, service.back_office_role)
    return frozenset(role for role in roles if role is not None)

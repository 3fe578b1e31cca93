"""The duties of a window, by id, as a TOML file lists them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from windowservice.domain.duties.duty import WHAT, Duty
from windowservice.domain.duties.reading import read_duties
from windowservice.errors import InvalidDocument, UnknownName

__all__ = ["Duties"]


class Duties(Mapping[str, Duty]):
    """The duties of a window, by id.

    Attributes:
        version: the version of the list.
    """

    __slots__ = ("_by_id", "version")

    def __init__(self, duties: Iterable[Duty], version: str = "") -> None:
        """Hold the duties.

        Raises:
            InvalidDocument: if two have one id, or one shares its deeds with a duty that is not there.
        """
        listed = tuple(duties)
        self.version = version
        self._by_id = {duty.id: duty for duty in listed}
        problems = [
            (f"duties[{place}].id", f"the id {duty.id!r} stands twice")
            for place, duty in enumerate(listed) if self._by_id[duty.id] is not duty
        ]  # fmt: skip
        for place, duty in enumerate(listed):
            for other in sorted(duty.shared.duties if duty.shared else ()):
                if other not in self._by_id:
                    problem = str(UnknownName("duty", other, tuple(self._by_id)))
                    problems.append((f"duties[{place}].shared.duties", problem))
        if problems:
            raise InvalidDocument(WHAT, tuple(problems))

    @classmethod
    @cache
    def default(cls) -> Duties:
        """Return the duties that the library comes with."""
        return cls.from_toml(Path(__file__).with_name("duties.toml"))

    @classmethod
    def built_in(cls) -> tuple[Duty, ...]:
        """Return the duties of the default list, one by one."""
        return tuple(cls.default().values())

    @classmethod
    def from_toml(cls, source: Path | str) -> Duties:
        """Return the duties of a TOML file, or of its text.

        Raises:
            InvalidDocument: with every problem and its path.
            OSError: if the file cannot be opened.
        """
        return read_duties(cls, source)

    def __getitem__(self, id: str) -> Duty:  # noqa: A002 - the field's word
        try:
            return self._by_id[id]
        except KeyError:
            raise UnknownName("duty", id, tuple(self._by_id)) from None

    def __contains__(self, id: object) -> bool:  # noqa: A002
        return id in self._by_id

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

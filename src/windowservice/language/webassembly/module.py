"""The rules of a vocabulary as a WebAssembly module, and the columns that it judges.

A module is made once for some rules and what their source records; it is run on piece after piece of columns.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from windowservice.language.python.compile import Written
from windowservice.language.tree.kernels import DATED, Binding
from windowservice.language.webassembly.image import Image, Parsed, words_of
from windowservice.language.webassembly.printer import CodePrinter
from windowservice.worktime.compiled.functions import HELPERS, address, reached
from windowservice.worktime.compiled.runtime import Compiled, Words
from windowservice.worktime.integers.layout import Layout
from windowservice.worktime.integers.memory import (
    BASE,
    CALENDAR,
    CALENDAR_OF,
    CIVIL,
    DOUBT,
    EMPTY,
    END,
    LIMIT_OF,
    SPARE,
    TOP,
    WORDS,
)  # fmt: skip

if TYPE_CHECKING:
    import numpy as np

    Ints = np.ndarray[Any, Any]

__all__ = ["STARTS", "WIDTH", "Given", "Module", "module_text"]

STARTS: Final = "first of a record"
"""The column that says for each record where its children begin."""
WIDTH: Final = 5
"""How many numbers a row has that is told of a record: its own, that of a rule and of a condition, and two values."""
_ROOM: Final = 1 << 14
"""How many words every record has room for: sets, rows and clocks."""
_ROOM_OF_CHILD: Final = 64
"""How many more for each of its children."""


def module_text(codes: Sequence[Written]) -> tuple[str, Image, frozenset[str]]:
    """Return a module of functions as text, what it finds in its memory, and the columns that kernels take as rows.

    Raises:
        NotColumnar: if some of it cannot be said in whole numbers.
    """
    parsed = [Parsed(code) for code in codes]
    image = Image(set().union(*map(words_of, parsed)))
    printers = [CodePrinter(one, image) for one in parsed]
    starts, doubts = image.column("child", STARTS), image.result()
    texts = [printer.text(f"judge_{place}") for place, printer in enumerate(printers)]
    called = {name: one for printer in printers for name, one in printer.called.items()}

    def bound(row: str) -> str:
        return f"(i64.load {address(f'(i64.add (i64.load offset={8 * starts} (i32.const 0)) {row})')})"

    record = "(local.get $record)"
    after = f"(i64.add {record} (i64.const 1))"
    calls = [
        f"(drop (call $judge_{place} {record} {bound(record)} {bound(after)} (local.get $as_of)))"
        for place in range(len(texts))
    ]
    base = f"(i64.load offset={8 * BASE} (i32.const 0))"
    run = [
        '(func (export "run") (param $record i64) (param $end i64) (param $as_of i64)',
        f"(block $done (loop $next (br_if $done (i64.ge_s {record} (local.get $end)))",
        f"(i64.store offset={8 * DOUBT} (i32.const 0) (i64.const 0))",
        f"(i64.store offset={8 * TOP} (i32.const 0) {base})",
        *calls,
        f"(i64.store {address(f'(i64.add (i64.load offset={8 * doubts} (i32.const 0)) {record})')}"
        f" (i64.load offset={8 * DOUBT} (i32.const 0)))",
        f"(local.set $record {after}) (br $next))))",
    ]
    whole = ['(module (memory (export "memory") 1)', *HELPERS, *reached(called), *texts, *run, ")"]
    return _ascii("\n".join(whole)), image, frozenset().union(*(printer.collected for printer in printers))


def _ascii(text: str) -> str:
    """Return a text with the names in it that are not ASCII spelt in it."""
    return text if text.isascii() else text.encode("ascii", "backslashreplace").decode()


class Given(NamedTuple):
    """What a module is run on.

    Attributes:
        columns: the columns by level and name; that of `STARTS` has one more number than there are records.
        lists: the nodes of the columns that are sets, as `Columns.lists` gives them.
        words: the words of code and columns.
        table: makes a table of pointers by the codes of words.
        amounts: the texts that are limits, with their pointers.
        begin: the instant from which calendars are wanted.
        end: the instant up to which they are wanted.
        zones: the zones that records name, and no calendar, if the code asks for dates in a zone.
    """

    columns: Mapping[tuple[str, str], Ints]
    lists: Mapping[tuple[str, str], Ints]
    words: Collection[str]
    table: Callable[[Mapping[str, int]], Ints]
    amounts: Mapping[str, int]
    begin: int
    end: int
    zones: frozenset[str] = frozenset()


class Module:
    """A compiled module.

    Attributes:
        image: what it finds in its memory.
        amounts: the columns that kernels take as rows, some of whose texts may be limits.
        asks_zones: whether the code asks for dates in a zone that a record names.
    """

    def __init__(self, codes: Sequence[Written], binding: Binding) -> None:
        text, self.image, self.amounts = module_text(codes)
        self._binding = binding
        self._held: tuple[int, int, Ints, dict[str, int], int] | None = None
        self.asks_zones = any(kernel is DATED for code in codes for kernel, _ in code.unit.kernels)
        self._rows = 1
        self._compiled = Compiled(text)

    def _memory(
        self, begin: int, end: int, words: Collection[str], zones: frozenset[str]
    ) -> tuple[Ints, dict[str, int]]:
        """Return the memory with the calendars between two instants that words name, and of zones; where they stand."""
        import numpy as np

        named = zones.union(name for name in self._binding.calendars if name in words)

        word, items, held = self.image.word, self.image.items, self._held
        head = {at: word(one) if isinstance(one, str) else items(one) for at, one in self.image.head.items()}
        fixed = len(self.image.layout.memory)
        if held is None or begin < held[0] or end > held[1] or fixed != held[4] or not named <= held[3].keys():
            if held is not None:
                begin, end, named = min(begin, held[0]), max(end, held[1]), named | held[3].keys()
            layout, binding = Layout(begin, end), self._binding
            memory = layout.memory = list(self.image.layout.memory)
            memory[CIVIL] = layout.calendar(binding.calendar)
            memory[CALENDAR] = memory[CIVIL] if binding.has_default else 0
            memory[EMPTY] = word("")
            for at, meant in head.items():
                memory[at] = meant
            known = binding.calendars
            places = {
                name: layout.calendar(known[name] if name in known else binding.in_zone(name)) for name in sorted(named)
            }
            self._held = held = begin, end, np.array(memory, np.int64), places, fixed
        return held[2:4]

    def run(self, height: int, as_of: int, given: Given) -> tuple[list[Ints], Ints]:
        """Return the results for each record, last whether it could not be told, and the rows told of some of them.

        Args:
            height: how many records there are.
            as_of: the instant judged, in microseconds UTC.
            given: what is judged.

        Raises:
            NotColumnar: if the module cannot be run on it: it asks for too much memory, or for what there is not.
        """
        import numpy as np

        image, calendars = self._memory(given.begin, given.end, given.words, given.zones)
        tables = [given.table(calendars), given.table(given.amounts)]
        parts = [image, *tables, *given.lists.values(), *given.columns.values()]
        room = _ROOM + _ROOM_OF_CHILD * int(np.diff(given.columns["child", STARTS]).max(initial=0))
        place = self.image.told
        while True:
            told = 0 if place is None else WIDTH * (self._rows * height + 1)
            count = sum(map(len, parts)) + height * len(self.image.results) + told + room + SPARE
            with self._compiled.memory(count, image) as words:
                results = self._placed(words, tables, given, height, told)
                begin = words.held[BASE] - told
                words.held[END] = words.free + room
                words.run("run", 0, height, as_of)
                rows = 0 if place is None else int(words.held[place] - begin) // WIDTH
                doubts, *kept = [column.copy() for column in results]
                if rows <= self._rows * height:
                    return [*kept, doubts], words.held[begin : begin + WIDTH * rows].copy().reshape(rows, WIDTH)
            self._rows = rows // height + 1  # so many failed that there was no room to tell what was missed

    def _placed(self, words: Words, tables: Sequence[Ints], given: Given, height: int, told: int) -> list[Ints]:
        """Put all that is judged into the memory; return where the results will stand."""
        import numpy as np

        head = words.held
        head[CALENDAR_OF], head[LIMIT_OF] = (words.put(table) for table in tables)
        head[WORDS] = len(tables[0])
        for key, at in self.image.columns.items():
            column = given.columns[key]
            if key in given.lists:
                first = words.free - 1  # the nodes count from 1 on
                nodes = given.lists[key].copy()
                nodes[1::2] += np.where(nodes[1::2] != 0, first, 0)
                words.put(nodes)
                column = column + np.where(column > 0, first, 0)
            head[at] = words.put(column)
        results = []
        for at in self.image.results:
            head[at] = words.free
            results.append(words.room(height))
            results[-1][:] = 0
        if self.image.told is not None:
            head[self.image.told] = words.free
            words.room(told)
            head[self.image.told + 1] = words.free - WIDTH
        head[BASE] = head[TOP] = words.free
        return results

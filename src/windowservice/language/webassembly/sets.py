"""Sets of texts and collected rows in whole numbers: linked lists in the scratch of a memory.

A set is a pointer of a node (item, next), 0 if it is empty; no item stands in it twice. A row is a node (next, fields).
What is added stands before what was there, so that a set that others hold does not change.
"""

from __future__ import annotations

from windowservice.worktime.integers.memory import END, NONE, Memory, has, least, take, with_text

__all__ = ["common", "covers", "line_of", "linked", "minus", "row_in_force", "row_told", "size", "union"]


def union(m: Memory, items: int, others: int) -> int:
    """Return what stands in either of two sets."""
    out = items
    node = others
    while node != 0:
        out = with_text(m, out, m[node])
        node = m[node + 1]
    return out


def minus(m: Memory, items: int, others: int) -> int:
    """Return what stands in the first set and not in the other."""
    out = 0
    node = items
    while node != 0:
        if has(m, others, m[node]) == 0:
            out = with_text(m, out, m[node])
        node = m[node + 1]
    return out


def common(m: Memory, items: int, others: int) -> int:
    """Return what stands in both sets."""
    out = 0
    node = items
    while node != 0:
        if has(m, others, m[node]) == 1:
            out = with_text(m, out, m[node])
        node = m[node + 1]
    return out


def covers(m: Memory, items: int, others: int) -> int:
    """Return 1 if all of the other set stands in the first, else 0."""
    node = others
    while node != 0:
        if has(m, items, m[node]) == 0:
            return 0
        node = m[node + 1]
    return 1


def size(m: Memory, items: int) -> int:
    """Return how many items stand in a set."""
    count = 0
    node = items
    while node != 0:
        count += 1
        node = m[node + 1]
    return count


def linked(m: Memory, last: int, width: int) -> int:
    """Return a new node of a list of rows, after the last one (0 if it is the first); one by itself without room."""
    node = take(m, width + 1)
    m[node] = 0
    if last != 0 and node != m[END]:
        m[last] = node
    return node


def line_of(m: Memory, node: int, key: int) -> int:
    """Return where a key leads in a node of keys, NONE if it does not stand there.

    A node is: how many keys it has, and for each, in order, the key and where it leads: another node, or a line.
    """
    if node == NONE:
        return NONE
    low = 0
    high = m[node]
    while low < high:
        middle = (low + high) // 2
        if m[node + 1 + 2 * middle] < key:
            low = middle + 1
        else:
            high = middle
    at = node + 1 + 2 * low
    return m[at + 1] if low < m[node] and m[at] == key else NONE


def row_in_force(m: Memory, table: int, key: int, when: int) -> int:
    """Return the pointer of the row of figures in force for a key at an instant.

    A table is: how many keys it has, the row of those that have none, and for each key a pointer of its dates: how many
    there are, the dates, and then the rows, one more than dates.
    """
    if key == NONE or key >= m[table]:
        return m[table + 1]
    dates = m[table + 2 + key]
    if dates == 0:
        return m[table + 1]
    count = m[dates]
    row = 0
    if when != NONE:
        while row < count and m[dates + 1 + row] <= when:
            row += 1
    return m[dates + 1 + count + row]


def row_told(m: Memory, place: int, width: int) -> int:
    """Return the pointer of one more row of a table.

    A word of the head says where the next row stands, and the one behind it where the last one may, which is written
    again and again if there is no room: then the first word lies behind it in the end.
    """
    row = m[place]
    m[place] = row + width
    return least(m, row, m[place + 1])

"""Which records to look at on which day."""

from __future__ import annotations

import heapq

from lawgov_rules.links import Key


class DueQueue:
    """Keys by the day on which each wakes; a key has one day, or none.

    A key that is given another day leaves its old entry behind, which is passed over when its day comes; so every
    step costs the logarithm of the number of keys, and a day costs what it wakes.
    """

    def __init__(self) -> None:
        self._heap: list[tuple[int, Key]] = []
        self._day: dict[Key, int] = {}

    def put(self, key: Key, day: int | None) -> None:
        """Let a key wake on a day, or never."""
        if day is None:
            self._day.pop(key, None)
        elif self._day.get(key) != day:
            self._day[key] = day
            heapq.heappush(self._heap, (day, key))
        if len(self._heap) > 2 * len(self._day) + 64:
            self._heap = [(day, key) for key, day in self._day.items()]
            heapq.heapify(self._heap)

    def day(self, key: Key) -> int | None:
        """The day on which a key wakes."""
        return self._day.get(key)

    def take(self, until: int) -> list[Key]:
        """The keys that wake on or before a day; they leave the queue."""
        found = []
        while self._heap and self._heap[0][0] <= until:
            day, key = heapq.heappop(self._heap)
            if self._day.get(key) == day:
                del self._day[key]
                found.append(key)
        return found

    def __len__(self) -> int:
        return len(self._day)

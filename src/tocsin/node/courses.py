"""What a centre does one after the other while disks are waited for elsewhere: commits, requests, answers.

Each course is a function in steps (`log.steps`). Without `apart` every course runs to its end at once, as in
simulation. With it, the steps that wait for a disk are done beside, and the centre reads, computes and talks
meanwhile; but the courses themselves never meet: the next one begins when the one before has ended. So what stands
between two steps of a course is what stood there before, and an entry is durable before its receipt or vote is shown.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from tocsin.log.steps import Steps, Work, at_once

Then = Callable[[Any, Exception | None], None]


class Beside(Protocol):
    """Work under way elsewhere."""

    def wait(self) -> Exception | None:
        """Blocks until it is done; why it failed, if it did."""
        ...


Apart = Callable[[Work, Callable[[], None]], Beside]
"""Does work elsewhere, and calls the second function here when it is done."""


@dataclass(slots=True, eq=False)
class _Course:
    steps: Steps[Any]
    then: Then
    beside: Beside | None = None
    ended: bool = False


def _raise(_: object, error: Exception | None) -> None:
    if error is not None:
        raise error


class Courses:
    """`begin` one, or `settle` all."""

    def __init__(self) -> None:
        self.apart: Apart | None = None
        self._waiting: deque[_Course] = deque()
        self._current: _Course | None = None
        self._advancing = False

    def begin(self, steps: Steps[Any], then: Then = _raise) -> None:
        """At once, or after those that began before; `then` gets its result or its failure."""
        self._waiting.append(_Course(steps, then))
        if self._current is None:
            self._next()

    def now(self, steps: Steps[Any]) -> Any:
        """Its result, after everything that began before; waits for disks in place."""
        self.settle()
        return at_once(steps)

    def settle(self) -> None:
        """Wait until everything has ended that began before. Within a course there is nothing to wait for."""
        last = self._waiting[-1] if self._waiting else self._current
        while last is not None and not last.ended and self._current is not None and not self._advancing:
            course = self._current
            if course.beside is None:
                raise AssertionError("a course stands still although nothing is under way for it")
            self._go_on(course, course.beside.wait())

    def _next(self) -> None:
        while self._current is None and self._waiting:
            self._current = self._waiting.popleft()
            self._go_on(self._current, None)

    def _done(self, course: _Course, beside: Beside) -> None:
        """Called by whoever works apart; too late where `settle` was faster."""
        if course.beside is beside:
            self._go_on(course, beside.wait())

    def _go_on(self, course: _Course, error: Exception | None) -> None:
        """To the next step that is done apart, or to the end."""
        result = None
        course.beside, self._advancing = None, True
        try:
            while True:
                work = course.steps.throw(error) if error is not None else next(course.steps)
                error = None
                if self.apart is not None:
                    course.beside = self._elsewhere(self.apart, course, work)
                    return
                try:
                    work()
                except Exception as failed:
                    error = failed
        except StopIteration as stop:
            result, error = stop.value, None
        except Exception as failed:
            error = failed
        finally:
            self._advancing = False
        self._current, course.ended = None, True
        try:
            course.then(result, error)
        finally:
            self._next()

    def _elsewhere(self, apart: Apart, course: _Course, work: Work) -> Beside:
        beside: Beside = apart(work, lambda: self._done(course, beside))
        return beside

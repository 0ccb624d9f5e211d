"""Work that waits for a disk, as steps: whoever drives them says where each is done, here or beside what goes on.

A function that must make something durable is a generator. It yields what is to be done, and goes on when that is
done, or failed: then the failure is raised at the yield, as if it had been done in place. What is yielded touches
stores, cells and signers only; everything that others read meanwhile is changed between the yields.
"""

from collections.abc import Callable, Generator
from typing import TypeVar

T = TypeVar("T")
Work = Callable[[], None]
Steps = Generator[Work, None, T]


def at_once(steps: Steps[T]) -> T:
    """Do each step here and now."""
    try:
        work = next(steps)
        while True:
            try:
                work()
            except Exception as error:
                work = steps.throw(error)
            else:
                work = next(steps)
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]

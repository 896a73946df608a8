"""Very many objects, without the collector of cycles going through them again and again."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def gathering() -> Iterator[None]:
    """While reports are read by the thousand. They refer to each other in no circles, but whenever
    some hundred more have come, the collector looks through them: that takes as long again.

    Of two threads at once, whoever is ready first lets it work again.
    """
    worked = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if worked:
            gc.enable()


def settle() -> None:
    """When a process that stays has started: all that is there by now stays as well. To go through
    that too would take 20 to 32 ms each time."""
    gc.collect()
    gc.freeze()

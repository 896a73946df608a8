"""How often Python looks for garbage: set once, when a process that stays has started."""

import gc

SELDOM = 10_000
"""So many objects more than before are looked through at one go, instead of 700: the reports that
a digest is made of are some ten thousand, and none of them is garbage while it is made."""


def settle() -> None:
    """All that is there by now stays. To search it too would take 20 to 32 ms each time, and
    several times in a digest."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(SELDOM)

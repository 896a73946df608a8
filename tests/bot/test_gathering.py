"""The collector of cycles rests while very many objects are made, and works again afterwards."""

import gc

import pytest

from bot.gathering import gathering


def fails() -> None:
    assert not gc.isenabled()
    raise KeyError


def test_the_collector_works_again_afterwards_whatever_happened():
    with pytest.raises(KeyError), gathering():
        fails()
    assert gc.isenabled()


def test_one_within_another_leaves_it_at_rest():
    with gathering():
        with gathering():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()

"""The benchmarks still run. How fast anything is, no test asks."""

import pytest

from benchmarks.__main__ import found


@pytest.mark.parametrize("name", found())
def test_a_benchmark_says_what_it_has_measured(name: str):
    row = next(found()[name](0.0))  # the first will do: each row starts processes of its own
    assert all((row.what, row.value, row.aim))

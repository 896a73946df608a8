"""The benchmarks still run. How fast anything is, no test asks."""

import pytest

from benchmarks.__main__ import found


@pytest.mark.parametrize("name", found())
def test_a_benchmark_says_what_it_has_measured(name: str):
    rows = list(found()[name](0.0))
    assert rows
    assert all(row.what and row.value and row.aim for row in rows)

"""How fast Brobot is, beside the least that the same work can cost. Not tests: nothing here fails.

    python -m benchmarks [name…] [--write]

Each module with a `measure` is a benchmark; the rest is what they are made of.
"""

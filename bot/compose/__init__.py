"""The composition root: the one place that knows all rooms, and puts them together.

Named in the import contracts as their exception. Each kind of process has a file here, so that it
loads no other's parts.
"""

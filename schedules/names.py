"""What the alarms are called: known also where none of them rings."""

NAMES = ("delivery", "digest", "reminders", "inquiries", "disposal", "tallies")
"""Every alarm's pulse, by its name."""

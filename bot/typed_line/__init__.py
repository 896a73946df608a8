"""What a person types after a slash command, read as raw answers for the form.

`/workshop Exportdag för småföretag 12 mars Kumla, Hallsberg 24 deltagare`

The line is cut into words (`words`). Recognisers go over it in turn (`line` has their order), each
says which stretch it understood, and what one has taken the next does not see. What is left is the
title (`title`).

Two rules settle the doubtful cases. Nothing typed is lost: a word is in an answer's stretch or in
the rest. And an empty field costs the person less than a wrong one: what is not clear stays in
the title, where it can be read.
"""

from bot.typed_line.form import LineContext, Place
from bot.typed_line.line import Part, parts_of, read_line
from bot.typed_line.place_names import place_called

__all__ = ["LineContext", "Part", "Place", "parts_of", "place_called", "read_line"]

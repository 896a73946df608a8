"""What was typed and not understood, said back to whoever typed it."""

from bot.language import Language

LONGEST = 60


def not_understood(typed: str, language: Language) -> str:
    words = " ".join(typed.split())
    short = words if len(words) <= LONGEST else f"{words[:LONGEST]}…"
    return language.t("I do not understand “{words}”.", words=short)

"""What was typed and not understood, said back to whoever typed it."""

from bot.language import Language

LONGEST = 60


def not_understood(typed: str, language: Language, near: str = "") -> str:
    """`near` is a command that they may have meant."""
    words = " ".join(typed.split())
    short = words if len(words) <= LONGEST else f"{words[:LONGEST]}…"
    sentence = language.t("I do not understand “{words}”.", words=short)
    return f"{sentence} {meant(near, language)}".strip()


def meant(near: str, language: Language) -> str:
    return language.t("Did you mean {command}?", command=near) if near else ""

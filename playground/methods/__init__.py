"""The methods of the Web API. Importing this package registers them all."""

from playground.methods import chat, conversations, files, system, users, views

__all__ = ["chat", "conversations", "files", "system", "users", "views"]

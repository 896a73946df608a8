"""The kinds of report. A file in this folder with a `Report` in it is a kind; nothing else is."""

from collections.abc import Mapping
from importlib import import_module
from inspect import getmembers, isabstract, isclass
from pkgutil import iter_modules
from types import MappingProxyType

from bot.reports.report import Names, Report, Wording

__all__ = ["Names", "Report", "Wording", "kinds"]


def kinds() -> Mapping[str, type[Report]]:
    """Every kind of report by its name, in the order of the file names."""
    found = (kind for info in iter_modules(__path__) for kind in _in(info.name))
    return MappingProxyType({kind.kind: kind for kind in found})


def _in(module_name: str) -> list[type[Report]]:
    module = import_module(f"{__name__}.{module_name}")
    return [
        member
        for _, member in getmembers(module, isclass)
        if issubclass(member, Report)
        and member.__module__ == module.__name__
        and not isabstract(member)
    ]

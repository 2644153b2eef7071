"""`kg.__all__` is the public face: it lists what there is, and what PRODUCT's users call."""

from __future__ import annotations

import importlib
import pkgutil
import types

import pytest

import kg

PROMISED = {"open", "build", "Graph", "Patient", "Exposure", "Procedure", "Finding", "Verdict", "Report", "BuildReport", "KgError", "UnknownDrug"}


def test_all_lists_exactly_what_is_public() -> None:
    public = {name for name, value in vars(kg).items() if not name.startswith("_") and not isinstance(value, types.ModuleType)}
    assert public <= set(kg.__all__), "imported but not listed"
    assert [name for name in kg.__all__ if not hasattr(kg, name)] == []
    assert list(kg.__all__) == sorted(kg.__all__)
    assert set(kg.__all__) >= PROMISED


def test_every_error_is_public_and_of_the_family() -> None:
    errors = importlib.import_module("kg.errors")
    for name in errors.__all__:
        assert getattr(kg, name) is getattr(errors, name)
        assert issubclass(getattr(kg, name), kg.KgError)


@pytest.mark.parametrize("name", [name for name in kg.__all__ if name != "__version__"])
def test_every_public_name_is_documented(name: str) -> None:
    text = getattr(kg, name).__doc__ or ""
    assert len(text) > 20 and not text.startswith(f"{name}("), f"kg.{name} has no docstring of its own"


@pytest.mark.parametrize("module", sorted(info.name for info in pkgutil.walk_packages(kg.__path__, "kg.") if "_bundle" not in info.name))
def test_every_module_says_what_it_is_for_and_lists_what_there_is(module: str) -> None:
    loaded = importlib.import_module(module)
    assert loaded.__doc__, f"{module} has no docstring"
    assert [name for name in getattr(loaded, "__all__", ()) if not hasattr(loaded, name)] == []

"""`kg.__all__` is the public face: it lists what there is, and what PRODUCT's users call."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from pathlib import Path

import pytest

import kg

PROMISED = set("open build Graph Patient Exposure Procedure Finding Verdict Report BuildReport KgError UnknownDrug".split())


def test_all_lists_exactly_what_is_public() -> None:
    tree = ast.parse(Path(kg.__file__).read_text(encoding="utf-8"))
    for_types = [node for block in tree.body if isinstance(block, ast.If) for node in block.body if isinstance(node, ast.ImportFrom)]
    typed = {alias.name: node.module for node in for_types for alias in node.names}
    assert set(typed) | {"__version__"} == set(kg.__all__) == set(dir(kg))
    for name, module in typed.items():
        assert getattr(kg, name) is getattr(importlib.import_module(str(module)), name), "what type checkers see is what there is"
    assert list(kg.__all__) == sorted(kg.__all__)
    assert set(kg.__all__) >= PROMISED
    with pytest.raises(AttributeError, match="nonsense"):
        kg.nonsense  # noqa: B018


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

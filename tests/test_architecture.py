"""Data flows one way: no module imports one that stands later in this list."""

from __future__ import annotations

import ast
from pathlib import Path

import kg

LAYERS = (
    "errors version records vocab terms output files bundle tables knowledge table_checks names",
    "sources criteria codec graph folder sidecar store",
    "rows queries networks export shapes reason picture visuals checks show patients",
    "enrich building opened api terminal cohort diff cli",
)
ORDER = " ".join(LAYERS).split()

# what must not be imported although it stands earlier
NEVER = {
    "sources": {"knowledge", "names"},  # a reader reads, it does not understand
    "criteria": {"sources"},
    "checks": {"store", "graph", "sources"},  # a check needs no RDF
}

# an import on demand, of the same layer
SAME_LAYER = {("vocab", "terms")}

PACKAGE = Path(kg.__file__).parent


def imports(path: Path) -> set[str]:
    """The kg modules that a file imports at run time, at its top or inside a function."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found = set()
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write `from kg.x import y`"
            found |= {f"kg.{alias.name}" for alias in node.names} if node.module == "kg" else {node.module or ""}
    return {name.split(".")[1] for name in found if name.startswith("kg.")}


def modules() -> dict[str, set[str]]:
    """Top-level module or package → the modules that it imports."""
    found: dict[str, set[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        top = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if top not in ("__init__", "_bundle"):
            found.setdefault(top, set()).update(imports(path) - {top})
    return found


def test_every_module_has_its_place() -> None:
    assert set(modules()) - set(ORDER) == set(), "give new modules a place in ORDER and in docs/architecture.md"


def test_no_import_goes_upward() -> None:
    arrows = [(module, other) for module, others in modules().items() for other in others if other in ORDER]
    upward = {(module, other) for module, other in arrows if ORDER.index(other) > ORDER.index(module)}
    forbidden = {(module, other) for module, other in arrows if other in NEVER.get(module, ())}
    assert sorted(upward - SAME_LAYER | forbidden) == []


def test_the_architecture_page_names_every_module() -> None:
    page = (PACKAGE.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert [module for module in modules() if f"`{module}`" not in page] == []

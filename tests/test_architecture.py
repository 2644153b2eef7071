"""Data flows one way: no module imports one that stands later in this list."""

from __future__ import annotations

import ast
from pathlib import Path

import kg

LAYERS = (
    "errors version records vocab terms output files bundle tables knowledge table_checks names",
    "sources criteria codec graph folder sidecar store",
    "rows portable queries networks export shapes reason picture visuals checks show patients",
    "enrich building opened api remote terminal cohort diff web cli",
)
ORDER = " ".join(LAYERS).split()

# the steps of reading an eligibility text: the packages and modules of kg.criteria
READING = "words layout clauses populations times stances therapies bounds ruling engine".split()

# what must not be imported although it stands earlier
NEVER = {
    "sources": {"knowledge", "names"},  # a reader reads, it does not understand
    "criteria": {"sources"},
    "checks": {"store", "graph", "sources", "criteria"},  # a check needs rules, neither RDF nor what reads texts
}

# an import on demand, of the same layer
SAME_LAYER = {("vocab", "terms")}

PACKAGE = Path(kg.__file__).parent


def imports(path: Path, level: int = 1) -> set[str]:
    """The kg modules that a file imports at run time, at its top or inside a function; level 2 gives what stands in a package of kg."""
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
    return {parts[level] for parts in (name.split(".") for name in found) if parts[0] == "kg" and len(parts) > level}


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


def test_the_steps_of_reading_follow_each_other() -> None:
    upward = []
    for path in sorted((PACKAGE / "criteria").rglob("*.py")):
        step = path.relative_to(PACKAGE / "criteria").parts[0].removesuffix(".py")
        if step != "__init__":
            assert step in READING, f"{path}: give the new step its place in READING and in docs/eligibility.md"
            later = READING[READING.index(step) + 1 :]
            upward += [(str(path), other) for other in imports(path, 2) if other in later]
    assert upward == []


def test_the_architecture_page_names_every_module() -> None:
    page = (PACKAGE.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert [module for module in modules() if f"`{module}`" not in page] == []

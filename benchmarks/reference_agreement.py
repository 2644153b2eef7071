"""How far the tables agree with other people's: POTTR's drug classes, DrugCentral's targets and classes, and compiled facts.

    python benchmarks/reference_agreement.py [--disagreements]

Reads `../shared/reference`, which is not part of the project, and `reference_decisions.csv` beside this file, where every disagreement is
decided with a reason. Exits with 1 if one is not.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from kg.knowledge import Knowledge
from kg.names import Names

HERE = Path(__file__).parent
REFERENCE = HERE.parents[1] / "shared" / "reference"
DECISIONS = HERE / "reference_decisions.csv"

_UNSPECIFIC = re.compile(
    r"cancer_therapy|therapeutic_modality|immuno-oncology_therapy|immune_checkpoint_blockade,|undisclosed|^prodrug$|-targeting$"
)


@dataclass
class Comparison:
    """Claims of a reference, and what became of them."""

    name: str
    claims: int = 0
    ours: int = 0
    """Claims that the tables hold too."""
    arguable: int = 0
    """Those of them that the tables hold as arguable."""
    own: int = 0
    """What the tables say in the reference's own terms."""
    theirs: int = 0
    """What of that the reference says too."""
    missing: list[tuple[str, str]] = field(default_factory=list)
    """(drug, claim) that only the reference makes."""
    further: list[tuple[str, str]] = field(default_factory=list)
    """(drug, claim) that only the tables make."""
    drugs: int = 0
    known: int = 0

    def line(self) -> str:
        parts = [f"{self.known} of {self.drugs} drugs known"] if self.drugs else []
        held = f"{self.ours} of {self.claims} claims held here ({_share(self.ours, self.claims)}), {self.arguable} of them as arguable"
        parts.append(held)
        if self.own:
            parts.append(f"{self.theirs} of {self.own} claims made here held there ({_share(self.theirs, self.own)})")
        return f"{self.name}: {'; '.join(parts)}"

    def disagreements(self) -> Iterator[tuple[str, str, str]]:
        """(what the decision is filed under, drug, claim) of each claim that only one side makes."""
        yield from ((self.name, *pair) for pair in self.missing)
        yield from ((f"{self.name}, only here", *pair) for pair in self.further)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


class Reader:
    """Reads the references' words as keys of the tables."""

    def __init__(self) -> None:
        self.knowledge = Knowledge.load()
        self.names = Names.of(self.knowledge)
        self._classes: dict[str, frozenset[str]] = {}
        self.genes = {target.label.upper(): key for key, target in self.knowledge.targets.items() if target.kind == "gene"}

    def drug(self, names: Iterable[str]) -> str:
        """The drug that one of the names means, '' if none does."""
        for name in names:
            found = self.names.lookup(name, ("drug",))
            if len(found) == 1:
                return found[0].key
        return ""

    def classes(self, words: str) -> frozenset[str]:
        """The classes that a reference's class means, when its words are read as a protocol's would be."""
        if words not in self._classes:
            self._classes[words] = frozenset(self._read(words))
        return self._classes[words]

    def _read(self, words: str) -> Iterator[str]:
        if _UNSPECIFIC.search(words):
            return
        main, _, generation = words.partition(",")
        text = f"{generation} {main}".replace("_", " ").strip()
        for spelled in dict.fromkeys((text, text.replace("monoclonal antibody", "antibody"), main.replace("_", " "))):
            found = self.names.lookup(spelled, ("class",))
            if found:
                yield found[0].key
                return
            keys = [m.key for m in self.names.mentions(spelled) if m.kind == "class" and m.text == spelled]
            if keys and all(keys):
                yield from keys
                return


def pottr(reader: Reader) -> Comparison:
    """POTTR's drug database: which of its drug-class pairs the tables hold, among classes that both can express."""
    place = REFERENCE / "drug_classes_pottr"
    parents: dict[str, set[str]] = {}
    for line in (place / "drug_class_hierarchy.txt").read_text(encoding="utf-8", errors="replace").splitlines():
        chain = [part.strip() for part in line.split("\t") if part.strip()]
        for parent, child in pairwise(chain):
            parents.setdefault(child, set()).add(parent)
    rows = [line.split("\t") for line in (place / "drug_database.txt").read_text(encoding="utf-8", errors="replace").splitlines()[1:]]
    claimed: dict[str, set[str]] = {}
    direct: dict[str, set[str]] = {}
    result = Comparison("POTTR classes", drugs=sum(len(row) > 1 for row in rows))
    for row in rows:
        if len(row) < 2:
            continue
        drug = reader.drug(name.strip() for name in row[0].split("|"))
        if not drug:
            continue
        result.known += 1
        told = [part.strip() for part in row[1].split(";") if part.strip()]
        own = {key for words in told for key in reader.classes(words)}
        above = {key for words in _closure(parents, told) for key in reader.classes(words)}
        direct.setdefault(drug, set()).update(own)
        claimed.setdefault(drug, set()).update(own | above)
    return _compare_classes(reader, result, direct, claimed)


def _closure(parents: Mapping[str, set[str]], start: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    todo = list(start)
    while todo:
        for parent in parents.get(todo.pop(), ()):
            if parent not in seen:
                seen.add(parent)
                todo.append(parent)
    return seen


def _compare_classes(reader: Reader, result: Comparison, direct: Mapping[str, set[str]], claimed: Mapping[str, set[str]]) -> Comparison:
    knowledge = reader.knowledge
    telling = {key for key, c in knowledge.classes.items() if c.kind in ("mechanism", "chemistry")}
    expressible = {key for keys in claimed.values() for key in keys} & telling
    for drug, keys in direct.items():
        memberships = knowledge.memberships(drug)
        for key in sorted(keys & telling):
            result.claims += 1
            if key in memberships:
                result.ours += 1
                result.arguable += not memberships[key].plain
            else:
                result.missing.append((drug, key))
        if not keys & telling:
            continue
        said = set(claimed[drug])
        for key in claimed[drug]:
            said |= knowledge.class_ancestors(key)
        for key in sorted(set(memberships) & expressible):
            if memberships[key].plain:
                result.own += 1
                result.theirs += key in said
                if key not in said:
                    result.further.append((drug, key))
    return result


def drugcentral_classes(reader: Reader) -> Comparison:
    """DrugCentral's classes by mechanism, effect and structure, where its words name a class of the tables."""
    claimed: dict[str, set[str]] = {}
    result = Comparison("DrugCentral classes")
    seen: set[str] = set()
    with (REFERENCE / "drugcentral_2017" / "drug-to-class.tsv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            name = row["drugbank_name"]
            drug = reader.drug([name])
            if name not in seen:
                seen.add(name)
                result.drugs += 1
                result.known += bool(drug)
            if drug:
                claimed.setdefault(drug, set()).update(reader.classes(row["class_name"]))
    return _compare_classes(reader, result, claimed, claimed)


def drugcentral_targets(reader: Reader) -> Comparison:
    """DrugCentral's drug-target actions: are the tables' primary targets among them, and its own among the tables' targets?"""
    knowledge = reader.knowledge
    theirs: dict[str, set[str]] = {}
    genes = _gene_targets(reader)
    with (REFERENCE / "drugcentral_2017" / "targets.tsv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            target = genes.get(row["GeneID"])
            drug = reader.drug([row["drugbank_name"]])
            if drug and target and row["actions"]:
                theirs.setdefault(drug, set()).add(target)
    result = Comparison("DrugCentral targets", drugs=len(theirs), known=len(theirs))
    for drug, targets in sorted(theirs.items()):
        if not knowledge.drug_targets(drug):
            continue
        held: set[str] = set()
        for own in knowledge.drug_targets(drug, ""):
            held |= knowledge.answered_by(own.target)
        for target in sorted(targets):
            result.claims += 1
            result.ours += target in held
            if target not in held:
                result.missing.append((drug, target))
        for row_ in knowledge.drug_targets(drug):
            result.own += 1
            agreed = bool(knowledge.answered_by(row_.target) & targets)
            result.theirs += agreed
            if not agreed:
                result.further.append((drug, row_.target))
    return result


def _gene_targets(reader: Reader) -> dict[str, str]:
    """NCBI gene number → target, by the numbers that the tables' own rows from DrugCentral cite (targets carry HGNC numbers)."""
    found: dict[str, str] = {}
    for row in reader.knowledge.rows("drug_targets"):
        number = re.search(r"gene (\d+)$", row["detail"])
        if row["source"] == "drugcentral-2017" and number:
            found.setdefault(number[1], row["target"])
    return found


def facts(reader: Reader) -> Iterator[Comparison]:
    """The compiled facts on classes, targets and pharmacokinetic roles."""
    knowledge = reader.knowledge
    place = REFERENCE / "facts"
    classes = Comparison("compiled facts, classes")
    with (place / "drug_classes.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            drug, keys = reader.drug([row["subject"]]), reader.classes(row["object"])
            if row["predicate"] == "memberOf" and drug and keys:
                for key in keys:
                    classes.claims += 1
                    held = key in knowledge.memberships(drug)
                    classes.ours += held
                    classes.arguable += held and not knowledge.memberships(drug)[key].plain
                    if not held:
                        classes.missing.append((drug, key))
    yield classes
    targets = Comparison("compiled facts, targets")
    with (place / "drug_targets.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            drug, target = reader.drug([row["subject"]]), reader.genes.get(row["object"].upper())
            if drug and target:
                targets.claims += 1
                held = any(target in knowledge.answered_by(own.target) for own in knowledge.drug_targets(drug, ""))
                targets.ours += held
                if not held:
                    targets.missing.append((drug, target))
    yield targets
    roles = Comparison("compiled facts, inhibitors and inducers by strength")
    with (place / "cyp_perpetrators.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            found = re.fullmatch(r"(?:FDA )?(CYP\w+) (inhibitor|inducer)", row["predicate"])
            drug = reader.drug([row["subject"]])
            if found and drug and row["object"] in ("strong", "moderate", "weak"):
                wanted = (found[1].lower(), found[2], row["object"])
                roles.claims += 1
                held = any((r.enzyme, r.role, r.strength) == wanted for r in knowledge.pk_roles(drug, include_metabolites=False))
                roles.ours += held
                if not held:
                    roles.missing.append((drug, f"{row['object']} {found[2]} of {found[1]}"))
    yield roles


def results() -> list[Comparison]:
    """Every comparison."""
    reader = Reader()
    return [pottr(reader), drugcentral_classes(reader), drugcentral_targets(reader), *facts(reader)]


def decisions() -> dict[tuple[str, str, str], tuple[str, str]]:
    """(reference, drug, claim) → (decision, reason); drug or claim may be '*'."""
    with DECISIONS.open(encoding="utf-8") as lines:
        return {(row["reference"], row["drug"], row["claim"]): (row["decision"], row["reason"]) for row in csv.DictReader(lines)}


def filed(reference: str, drug: str, claim: str) -> tuple[tuple[str, str, str], ...]:
    """Where a decision on a disagreement may be filed, the most special place first."""
    return (reference, drug, claim), (reference, drug, "*"), (reference, "*", claim), (reference, "*", "*")


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--disagreements", action="store_true", help="print each disagreement with its decision")
    shown = parser.parse_args(argv)
    if not REFERENCE.is_dir():
        print(f"{REFERENCE} is not there: nothing to compare with", file=sys.stderr)
        return 0
    decided = decisions()
    undecided = 0
    for result in results():
        print(result.line())
        kinds: Counter[str] = Counter()
        for reference, drug, claim in result.disagreements():
            found = next((decided[key] for key in filed(reference, drug, claim) if key in decided), None)
            side = "only there" if reference == result.name else "only here"
            kinds[f"{side}: {found[0] if found else 'NOT DECIDED'}"] += 1
            undecided += found is None
            if shown.disagreements or not found:
                print(f"    {side}: {drug} {claim}: {': '.join(found) if found else 'NOT DECIDED'}")
        for kind, number in sorted(kinds.items()):
            print(f"  {number} {kind}")
    return 1 if undecided else 0


if __name__ == "__main__":
    sys.exit(main())

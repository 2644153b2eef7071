"""Every name that the tables hold, in one list, and which thing it names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kg.knowledge import Knowledge, Name

__all__ = ["Entry", "entries"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A name of a thing. `form`: label, synonym, code, brand, salt, abbreviation or spelling."""

    kind: str
    key: str
    name: str
    form: str


def entries(knowledge: Knowledge) -> Iterable[Entry]:
    """Labels first, then the other names, of drugs, classes, regimens, targets, enzymes, conditions and biomarkers."""

    def of(kind: str, key: str, label: str, names: Iterable[Name]) -> Iterable[Entry]:
        yield Entry(kind, key, label, "label")
        for name in names:
            yield Entry(kind, key, name.text, name.kind)

    for drug in knowledge.drugs.values():
        yield from of("drug", drug.key, drug.label, drug.names)
    for ambiguity in knowledge.ambiguities.values():
        for key in ambiguity.drugs:
            if key in knowledge.drugs:
                yield Entry("drug", key, ambiguity.name, "abbreviation")
    for drug_class in knowledge.classes.values():
        yield from of("class", drug_class.key, drug_class.label, drug_class.names)
    for regimen in knowledge.regimens.values():
        yield from of("regimen", regimen.key, regimen.label, regimen.names)
    for target in knowledge.targets.values():
        yield from of("target", target.key, target.label, target.names)
    for enzyme in knowledge.enzymes.values():
        yield from of("enzyme", enzyme.key, enzyme.label, enzyme.names)
        # Behind another enzyme of its kind an isoform goes by its number: "CYP3A4, 2C9 and 2D6", "OATP1B1/1B3".
        for name in (enzyme.label, *(n.text for n in enzyme.names)):
            number = name.removeprefix("CYP").removeprefix("OATP")
            if number != name and number[:1].isdigit():
                yield Entry("enzyme", enzyme.key, number, "abbreviation")
    for condition in knowledge.conditions.values():
        yield from of("condition", condition.key, condition.label, condition.names)
    for biomarker in knowledge.biomarkers.values():
        yield from of("biomarker", biomarker.key, biomarker.label, biomarker.names)

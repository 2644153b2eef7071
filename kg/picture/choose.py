"""From the graph to a picture: trials with their arms, drugs, targets and classes, and the sentences that bear on therapies.

A picture that holds everything is a hairball. Boxes are the things on the way from a trial to its drugs' classes, and the
sentences whose rules name therapies, enzymes or biomarkers; the other sentences stand behind one box a subject.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import networkx as nx

from kg import bundle
from kg.errors import UnknownTrial
from kg.picture.records import Facts, Item, Link, Picture, Sentence, TrialText
from kg.picture.sentences import Reader, plain
from kg.records import Source

__all__ = ["picture"]

_TRIAL, _ARM, _TREATMENT, _TARGET, _NAMED, _SENTENCE = range(6)
"""The columns, from left to right."""

_SUBJECT_RULES = ("PriorTherapyRule", "ConcomitantTherapyRule", "BiomarkerRule")
"""Rules whose sentence is a box of its own."""

_ENZYMES = ("Enzyme", "Transporter")
_TYPES = {"Drug": "drug", "DrugClass": "class", "Regimen": "class", "Biomarker": "biomarker", "Enzyme": "enzyme", "Transporter": "enzyme"}
_TELLING = ("strong", "moderate", "sensitive")
"""Strengths that make an enzyme worth a box although no sentence names it."""

_OTHERS = "Other sentences"


@cache
def _groups() -> dict[str, str]:
    with bundle.path("visuals/groups.csv").open(encoding="utf-8", newline="") as file:
        return {row["kind"]: row["group"] for row in csv.DictReader(file)}


def picture(graph: nx.MultiDiGraph, ncts: Sequence[str]) -> Picture:
    """The picture of trials, in the order given.

    Arguments:
        graph: as `kg.networks.to_networkx` gives it.
        ncts: NCT numbers.
    Raises:
        UnknownTrial: the graph does not hold one of them.
    """
    chooser = _Chooser(graph)
    trials = list(dict.fromkeys(nct.strip().upper() for nct in ncts))
    if not trials:
        raise UnknownTrial("no trial is named; name at least one NCT number")
    for lane, nct in enumerate(trials):
        chooser.trial(nct, lane)
    chooser.connect()
    heading = f"{trials[0]}: {chooser.texts[0].title}" if len(trials) == 1 else f"{len(trials)} trials: {', '.join(trials[:6])}"
    if len(trials) > 6:
        heading += f" and {len(trials) - 6} more"
    return Picture(
        title=heading,
        subtitle="From each trial over its arms and drugs to targets and classes, and the sentences of the protocol that bear on them. "
        "Click anything to read it.",
        items=tuple(chooser.items.values()),
        links=tuple(chooser.links.values()),
        trials=tuple(chooser.texts),
        sources=tuple(chooser.sources()),
    )


class _Chooser(Reader):
    """Collects boxes and links; what two trials share becomes one box."""

    def __init__(self, graph: nx.MultiDiGraph) -> None:
        super().__init__(graph)
        self.items: dict[str, Item] = {}
        self.links: dict[tuple[str, str, str], Link] = {}
        self.texts: list[TrialText] = []
        self._records: list[Source] = []

    def add(self, item: Item) -> None:
        """A box, unless it is there."""
        self.items.setdefault(item.id, item)

    def link(self, link: Link) -> None:
        """A line, unless it is there, between boxes that are there."""
        if link.start in self.items and link.end in self.items:
            self.links.setdefault((link.start, link.end, link.kind), link)

    # --- a trial ----------------------------------------------------------------------------------------------------------

    def trial(self, nct: str, lane: int) -> None:
        """A trial with its conditions, arms, treatments and sentences."""
        node = f"clinicaltrials:{nct}"
        if node not in self.graph:
            raise UnknownTrial(f"{nct} is not in this graph; `kg find` searches the trials that are")
        facts = self._trial_facts(node)
        short = dict(facts)
        caption = " · ".join(word for word in ("trial", short.get("phase", ""), short.get("status", "")) if word)
        title = self.get(node, "label")
        self.add(
            Item(node, "trial", title, _TRIAL, lane, True, f"{nct}\n{title}", caption, node, facts=facts, sources=self._record(node, nct))
        )
        for condition in self.to(node, "kgo:hasCondition"):
            known = self.to(condition, "kgo:namesCondition")
            facts = tuple(("names", self.get(one, "label")) for one in known)
            self.add(
                Item(condition, "condition", self.get(condition, "label"), _TRIAL, lane, True, curie=known[0] if known else "", facts=facts)
            )
        for arm in self.to(node, "kgo:hasArm"):
            self._arm(node, arm, lane)
        if not self.to(node, "kgo:hasArm"):
            for intervention in self.to(node, "kgo:hasIntervention"):
                self._treatment(node, intervention, intervention)
        self._sentences(node, nct, lane)

    def _trial_facts(self, node: str) -> Facts:
        sponsor = ", ".join(self.get(one, "label") for one in self.to(node, "kgo:isSponsoredBy"))
        enrolment = " ".join(str(self.get(node, name)) for name in ("enrollmentCount", "enrollmentKind")).strip().lower()
        found = {
            "phase": ", ".join(plain(phase) for phase in self.values(node, "phase")),
            "status": plain(self.get(node, "overallStatus")),
            "allocation": plain(self.get(node, "allocation")),
            "purpose": plain(self.get(node, "primaryPurpose")),
            "participants": enrolment,
            "ages": " ".join(
                f"{word} {age}" for word, name in (("from", "minimumAge"), ("to", "maximumAge")) if (age := self.get(node, name))
            ),
            "sponsor": sponsor,
        }
        return tuple((name, value) for name, value in found.items() if value and value != "na")

    def _record(self, node: str, nct: str) -> tuple[str, ...]:
        for record in self.to(node, "kgo:hasRecordSource"):
            name, form = self.get(record, "sourceName"), self.get(record, "recordFormat")
            checksum = str(self.get(record, "checksumSha256"))[:12]
            version = " · ".join(part for part in (str(self.get(record, "sourceVersion")), checksum and f"sha256 {checksum}…") if part)
            self._records.append(
                Source(record, f"Record of {nct}: {name} ({form})", version=version, retrieved=str(self.get(record, "retrievalDate")))
            )
        return tuple(self.to(node, "kgo:hasRecordSource"))

    def _arm(self, trial: str, arm: str, lane: int) -> None:
        description = self.get(arm, "description")
        crosses = tuple(("may cross over to", self.get(other, "label")) for other in self.to(arm, "kgo:crossesOverTo"))
        kind = f"arm · {plain(self.get(arm, 'armKind'))}".rstrip(" ·")
        self.add(Item(arm, "arm", self.get(arm, "label"), _ARM, lane, True, caption=kind, text=description, facts=crosses, curie=arm))
        self.link(Link(trial, arm, "arm"))
        for treatment in self.to(arm, "kgo:hasTreatment"):
            registered = self.to(treatment, "kgo:appliesIntervention")
            self._treatment(arm, treatment, registered[0] if registered else treatment)

    def _treatment(self, giver: str, treatment: str, intervention: str) -> None:
        """What an arm gives: its known drugs, else the intervention as registered."""
        schedule = tuple(fact for dosing in self.to(treatment, "kgo:hasDosing") for fact in self._dosing(dosing))
        drugs = self.to(treatment, "kgo:givesDrug")
        for therapy in self.to(treatment, "kgo:givesTherapy"):
            drugs += self.to(therapy, "kgo:hasComponent")
        for drug in drugs:
            self._thing(drug, _TREATMENT)
            self.link(Link(giver, drug, "gives", facts=(("as registered", self.get(treatment, "label")), *schedule)))
        if not drugs:
            kind = f"treatment · {plain(self.get(intervention, 'interventionKind'))}".rstrip(" ·")
            label = self.get(intervention, "label")
            self.add(
                Item(
                    intervention,
                    "treatment",
                    label,
                    _TREATMENT,
                    caption=kind,
                    text=self.get(intervention, "description"),
                    curie=intervention,
                )
            )
            self.link(Link(giver, intervention, "gives", facts=schedule))

    def _dosing(self, dosing: str) -> Iterator[tuple[str, str]]:
        names = {
            "dose": "dose",
            "route": "route",
            "frequency": "how often",
            "dosingDays": "days",
            "duration": "duration",
            "cycleDays": "cycle (days)",
        }
        for attribute, name in {**names, "quote": "as stated"}.items():
            if self.get(dosing, attribute) != "":
                yield name, str(self.get(dosing, attribute))

    def _thing(self, node: str, column: int) -> None:
        """A box for a thing of the knowledge."""
        kind = self.get(node, "type")
        word = {"Drug": f"drug · {plain(self.get(node, 'drugKind'))}", "Transporter": "transporter", "Enzyme": "enzyme"}.get(kind, "")
        facts = [(name, str(self.get(node, attribute))) for attribute, name in (("definition", "definition"),) if self.get(node, attribute)]
        names = tuple(str(name) for name in self.values(node, "altLabel"))
        if names:
            facts.append(("also called", ", ".join(names[:12]) + (" …" if len(names) > 12 else "")))
        self.add(
            Item(
                node, _TYPES.get(kind, "target"), self.get(node, "label"), column, caption=word, curie=node, facts=tuple(facts),
                names=names,
                same=tuple(str(one) for one in self.values(node, "exactMatch")), sources=self._sources_of(node),
            )
        )  # fmt: skip

    def _sources_of(self, node: str) -> tuple[str, ...]:
        return tuple(_key(source) for source in self.to(node, "prov:wasDerivedFrom"))

    # --- sentences --------------------------------------------------------------------------------------------------------

    def _sentences(self, node: str, nct: str, lane: int) -> None:
        rules: dict[str, list[str]] = {}
        for rule in sorted(self.to(node, "kgo:hasRule"), key=lambda rule: self.get(rule, "ruleNumber", 0)):
            for criterion in self.to(rule, "kgo:isReadFrom"):
                rules.setdefault(criterion, []).append(rule)
        sentences: list[Sentence] = []
        groups: dict[str, list[str]] = {}
        for criterion in self.to(node, "kgo:hasCriterion"):
            mine = rules.get(criterion, [])
            bearing = [rule for rule in mine if self.get(rule, "type") in _SUBJECT_RULES]
            box = criterion
            if bearing:
                self._sentence_box(criterion, bearing, lane)
            else:
                group = self._group(criterion)
                box = f"{node}#{group}"
                groups.setdefault(group, []).append(criterion)
            # an exclusion may stand under Inclusion: a sentence reads as its box does where it has one, else as its heading
            tone = self.items[box].type if box in self.items else ""
            sentences.append(self.sentence(criterion, box, nct, mine, tone))
        for group in sorted(groups, key=lambda name: (name == _OTHERS, name)):
            members = tuple(groups[group])
            label = f"{group} ({len(members)})"
            self.add(Item(f"{node}#{group}", "group", label, _SENTENCE, lane, True, criteria=members))
        self.texts.append(TrialText(node, nct, self.get(node, "label"), self._trial_facts(node), tuple(sentences)))

    def _group(self, criterion: str) -> str:
        kinds = [str(self.get(clause, "clauseKind")) for clause in self.to(criterion, "kgo:hasClause")]
        return next((group for kind in kinds if (group := _groups().get(kind))), _OTHERS)

    def _sentence_box(self, criterion: str, rules: Sequence[str], lane: int) -> None:
        polarities = {self.get(rule, "polarity") for rule in rules}
        kind = next(
            (name for polarity, name in (("excludes", "exclusion"), ("requires", "inclusion")) if polarity in polarities), "sentence"
        )
        text = str(self.get(criterion, "text"))
        self.add(Item(criterion, kind, text, _SENTENCE, lane, True, curie=criterion, text=text))
        for rule in rules:
            polarity = str(self.get(rule, "polarity"))
            word = f"{polarity} {plain(self.get(rule, 'ruleRole'))}"
            mentions = self.to(rule, "kgo:hasMention")
            classes = {one for mention in mentions for one in self.to(mention, "kgo:refersTo") if self.get(one, "type") == "DrugClass"}
            for mention in mentions:
                self._named(criterion, mention, polarity, word, classes)
            for out in self.to(rule, "kgo:hasCarveOut"):
                effect = self.window(out) or plain(self.get(out, "carveOutEffect"))
                for mention in self.to(out, "kgo:hasMention"):
                    self._named(criterion, mention, "exception", f"exception: {effect}", set())

    def _named(self, criterion: str, mention: str, kind: str, word: str, classes: set[str]) -> None:
        for enzyme in self.to(mention, "kgo:concernsEnzyme"):
            self._thing(enzyme, _NAMED)
            known = self.links.get((criterion, enzyme, kind))
            said = f"{kind}: {self.mention(mention)}"
            facts = (*(known.facts if known else ()), (kind, self.mention(mention)))
            self.links[criterion, enzyme, kind] = Link(criterion, enzyme, kind, word=known.word if known else said, facts=facts)
        for thing in self.to(mention, "kgo:refersTo"):
            if self.get(thing, "type") not in _TYPES or self.get(thing, "type") in _ENZYMES:
                continue
            if classes.intersection(self.to(thing, "rdf:type")):
                continue  # an example of a class that the sentence names as well
            self._thing(thing, _NAMED)
            self.link(Link(criterion, thing, kind, word, facts=(("words", str(self.get(mention, "text"))),)))

    # --- drugs and what they are --------------------------------------------------------------------------------------------

    def connect(self) -> None:
        """Lines from the drugs given to targets, classes and enzymes, once every trial's boxes are there."""
        given = [item.id for item in self.items.values() if item.type == "drug" and item.column == _TREATMENT]
        for drug in given:
            self._classes(drug)
        for drug in given:
            self._enzymes(drug)

    def _classes(self, drug: str) -> None:
        member = set(self.to(drug, "rdf:type")) & set(self._all("DrugClass"))
        arguable = set(self.to(drug, "kgo:isArguablyInClass"))
        targets = self.to(drug, "kgo:hasPrimaryTarget")
        parts = {part for target in targets for part in self.to(target, "kgo:includesTarget")}
        shown = self._without_families(targets)
        named = self._narrowest(member & set(self.items))
        defined = {one for one in member if set(self.to(one, "kgo:isDefinedByTarget")) & {*targets, *parts}}
        # where no sentence names what the drug is, its own narrowest mechanism is shown
        classes = [*named, *(one for one in self._narrowest(defined) if not any(self._below(one, other) for other in named))]
        for one in classes:
            self._thing(one, _NAMED)
        for target in shown:
            self._thing(target, _TARGET)
            action = next(
                (key for _, _, key in self.graph.out_edges(drug, keys=True) if key in self._actions(drug, target)), "kgo:hasPrimaryTarget"
            )
            data = self.statement(drug, target, action)
            word = data["label"].removeprefix("primarily ")
            self.link(Link(drug, target, "primary-target", word, _evidence(data), tuple(data.get("sources", ()))))
        for one in classes:
            makers = set(self.to(one, "kgo:isDefinedByTarget"))
            through = [target for target in shown if target in makers or makers & set(self.to(target, "kgo:includesTarget"))]
            for target in through:
                self.link(Link(target, one, "defines"))
            if not through:
                data = self.statement(drug, one, "rdf:type")
                self.link(Link(drug, one, "member", facts=_evidence(data), sources=tuple(data.get("sources", ()))))
        for one in self._narrowest(arguable & set(self.items)):
            data = self.statement(drug, one, "kgo:isArguablyInClass")
            self.link(Link(drug, one, "arguable-member", facts=_evidence(data), sources=tuple(data.get("sources", ()))))

    def _without_families(self, targets: Sequence[str]) -> list[str]:
        """Targets without those that others among them say already: a family whose genes are all there, a gene whose family stays."""
        families = {one: set(self.to(one, "kgo:includesTarget")) for one in targets if self.get(one, "targetKind") in ("family", "complex")}
        whole = {one for one, parts in families.items() if parts <= set(targets)}
        covered = {part for one, parts in families.items() if one not in whole for part in parts}
        return [one for one in targets if one not in whole and one not in covered]

    def _actions(self, drug: str, target: str) -> list[str]:
        return [key for key in self.graph.get_edge_data(drug, target, default={}) if "rimarily" in key]

    def _all(self, kind: str) -> Iterator[str]:
        return (node for node, data in self.graph.nodes(data=True) if data["type"] == kind)

    def _below(self, lower: str, upper: str) -> bool:
        return lower == upper or self.graph.has_edge(lower, upper, "rdfs:subClassOf")

    def _narrowest(self, classes: Iterable[str]) -> list[str]:
        """Those classes that have none of the others below them."""
        these = sorted(classes)
        return [one for one in these if not any(other != one and self._below(other, one) for other in these)]

    def _enzymes(self, drug: str) -> None:
        for predicate, kind in (
            ("kgo:isSubstrateOf", "substrate"),
            ("kgo:inhibitsEnzyme", "inhibitor"),
            ("kgo:inducesEnzyme", "inhibitor"),
        ):
            for enzyme in self.to(drug, predicate):
                data = self.statement(drug, enzyme, predicate)
                evidence = data.get("evidence", ())
                telling = any(word in line for line in evidence for word in _TELLING)
                if telling or (enzyme in self.items and kind == "substrate" and not all("minor" in line for line in evidence)):
                    self._thing(enzyme, _NAMED)
                    self.link(Link(drug, enzyme, kind, data["label"], _evidence(data), tuple(data.get("sources", ()))))

    # --- sources ------------------------------------------------------------------------------------------------------------

    def sources(self) -> Iterator[Source]:
        """The documents behind what is shown, records first."""
        yield from self._records
        cited = {key for item in self.items.values() for key in item.sources} | {
            key for link in self.links.values() for key in link.sources
        }
        for key in sorted(cited):
            node = f"kg:source/{key}"
            if node in self.graph:
                told = (
                    str(self.get(node, name))
                    for name in ("label", "documentUrl", "sourceVersion", "retrievalDate", "licenceName", "licenceUrl")
                )
                yield Source(key, *told)


def _key(node: str) -> str:
    return node.rpartition("/")[2]


def _evidence(data: dict[str, Any]) -> Facts:
    return tuple(("evidence", line) for line in data.get("evidence", ()))

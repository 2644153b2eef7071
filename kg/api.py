"""`kg.open` and `Graph`: the face over records, knowledge, checks, queries and pictures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from kg import checks, table_checks, tables, vocab
from kg.checks import Patient, Report
from kg.errors import BadInput, UnknownDrug
from kg.knowledge import Drug
from kg.names import Match
from kg.opened import Opened
from kg.records import ClauseStatus, Eligibility, Finding, Trial, TrialResult
from kg.sidecar import Stored
from kg.version import __version__

if TYPE_CHECKING:
    import networkx
    import rdflib

    from kg.checks.index import Verdicts
    from kg.checks.screen import Screened
    from kg.rows import Rows

__all__ = ["Graph", "open"]

_FEW_TRIALS = 100
"""So few are sooner checked one by one than compiled."""
_NCT = re.compile(r"\s*NCT\d{8}\s*", re.IGNORECASE)


def open(path: str | Path | None = None) -> Graph:
    """Opens a graph: the bundled one (both seed trials and the drug knowledge), or one that `kg.build` made.

    Arguments:
        path: a built graph's folder; None for the bundled graph.
    Raises:
        GraphNotFound: no graph there, or one that this version cannot read.
        BadInput: `path` is a URL; graphs are opened from folders.

    Example:
        >>> open().trial("NCT01206140").brief_title
        'Selumetinib With or Without Temsirolimus in Treating Patients With ... Soft Tissue Sarcoma ...'
    """
    if path is None:
        return Graph(None)
    if re.match(r"[a-z][a-z0-9+.-]+://", str(path)):
        raise BadInput(f"{path}: it is no folder; kg.remote.Remote({str(path)!r}) asks a service, `kg … --graph {path}` does too")
    return Graph(Path(path))


class Graph(Opened):
    """A knowledge graph of trials: what it can be asked. Open for reading; a context manager, of which nothing is read before it is
    needed.
    """

    def __repr__(self) -> str:
        place = "bundled" if self.path is None else f"{str(self.path)!r}"
        return f"<kg.Graph {place}: {len(self.records)} trials, {len(self.knowledge.drugs)} drugs>"

    # --- answers --------------------------------------------------------------------------------------------------------------------------

    def check(self, patient: Patient, trials: Iterable[str] | str | None = None) -> Report:
        """Which trials conflict with what is known of a patient: by which sentence, why, and until when.

        Arguments:
            patient: what is known.
            trials: NCT numbers; None for every trial of the graph. In a large graph the verdicts then come at once (`report.verdicts`),
                and a trial's findings are worked out when the trial is looked at, while the graph is open.
        Raises:
            UnknownTrial: the graph does not hold one of them.

        Example:
            >>> from kg import Exposure
            >>> patient = Patient(as_of="2026-11-21", prior=[Exposure("trametinib", last_dose="2024-11-20")], taking=[])
            >>> report = open().check(patient, trials=["NCT01206140"])
            >>> report["NCT01206140"].verdict.value, report["NCT01206140"].findings[0].quote
            ('excluded', 'Previous MEK inhibitor use')
        """
        if trials is None and len(self.records) > _FEW_TRIALS:
            return self._check_all(patient)
        chosen = [trials] if isinstance(trials, str) else trials
        return checks.check(patient, self.records.each(chosen), self.knowledge, self.names)

    def _check_all(self, patient: Patient) -> Report:
        from kg.checks.everything import all_trials

        facts = checks.understand(patient, self.knowledge, self.names)
        nothing = checks.check(patient, (), self.knowledge, self.names)

        def work_out(nct: str) -> TrialResult:
            return checks.check_trial(facts, *self.stored(nct), self.knowledge, self.names)

        return all_trials(nothing, self.index.verdicts(facts), work_out)

    def verdicts(self, patient: Patient) -> Verdicts:
        """The verdict of every trial for a patient, and nothing else: the fast way through a large graph.

        Returns:
            A mapping from NCT numbers to verdicts; `codes` and `criteria` are the same as arrays, `counts()` their numbers.

        Example:
            >>> verdicts = open().verdicts(Patient(taking=["itraconazole"]))
            >>> {nct: verdict.value for nct, verdict in verdicts.items()}
            {'NCT01206140': 'excluded', 'NCT01281865': 'review'}
        """
        return self.index.verdicts(checks.understand(patient, self.knowledge, self.names))

    def choose(
        self,
        conditions: Iterable[str] = (),
        status: Iterable[str] = (),
        phase: Iterable[str] = (),
        country: Iterable[str] = (),
        age: float | None = None,
        sex: str = "",
    ) -> list[str]:
        """The numbers of the trials that a person would search for.

        Arguments:
            conditions: diseases by any name; a trial in one of them, in a narrower one, or in a broader one that takes it in.
            status, phase, country: any of them, as the registry writes them; age in years; sex female or male.
        Raises:
            UnknownName: a condition that is not known.
            BadInput: an age or a sex that is none.

        Example:
            >>> open().choose(["synovial sarcoma"], status=["completed"], age=70)
            ['NCT01206140', 'NCT01281865']
        """
        from kg.checks.filters import Wanted

        keys = tuple(self.names.resolve_condition(name).key for name in conditions)
        return self.index.choose(Wanted(keys, tuple(status), tuple(phase), tuple(country), age, sex))

    def screen(self, patients: Iterable[Patient] | Mapping[str, Patient]) -> Iterator[Screened]:
        """Many patients against every trial of the graph, one patient after another.

        Arguments:
            patients: patients, which are then numbered from 1, or patients by name.
        Returns:
            For each patient the verdicts (as `verdicts` gives them) and the names that were not recognised.

        Example:
            >>> cohort = {"A": Patient(prior=["trametinib"]), "B": Patient(prior=["everolimus"])}
            >>> [(one.patient, one.verdicts["NCT01206140"].value) for one in open().screen(cohort)]
            [('A', 'excluded'), ('B', 'review')]
        """
        from kg.checks.screen import screen

        named = patients.items() if isinstance(patients, Mapping) else ((str(n), patient) for n, patient in enumerate(patients, 1))
        return screen(named, self.index)

    def interactions(self, drugs: Iterable[str]) -> list[Finding]:
        """Known interactions among drugs, worst first; empty if none is known.

        Raises:
            UnknownDrug: a name that is no drug's.
        """
        names = list(drugs)
        trial = next((name for name in names if _NCT.fullmatch(name)), None)
        if trial is not None:
            raise UnknownDrug(f"{trial!r} is a trial, not a drug; ask arm_interactions({trial!r}) what drugs of an arm do to each other")
        return list(checks.interactions(names, self.knowledge, self.names))

    def arm_interactions(self, nct: str) -> list[Finding]:
        """Interactions inside a trial's own regimen; they are marked as intended by protocol.

        Raises:
            UnknownTrial: the graph does not hold it.
        """
        return list(checks.arm_interactions(self.trial(nct), self.knowledge, self.names))

    def query(self, query: str, /, **parameters: object) -> Rows:
        """A question of the library by name, or SPARQL text.

        Arguments:
            query: such as "trials_excluding_prior_class", or "SELECT …".
            parameters: a value for each parameter of the question.
        Raises:
            UnknownQuery: no such question.
            BadQuery: not SPARQL, or a parameter that the question does not have.
            UnknownName: a parameter's value is a name that is not known.

        Example:
            >>> rows = open().query("trials_excluding_prior_class", drug_class="MEK inhibitor")
            >>> [row["nct"] for row in rows.to_dicts()]
            ['NCT01206140']
        """
        from kg import queries

        return queries.run(self.store, query, self.names, parameters)

    # --- records --------------------------------------------------------------------------------------------------------------------------

    def stored(self, nct: str) -> Stored:
        """A trial with its eligibility as read.

        Raises:
            UnknownTrial: the graph does not hold it.
        """
        return self.records.get(nct)

    def trial(self, nct: str) -> Trial:
        """A trial's record.

        Raises:
            UnknownTrial: the graph does not hold it.
        """
        return self.stored(nct).trial

    def eligibility(self, nct: str) -> Eligibility:
        """A trial's eligibility text as read: criteria, clauses, rules.

        Raises:
            UnknownTrial: the graph does not hold it.
        """
        return self.stored(nct).eligibility

    def drug(self, name: str) -> Drug:
        """The drug of this name: generic, synonym, code, brand or salt.

        Raises:
            UnknownDrug: no drug has this name; the error's `suggestions` are near names.

        Example:
            >>> open().drug("AZD6244").label
            'selumetinib'
        """
        return self.knowledge.drugs[self.names.resolve(name).key]

    def drug_facts(self, name: str) -> dict[str, Any]:
        """What is known of a drug, as text with sources: names, identifiers, classes, targets, enzymes, half-life, its trials.

        Raises:
            UnknownDrug: no drug has this name; the error's `suggestions` are near names.
        """
        from kg.show import drug_facts

        drug = self.drug(name)
        given = self.query("trials_by_drug", drug=vocab.thing_iri("drug", drug.key))
        return drug_facts(drug, self.knowledge, list(dict.fromkeys(map(str, given.column("nct")))))

    def find(self, text: str, limit: int = 10) -> list[Match]:
        """What a text may mean, best first: drugs, classes, targets, enzymes, conditions, trials; each with the reason for the match.

        Example:
            >>> match = open().find("mTor inhibitor")[0]
            >>> match.kind, match.label
            ('class', 'mTOR inhibitor')
        """
        found = [replace(match, iri=vocab.thing_iri(match.kind, match.key)) for match in self.names.find(text, limit)]
        return sorted([*found, *self._find_trials(text, limit)], key=lambda match: -match.score)[:limit]

    def _find_trials(self, text: str, limit: int) -> list[Match]:
        words = text.casefold().split()
        found = []
        for nct, title, _ in self.records.titles():
            by_number = bool(_NCT.fullmatch(text)) and nct == text.strip().upper()
            if by_number or (words and all(word in title.casefold() for word in words)):
                reason = "number of the trial" if by_number else "words of the title"
                found.append(Match("trial", nct, title, 1.0 if by_number else 0.5, reason, vocab.trial_iri(nct)))
                if len(found) == limit:
                    break
        return found

    # --- pictures, exports ----------------------------------------------------------------------------------------------------------------

    def draw(self, trials: str | Sequence[str], out: str | Path) -> Path:
        """A picture of trials with their arms, drugs, targets, classes and criteria: one HTML file that opens offline.

        Raises:
            UnknownTrial: the graph does not hold one of them.
            BadInput: the file cannot be written.
        """
        from kg import networks, visuals

        chosen = [self.trial(nct).nct for nct in ([trials] if isinstance(trials, str) else trials)]
        # only what these trials lead to is read: a picture of one trial must not take the whole of a large graph
        return visuals.draw(networks.to_networkx(self.store, chosen), chosen, out)

    def to_networkx(self) -> networkx.MultiDiGraph:
        """The graph as a NetworkX graph: a node for each thing, an edge for each statement between two."""
        from kg import networks

        return networks.to_networkx(self.store)

    def to_rdflib(self) -> rdflib.Dataset:
        """The graph as an RDFLib dataset."""
        from kg import export

        return export.to_rdflib(self.store)

    def export(self, out: str | Path | BinaryIO, form: str = "turtle") -> None:
        """Writes the whole graph.

        Arguments:
            out: a file's name, or a binary file that is open for writing.
            form: turtle, nquads, jsonld, graphml or csv.
        Raises:
            BadInput: no such form, or the file cannot be written.
        """
        from kg import export

        export.export(self.store, out, form)

    # --- about the graph ------------------------------------------------------------------------------------------------------------------

    def validate(self, shapes: bool = True) -> list[str]:
        """Everything that is wrong with the tables and, by the SHACL shapes, with the graph; empty when all is well.

        Arguments:
            shapes: False to test the tables alone.
        Raises:
            MissingTool: pySHACL is not installed.
        """
        found = table_checks.violations(tables.data_dir() if self._generation is None else self._generation / "knowledge")
        if shapes:
            from kg.shapes import validate

            found = [*found, *validate(self.store)]
        return list(found)

    def info(self) -> dict[str, Any]:
        """What the graph holds: counts, clauses by status, sources, versions."""
        kinds = ("drugs", "classes", "targets", "enzymes", "conditions", "regimens", "biomarkers", "sources")
        return {
            "graph": "bundled" if self.path is None else str(self.path),
            "version": __version__,
            "trials": len(self.records),
            **(self._read_now() if self.path is None else {"build": self.manifest}),
            "knowledge": {kind: len(getattr(self.knowledge, kind)) for kind in kinds},
            "triples": {"all": len(self.store), **self.store.counts()},
        }

    def _read_now(self) -> dict[str, Any]:
        """What a build would have counted, of the bundled trials."""
        read = [stored.eligibility for stored in self.records.each()]
        found = Counter(clause.status for eligibility in read for clause in eligibility.clauses)
        return {
            "criteria": sum(len(eligibility.criteria) for eligibility in read),
            "clauses": {status.value: found[status] for status in ClauseStatus},
            "rules": sum(len(eligibility.rules) for eligibility in read),
        }

"""The curated tables `data/*.csv`: their schema, stated once; strict reading; canonical writing."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kg import bundle
from kg.errors import BadTable

__all__ = ["EVIDENCE", "SCHEMA", "Column", "Table", "canonical", "data_dir", "place", "read", "write"]

EVIDENCE = ("source", "detail", "to_check")
"""The columns that end every fact row: where it was read, where inside, and (recalled rows only) where to check it."""

SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")
_NUMBER = re.compile(r"\d+(\.\d+)?")
_NCT_OR_ALL = re.compile(r"NCT\d{8}|\*")
_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_YES_NO = ("no", "yes")

CURIES: Mapping[str, re.Pattern[str]] = {
    prefix: re.compile(pattern)
    for prefix, pattern in {
        "atc": r"[A-DGHJ-NPRSV](\d{2}([A-Z]([A-Z](\d{2})?)?)?)?",
        "chebi": r"\d+",
        "chembl": r"CHEMBL\d+",
        "cvx": r"\d{2,3}",
        "doid": r"\d+",
        "drugbank": r"DB\d{5}",
        "mesh": r"[CDM]\d{6}(\d{3})?",
        "mondo": r"\d{7}",
        "ncit": r"C\d+",
        "oncotree": r"[A-Z0-9_]+",
        "rxnorm": r"\d+",
        "snomedct": r"\d{6,18}",
        "umls": r"C\d{7}",
        "unii": r"[A-Z0-9]{10}",
    }.items()
}
"""What the local part of an identifier looks like, by Bioregistry prefix (patterns as registered there)."""


@dataclass(frozen=True, slots=True)
class Column:
    """What a cell may hold. `refers` is the table whose key it must be; `many`: cells split at '|'; `prefixes`: CURIEs of these."""

    name: str
    required: bool = True
    pattern: re.Pattern[str] | None = None
    values: tuple[str, ...] = ()
    refers: str = ""
    prefixes: tuple[str, ...] = ()
    many: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table's columns and key. `evidence`: rows end with source, detail, to_check."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    evidence: bool = True
    header: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "header", tuple(c.name for c in self.columns) + (EVIDENCE if self.evidence else ()))


def _slug(name: str) -> Column:
    return Column(name, pattern=SLUG)


def _ref(name: str, table: str = "", *, many: bool = False, required: bool = True) -> Column:
    return Column(name, refers=table or f"{name}s", many=many, required=required)


def _one_of(name: str, *values: str, required: bool = True) -> Column:
    return Column(name, values=values, required=required)


def _text(name: str, *, required: bool = True) -> Column:
    return Column(name, required=required)


def _names(name: str = "names") -> Column:
    return Column(name, required=False, many=True)


_HGNC = re.compile(r"HGNC:\d+")
_UNIPROT = re.compile(r"[OPQ][0-9][A-Z0-9]{3}[0-9]|[A-NR-Z][0-9]([A-Z][A-Z0-9]{2}[0-9]){1,2}")
_GENE_IDS = (Column("hgnc", required=False, pattern=_HGNC, many=True), Column("uniprot", required=False, pattern=_UNIPROT, many=True))
_TARGET_ACTIONS = (
    "activator",
    "agonist", "antagonist", "antibody", "binder", "conjugate", "degrader", "inducer", "inhibitor", "modulator", "other", "substrate",
)  # fmt: skip
_DRUG_KINDS = (
    "antibody", "antibody-drug-conjugate", "bispecific", "cell-therapy", "food", "gene-therapy", "habit", "herbal", "hormone",
    "oligonucleotide", "other", "peptide", "protein", "radioligand", "small-molecule", "vaccine",
)  # fmt: skip
_PROPERTIES = (
    "acid-dependent-absorption", "bleeding-risk", "cns-depressant", "hyperkalaemia", "immunosuppressive", "live-vaccine",
    "myelosuppressive",
    "narrow-therapeutic-index", "nephrotoxic", "qt-prolonging", "raises-gastric-ph", "serotonergic",
)  # fmt: skip
_SETTINGS = ("adjuvant", "locally-advanced", "maintenance", "metastatic", "neoadjuvant", "recurrent")
_PK_STRENGTHS = ("minor", "moderate", "sensitive", "strong", "unspecified", "weak")
_COMPOSITION_PARTS = (
    "action", "base", "connector", "course", "filler", "generic-enzyme", "head", "homonym", "list-opener", "narrow", "ordinary", "prefix",
    "qualifier", "role", "role-opener", "role-verb", "spelling", "strength", "synonym", "variant",
)  # fmt: skip

SCHEMA: Mapping[str, Table] = {
    table.name: table
    for table in (
        Table(
            "sources",
            ("source",),
            (
                _slug("source"),
                _text("title"),
                _text("url", required=False),
                _text("version", required=False),
                Column("retrieved", required=False, pattern=_DATE),
                _text("licence", required=False),
                _text("licence_url", required=False),
            ),
            evidence=False,
        ),
        Table("drugs", ("drug",), (_slug("drug"), _text("label"), _one_of("kind", *_DRUG_KINDS), _one_of("pk_curated", *_YES_NO))),
        Table(
            "drug_names",
            ("name", "drug"),
            (_text("name"), _ref("drug"), _one_of("kind", "abbreviation", "brand", "code", "salt", "spelling", "synonym")),
        ),
        Table(
            "drug_identifiers",
            ("drug", "curie"),
            (_ref("drug"), Column("curie", prefixes=("atc", "chebi", "chembl", "drugbank", "mesh", "ncit", "rxnorm", "snomedct", "unii"))),
        ),
        Table(
            "product_substances",
            ("product", "substance"),
            (Column("product", prefixes=("cvx", "rxnorm")), _text("substance"), _ref("drug", required=False)),
        ),
        Table(
            "classes",
            ("class",),
            (
                _slug("class"),
                _text("label"),
                _one_of("kind", "category", "chemistry", "mechanism", "pharmacodynamic", "procedure", "use"),
                _text("definition", required=False),
            ),
        ),
        Table(
            "class_parents",
            ("class", "parent"),
            (_ref("class", "classes"), _ref("parent", "classes"), _one_of("membership", "arguable", "plain")),
        ),
        Table("class_names", ("name", "class"), (_text("name"), _ref("class", "classes"))),
        Table(
            "class_identifiers",
            ("class", "curie"),
            (_ref("class", "classes"), Column("curie", prefixes=("atc", "mesh", "ncit", "snomedct"))),
        ),
        Table("class_targets", ("class", "target", "action"), (_ref("class", "classes"), _ref("target"), _ref("action"))),
        Table(
            "drug_classes",
            ("drug", "class"),
            (_ref("drug"), _ref("class", "classes"), _one_of("membership", "arguable", "not", "plain"), _text("reason", required=False)),
        ),
        Table(
            "targets",
            ("target",),
            (_slug("target"), _text("label"), _one_of("kind", "antigen", "complex", "family", "fusion", "gene", "other"), *_GENE_IDS),
        ),
        Table("target_parts", ("target", "part"), (_ref("target"), _ref("part", "targets"))),
        Table("target_names", ("name", "target"), (_text("name"), _ref("target"))),
        Table(
            "drug_targets",
            ("drug", "target", "action"),
            (_ref("drug"), _ref("target"), _one_of("action", *_TARGET_ACTIONS), _one_of("rank", "primary", "secondary")),
        ),
        Table("enzymes", ("enzyme",), (_slug("enzyme"), _text("label"), _one_of("kind", "enzyme", "transporter"), *_GENE_IDS, _names())),
        Table(
            "pk_roles",
            ("drug", "enzyme", "role", "strength", "source"),
            (_ref("drug"), _ref("enzyme"), _one_of("role", "inducer", "inhibitor", "substrate"), _one_of("strength", *_PK_STRENGTHS)),
        ),
        Table(
            "half_lives",
            ("drug", "moiety", "source"),
            (_ref("drug"), _text("moiety"), Column("low_hours", pattern=_NUMBER), Column("high_hours", pattern=_NUMBER)),
        ),
        Table("metabolites", ("drug", "metabolite"), (_ref("drug"), _ref("metabolite", "drugs"))),
        Table(
            "drug_properties",
            ("drug", "property", "source"),
            (_ref("drug"), _one_of("property", *_PROPERTIES), _one_of("grade", "conditional", "known", "listed", "possible", "yes")),
        ),
        Table(
            "mechanisms",
            ("mechanism", "perpetrator", "victim"),
            tuple(_text(c) for c in ("mechanism", "perpetrator", "victim", "effect", "severity", "action")),
        ),
        Table(
            "interactions",
            ("drug_a", "drug_b", "source"),
            (
                _ref("drug_a", "drugs"),
                _ref("drug_b", "drugs"),
                _text("effect"),
                *(_text(c, required=False) for c in ("mechanism", "severity", "action", "evidence")),
            ),
        ),
        Table(
            "conditions", ("condition",), (_slug("condition"), _text("label"), _one_of("kind", "disease", "infection", "neoplasm", "state"))
        ),
        Table("condition_parents", ("condition", "parent"), (_ref("condition"), _ref("parent", "conditions"))),
        Table("condition_names", ("name", "condition"), (_text("name"), _ref("condition"))),
        Table(
            "condition_identifiers",
            ("condition", "curie"),
            (_ref("condition"), Column("curie", prefixes=("doid", "mesh", "mondo", "ncit", "oncotree", "snomedct", "umls"))),
        ),
        Table("regimens", ("regimen",), (_slug("regimen"), _text("label"), _names())),
        Table("regimen_drugs", ("regimen", "drug"), (_ref("regimen"), _ref("drug"))),
        Table("biomarkers", ("biomarker",), (_slug("biomarker"), _text("label"), _ref("target", required=False), _names())),
        Table("ambiguous_names", ("name",), (_text("name"), _ref("drugs", "drugs", many=True), _text("reason"))),
        Table(
            "corrections",
            ("scope", "field", "found"),
            (
                Column("scope", pattern=_NCT_OR_ALL),
                _text("field"),
                _text("found"),
                _text("corrected"),
                _text("reason"),
                _text("curator"),
                Column("date", pattern=_DATE),
            ),
            evidence=False,
        ),
        Table("routes", ("word",), (_text("word"), _text("route"), _one_of("systemic", "arguable", "no", "yes"))),
        Table(
            "by_mouth",
            ("kind", "stem"),
            (_one_of("kind", *_DRUG_KINDS), _text("stem", required=False), _one_of("taken", "never", "only")),
        ),
        Table(
            "actions",
            ("asked", "has", "kinds"),
            (
                _text("asked"),
                _text("has"),
                Column("kinds", required=False, values=_DRUG_KINDS, many=True),
                _one_of("membership", "arguable", "plain"),
            ),
            evidence=False,
        ),
        Table(
            "settings",
            ("asked", "given"),
            (_one_of("asked", *_SETTINGS), _one_of("given", *_SETTINGS), _one_of("holds", "unclear", "yes")),
            evidence=False,
        ),
        Table(
            "responses", ("word",), (_text("word"), _one_of("outcome", "intolerance", "none", "progression", "response")), evidence=False
        ),
        Table(
            "biomarker_states",
            ("word",),
            (
                _text("word"),
                _one_of("axis", "amplification", "filler", "mutation", "narrower", "negation", "presence", "rearrangement"),
                _one_of("sign", "absent", "more", "present", required=False),
            ),
            evidence=False,
        ),
        Table(
            "condition_qualifiers",
            ("word",),
            (_text("word"), _one_of("aspect", "age-group", "course", "extent"), _text("value")),
            evidence=False,
        ),
        Table("steroid_equivalents", ("drug",), (_ref("drug"), Column("prednisone_5mg_equals_mg", pattern=_NUMBER))),
        Table(
            "usual_doses", ("drug",), (_ref("drug"), Column("low_mg_per_day", pattern=_NUMBER), Column("high_mg_per_day", pattern=_NUMBER))
        ),
        Table("eligibility/general_classes", ("class",), (_ref("class", "classes"), _text("meaning")), evidence=False),
        Table(
            "eligibility/composition",
            ("phrase", "part"),
            (_text("phrase"), _one_of("part", *_COMPOSITION_PARTS), _text("value", required=False)),
            evidence=False,
        ),
    )
}


def data_dir() -> Path:
    """The bundled tables.

    Example:
        >>> (data_dir() / "README.md").exists()
        True
    """
    return bundle.path("data")


def _file(directory: Path, name: str) -> Path:
    return directory / f"{name}.csv"


def place(name: str, line: int | None = None) -> str:
    """How messages name a place in a table."""
    return f"data/{name}.csv" + (f":{line}" if line else "")


def read(name: str, directory: Path | None = None) -> list[dict[str, str]]:
    """The rows of one table, cells stripped of nothing.

    A table that is not there is empty (`violations` says so); a table that is there must have the header and as many cells a row.

    Arguments:
        name: table name without `.csv`, a key of `SCHEMA`.
        directory: another data folder than the bundled one.
    Raises:
        BadTable: not UTF-8, wrong header, or a row with too few or too many cells; the message names file and line.
    Example:
        >>> sorted(read("sources")[0])[:2]
        ['licence', 'licence_url']
    """
    table = SCHEMA[name]
    file = _file(directory or data_dir(), name)
    if not file.exists():
        return []
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadTable(f"{place(name)}: not UTF-8 (byte {error.start}); save the file as UTF-8") from None
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    header, width = table.header, len(table.header)
    rows: list[dict[str, str]] = []
    try:
        if tuple(next(lines, ())) != header:
            raise BadTable(f"{place(name, 1)}: the header must be {','.join(header)}; restore it")
        for cells in lines:
            if len(cells) != width:
                raise BadTable(f"{place(name, lines.line_num)}: {len(cells)} cells, {width} expected; quote cells that hold commas")
            rows.append(dict(zip(header, cells, strict=True)))
    except csv.Error as error:
        raise BadTable(f"{place(name, lines.line_num)}: not CSV ({error}); check the quotes") from None
    return rows


def canonical(name: str, rows: Iterable[Mapping[str, str]]) -> str:
    r"""The text of a table in canonical form: header, rows sorted by the whole line's cells, `\n` line ends.

    Example:
        >>> print(canonical("routes", [dict(word="po", route="oral", systemic="yes", source="recalled", detail="", to_check="x")]), end="")
        word,route,systemic,source,detail,to_check
        po,oral,yes,recalled,,x
    """
    header = SCHEMA[name].header
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(sorted([row[c] for c in header] for row in rows))
    return out.getvalue()


def write(name: str, rows: Iterable[Mapping[str, str]], directory: Path) -> None:
    """Write a table in canonical form into `directory`."""
    file = _file(directory, name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(canonical(name, rows), encoding="utf-8", newline="\n")

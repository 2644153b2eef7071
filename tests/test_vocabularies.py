"""Vocabulary releases are read as they are and added to a graph's own tables, never over curated rows."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from pathlib import Path

import pytest
from fhir_world import AS_OF, coded, statement
from fhir_world import RXNORM as RXNORM_SYSTEM
from fhir_world import bundle as fhir_bundle
from typer.testing import CliRunner

import kg
from kg import bundle, tables
from kg.cli import app
from kg.enrich import Enrichment, enrich
from kg.errors import BadInput
from kg.knowledge import Knowledge
from kg.names import Names
from kg.patients import read_patients
from kg.records import Source
from kg.sources.vocabularies import Concept, Vocabulary, read_vocabulary
from kg.sources.vocabularies import chembl as chembl_reader
from kg.table_checks import violations

HERE = Path(__file__).parent / "data" / "vocabularies"
RXNORM = HERE / "RxNorm_full_11062023"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A graph's own copy of the tables."""
    place = tmp_path / "knowledge"
    shutil.copytree(tables.data_dir(), place, ignore=shutil.ignore_patterns("trials", "*.md", "*.json"))
    return place


@pytest.fixture(scope="session")
def chembl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("chembl") / "chembl_36.db"
    database = sqlite3.connect(file)
    database.executescript((HERE / "chembl.sql").read_text(encoding="utf-8"))
    database.commit()
    database.close()
    return file


@pytest.fixture(scope="session")
def ncit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("ncit") / "Thesaurus_25.07d.FLAT.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.write(HERE / "Thesaurus.txt", "Thesaurus.txt")
    return file


def concepts(vocabulary: Vocabulary) -> dict[str, Concept]:
    return {concept.identifiers[0]: concept for concept in vocabulary.concepts if not concept.substances}


def products(vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    """Product → names of its substances."""
    made = {concept.identifiers[0]: concept.substances for concept in vocabulary.concepts}
    return {code: tuple(name for _, name in substances) for code, substances in made.items() if substances}


def added(directory: Path, table: str, source: str) -> set[tuple[str, ...]]:
    header = tables.SCHEMA[table].header
    return {tuple(row[c] for c in header[:-3]) for row in tables.read(table, directory) if row["source"] == source}


def refusals(result: Enrichment) -> set[tuple[str, str]]:
    return {(refusal.what, refusal.reason) for refusal in result.refused}


# --- reading --------------------------------------------------------------------------------------------------------------------------


def test_rxnorm_gives_ingredients_with_brands_salts_and_codes() -> None:
    vocabulary = read_vocabulary(RXNORM)
    assert (vocabulary.source.key, vocabulary.source.version) == ("rxnorm-2023-11-06", "2023-11-06")
    found = concepts(vocabulary)
    assert set(found) == {"rxnorm:44", "rxnorm:61", "rxnorm:2555", "rxnorm:11289", "rxnorm:282388"}
    assert found["rxnorm:44"].identifiers == ("rxnorm:44", "unii:NR7O1405Q9", "snomedct:9000010", "atc:R05CB05", "atc:V03AF01")
    assert set(found["rxnorm:282388"].names) == {
        ("imatinib", "synonym"), ("Imatibrand", "brand"), ("imatinib hydrobenzoate", "salt"),
    }  # fmt: skip
    assert found["rxnorm:282388"].classes == (("BCR-ABL tyrosine kinase inhibitors",),)


def test_rxnorm_codes_that_stand_as_attributes_only_are_found() -> None:
    assert "atc:B01AA03" in concepts(read_vocabulary(RXNORM))["rxnorm:11289"].identifiers


def test_rxnorm_leaves_out_what_is_out_of_use_in_other_languages_or_of_two_ingredients() -> None:
    names = {text for concept in concepts(read_vocabulary(RXNORM)).values() for text, _ in concept.names}
    assert not names & {"Goneaway", "Twodrugs", "Cis-DDP", "Mesna (substance)"}


def test_rxnorm_gives_products_with_their_ingredients() -> None:
    found = products(read_vocabulary(RXNORM))
    for drug in ("9000020", "9000021", "9000022", "9000023"):  # component, clinical drug, their brands
        assert found[f"rxnorm:{drug}"] == ("imatinib",)
    assert found["rxnorm:9000026"] == found["rxnorm:9000027"] == ("warfarin", "imatinib"), "packs"
    assert found["rxnorm:9000029"] == ("imatinib", "beta-alanine")
    assert found["rxnorm:9000013"] == ("cisplatin", "mesna"), "a brand of two ingredients"
    assert "rxnorm:9000031" not in found, "one of its components is out of use, so that an ingredient would be missing"


def test_the_rrf_folder_itself_will_do() -> None:
    assert concepts(read_vocabulary(RXNORM / "rrf")).keys() == concepts(read_vocabulary(RXNORM)).keys()
    assert read_vocabulary(RXNORM / "rrf").source.version == "2023-11-06"


def test_chembl_gives_parents_with_synonyms_by_type(chembl: Path) -> None:
    vocabulary = read_vocabulary(chembl)
    assert vocabulary.source.key == "chembl-36"
    found = concepts(vocabulary)
    assert set(found) == {"chembl:CHEMBL2103875", "chembl:CHEMBL9000004"}
    trametinib = found["chembl:CHEMBL2103875"]
    assert trametinib.identifiers == ("chembl:CHEMBL2103875", "chembl:CHEMBL2105741", "atc:L01EE01")
    assert {("Trametibrand", "brand"), ("XYZ-9000005", "code"), ("TRAMETINIB DIMETHYL SULFOXIDE", "salt")} <= set(trametinib.names)
    assert trametinib.classes == (("Mitogen-activated protein kinase (MEK) inhibitors", "PROTEIN KINASE INHIBITORS"),)


def test_chembl_is_read_in_few_queries_however_many_its_molecules(chembl: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A query a molecule would go through a whole table each time: releases have no index on what it asks by."""
    file = shutil.copy(chembl, tmp_path / "chembl_36.db")
    with sqlite3.connect(file) as database:
        database.executemany(
            "INSERT INTO molecule_dictionary (molregno, pref_name, chembl_id, therapeutic_flag) VALUES (?, ?, ?, 0)",
            [(number, f"SUBSTANCE {number}", f"CHEMBL{number}") for number in range(10**6, 10**6 + 500)],
        )
    asked: list[str] = []
    opened = chembl_reader._open

    def watched(place: Path) -> sqlite3.Connection:
        connection = opened(place)
        connection.set_trace_callback(asked.append)
        return connection

    monkeypatch.setattr(chembl_reader, "_open", watched)
    assert len(concepts(read_vocabulary(Path(file)))) == 502
    assert len(asked) < 10


def test_ncit_gives_concepts_with_what_is_above_them(ncit: Path) -> None:
    vocabulary = read_vocabulary(ncit)
    assert (vocabulary.source.key, vocabulary.source.version) == ("ncit-25-07d", "25.07d")
    found = concepts(vocabulary)
    assert "ncit:C29253" not in found, "retired"
    assert found["ncit:C77908"].names[0] == ("Trametinib", "synonym")
    assert ("GSK1120212", "code") in found["ncit:C77908"].names
    above = found["ncit:C77908"].classes[0]
    assert above[0] == "Something Nobody Names"
    assert above.index("MEK Inhibitor") < above.index("Tyrosine Kinase Inhibitor")


def test_sssom_gives_exact_matches_only() -> None:
    vocabulary = read_vocabulary(HERE / "mappings.sssom.tsv")
    assert (vocabulary.source.version, vocabulary.source.licence) == ("2026-08-04", "https://creativecommons.org/publicdomain/zero/1.0/")
    assert ("MONDO:0005089", "umls:C0000001") not in {(m.subject, m.object) for m in vocabulary.mappings}


@pytest.mark.skipif(not (HERE.parents[3] / "shared" / "reference").is_dir(), reason="../shared/reference is not there")
def test_a_whole_release_of_mappings_is_read() -> None:
    file = HERE.parents[3] / "shared" / "reference" / "ontologies" / "mondo_exactmatch_ncit.sssom.tsv"
    mappings = list(read_vocabulary(file).mappings)
    assert len(mappings) > 5000
    assert all(m.subject.startswith("MONDO:") and m.object.startswith("NCIT:") for m in mappings)


# --- adding ---------------------------------------------------------------------------------------------------------------------------


def test_rxnorm_adds_products_in_which_a_known_drug_is(own: Path) -> None:
    enrich(own, [read_vocabulary(RXNORM)])
    found = added(own, "product_substances", "rxnorm-2023-11-06")
    assert ("rxnorm:9000023", "imatinib", "imatinib") in found
    assert {row for row in found if row[0] == "rxnorm:9000029"} == {
        ("rxnorm:9000029", "imatinib", "imatinib"), ("rxnorm:9000029", "beta-alanine", ""),
    }, "a substance that is no drug of the tables keeps its name"  # fmt: skip
    assert not any(row[0] == "rxnorm:9000033" for row in found), "nothing is known of what it holds"
    assert violations(own) == []


def test_rxnorm_adds_identifiers_and_names(own: Path) -> None:
    result = enrich(own, [read_vocabulary(RXNORM)])
    source = "rxnorm-2023-11-06"
    assert ("mesna", "rxnorm:44") in added(own, "drug_identifiers", source)
    assert added(own, "drug_names", source) == {("Imatibrand", "imatinib", "brand"), ("imatinib hydrobenzoate", "imatinib", "salt")}
    assert refusals(result) == {("Gleevec", "the name would point at cisplatin, imatinib")}
    assert (result.matched, result.unknown) == (4, 1)
    assert violations(own) == []
    names = Names(Knowledge.load(own), own)
    assert names.resolve("Imatibrand").key == "imatinib"
    assert [m.key for m in names.mentions("prior imatibrand")] == ["imatinib"]


def test_a_row_cites_the_release_and_the_place(own: Path) -> None:
    enrich(own, [read_vocabulary(RXNORM)])
    row = next(row for row in tables.read("drug_names", own) if row["name"] == "Imatibrand")
    assert (row["source"], row["detail"], row["to_check"]) == ("rxnorm-2023-11-06", "RXCUI 282388", "")
    assert next(row for row in tables.read("sources", own) if row["source"] == "rxnorm-2023-11-06")["version"] == "2023-11-06"


def test_chembl_refuses_names_of_other_things(own: Path, chembl: Path) -> None:
    result = enrich(own, [read_vocabulary(chembl)])
    assert added(own, "drug_names", "chembl-36") == {("Trametibrand", "trametinib", "brand"), ("XYZ-9000005", "trametinib", "code")}
    assert refusals(result) == {
        ("everolimus", "the name would point at everolimus, trametinib"),
        ("MEK inhibitor", "it names the class MEK inhibitor"),
    }
    assert result.unknown == 1
    assert violations(own) == []


def test_the_base_and_its_salt_may_both_have_an_identifier(own: Path, chembl: Path) -> None:
    before = {row["curie"] for row in tables.read("drug_identifiers", own) if row["drug"] == "trametinib"}
    assert "chembl:CHEMBL2105741" in before
    enrich(own, [read_vocabulary(chembl)])
    assert added(own, "drug_identifiers", "chembl-36") == {("trametinib", "chembl:CHEMBL2103875")}


def test_ncit_adds_classes_as_arguable_and_refuses_what_is_denied(own: Path, ncit: Path) -> None:
    result = enrich(own, [read_vocabulary(ncit)])
    assert added(own, "drug_classes", "ncit-25-07d") == {
        ("everolimus", "tyrosine-kinase-inhibitor", "arguable", "so in ncit-25-07d alone"),
    }  # fmt: skip
    assert ("denosumab as systemic anticancer therapy", "a curated row denies it") in refusals(result)
    assert ("GSK1120212", "the name would point at everolimus, trametinib") in refusals(result)
    assert violations(own) == []


def test_mappings_add_identifiers_to_conditions(own: Path) -> None:
    file = HERE / "mappings.sssom.tsv"
    rows = [row for row in tables.read("condition_identifiers", own) if row["curie"] != "umls:C1261473"]
    tables.write("condition_identifiers", rows, own)
    result = enrich(own, [read_vocabulary(file)])
    assert added(own, "condition_identifiers", "sssom-mappings-2026-08-04") == {("sarcoma", "umls:C1261473")}
    assert refusals(result) == {("umls:C9", "an identifier of sarcoma that does not look like one of umls")}
    assert violations(own) == []


def test_an_identifier_of_another_drug_is_refused(own: Path) -> None:
    wrong = Concept(("unii:33E86K87QN", "rxnorm:9000099"), (("imatinib", "synonym"),), (), "row 1")
    result = enrich(own, [Vocabulary(Source("made-up", "Made up"), [wrong])])
    assert refusals(result) == {("imatinib", "its identifiers and its name are of different things: imatinib and trametinib")}
    assert set(result.added) == {"sources"}


def test_a_name_that_two_drugs_of_a_release_claim_goes_to_neither(own: Path) -> None:
    claims = [Concept((), ((drug, "synonym"), ("Sharedname", "brand")), (), drug) for drug in ("imatinib", "everolimus")]
    result = enrich(own, [Vocabulary(Source("made-up", "Made up"), claims)])
    assert refusals(result) == {("Sharedname", "the name would point at everolimus, imatinib")}


def test_short_names_are_left_out(own: Path) -> None:
    enrich(own, [Vocabulary(Source("made-up", "Made up"), [Concept((), (("imatinib", "synonym"), ("IMAT", "synonym")), (), "1")])])
    assert added(own, "drug_names", "made-up") == set()


def test_no_curated_row_changes(own: Path, chembl: Path, ncit: Path) -> None:
    before = {name: tables.read(name, own) for name in tables.SCHEMA}
    enrich(own, [read_vocabulary(path) for path in (RXNORM, chembl, ncit, HERE / "mappings.sssom.tsv")])
    for name, rows in before.items():
        after = tables.read(name, own)
        assert [row for row in rows if row not in after] == [], name


def test_the_same_release_twice_adds_once(own: Path) -> None:
    first = enrich(own, [read_vocabulary(RXNORM)])
    second = enrich(own, [read_vocabulary(RXNORM)])
    assert first.added
    assert not second.added
    assert refusals(second) == {("the whole release", "a source of this name is in the tables already")}


# --- input that is not what it should be ------------------------------------------------------------------------------------------------


def written(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("x.txt", "hello\n", "no vocabulary release that is known here"),
        ("Thesaurus.txt", "C1\t<x>\t\tA\tb\t\t\tc\nC2\tonly two\n", r"Thesaurus.txt:2: 2 columns"),
        ("m.tsv", "#a: [\nsubject_id\tpredicate_id\tobject_id\n", "no YAML"),
        ("m.tsv", "#mapping_set_id: x\nsubject_id\tobject_id\n", "predicate_id is missing|no vocabulary"),
        ("m.tsv", "subject_id\tpredicate_id\tobject_id\nA:1\tskos:exactMatch\n", "m.tsv:2: too few cells"),
    ],
)
def test_files_that_are_none_say_so(tmp_path: Path, own: Path, name: str, text: str, message: str) -> None:
    file = written(tmp_path / "in", name, text)
    with pytest.raises(BadInput, match=message):
        enrich(own, [read_vocabulary(file)])
    assert violations(own) == []


def test_a_row_of_rxnorm_with_too_few_fields_is_named(tmp_path: Path, own: Path) -> None:
    written(tmp_path / "rx", "RXNCONSO.RRF", "44|ENG|mesna|\n")
    with pytest.raises(BadInput, match=r"RXNCONSO.RRF:1: 3 fields .* 18 expected"):
        enrich(own, [read_vocabulary(tmp_path / "rx")])


def test_a_folder_without_a_release(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"holds neither RXNCONSO\.RRF"):
        read_vocabulary(tmp_path)


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there is no such file or folder"):
        read_vocabulary(tmp_path / "nothing")


def test_a_database_that_is_not_chembl(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "other.db")
    database.execute("CREATE TABLE x (y)")
    database.commit()
    database.close()
    with pytest.raises(BadInput, match="without the table molecule_dictionary"):
        read_vocabulary(tmp_path / "other.db")


def test_a_damaged_database(tmp_path: Path, chembl: Path) -> None:
    (tmp_path / "cut.db").write_bytes(chembl.read_bytes()[:3000])
    with pytest.raises(BadInput, match=r"SQLite|ChEMBL"):
        list(read_vocabulary(tmp_path / "cut.db").concepts)


def test_a_zip_without_the_thesaurus(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("readme.txt", "nothing")
    with pytest.raises(BadInput, match=r"without Thesaurus\.txt"):
        read_vocabulary(tmp_path / "x.zip")


def test_bytes_that_are_no_utf8(tmp_path: Path) -> None:
    (tmp_path / "RXNCONSO.RRF").write_bytes(b"44|ENG|\xff|\n")
    with pytest.raises(BadInput, match="not UTF-8"):
        list(read_vocabulary(tmp_path).concepts)


# --- building -------------------------------------------------------------------------------------------------------------------------


def test_a_build_takes_vocabularies(tmp_path: Path) -> None:
    report = kg.build(bundle.path("data/trials"), tmp_path / "my.kg", vocabularies=[RXNORM])
    assert report.vocabulary == {"drug_identifiers": 3, "drug_names": 2, "product_substances": 20, "sources": 1}
    assert report.refused == 1
    assert report.refusals == ("rxnorm-2023-11-06, RXCUI 2555: Gleevec: the name would point at cisplatin, imatinib",)
    with kg.open(tmp_path / "my.kg") as graph:
        assert graph.drug("Imatibrand").label == "imatinib"
        assert graph.validate(shapes=False) == []
        assert graph.manifest["vocabularies"] == [str(RXNORM)]
        rows = graph.query("names_of_drug", drug="imatinib")
        assert "Imatibrand" in str(rows.to_dicts())


def test_a_vocabulary_that_is_none_leaves_the_graph_as_it_was(tmp_path: Path) -> None:
    kg.build(bundle.path("data/trials"), tmp_path / "my.kg")
    with pytest.raises(BadInput):
        kg.build(bundle.path("data/trials"), tmp_path / "my.kg", vocabularies=[tmp_path / "nothing"])
    with kg.open(tmp_path / "my.kg") as graph:
        assert len(graph.records) == 2


def test_the_command_line_names_what_was_refused(tmp_path: Path) -> None:
    call = ["build", str(bundle.path("data/trials")), "--vocabulary", str(RXNORM), "--vocabulary", str(HERE / "mappings.sssom.tsv")]
    result = CliRunner().invoke(app, [*call, "-o", str(tmp_path / "my.kg")])
    assert result.exit_code == 0, result.output
    assert "refused: rxnorm-2023-11-06, RXCUI 2555: Gleevec" in result.output
    assert "drug names" in result.output


def test_a_product_code_of_a_record_is_read_by_its_ingredients(tmp_path: Path) -> None:
    """Codes of clinical drugs, brands and packs: what the release says is in them, beside what the words say."""
    kg.build(bundle.path("data/trials"), tmp_path / "my.kg", vocabularies=[RXNORM])

    def read(code: str, text: str = "") -> tuple[list[str], kg.Patient]:
        concept = coded((RXNORM_SYSTEM, code), text=text)
        (tmp_path / "bundle.json").write_text(json.dumps(fhir_bundle(statement(medicationCodeableConcept=concept))))
        with kg.open(tmp_path / "my.kg") as graph:
            (record,) = read_patients(tmp_path / "bundle.json", graph.knowledge, graph.names, AS_OF)
        return [exposure.drug for exposure in record.patient.taking or ()], record.patient

    for code in ("9000021", "9000023", "9000010"):  # a clinical drug, its brand, the brand's name
        assert read(code)[0] == ["imatinib"]
    assert "RxNorm 9000021 is a product of imatinib" in str(read("9000021")[1].notes)
    assert read("9000026")[0] == ["imatinib", "warfarin"], "a pack"
    drugs, patient = read("9000029", "Combibrand 50/100")
    assert drugs == ["beta-alanine", "imatinib"]
    assert kg.open().check(patient).unrecognised == ("beta-alanine",), "a substance that is not known is said"
    assert read("9000021", "imatinib 100 MG Oral Tablet / foozumab")[0] == ["imatinib", "foozumab"], "words name more than the code"
    drugs, patient = read("9000021", "cisplatin")
    assert drugs == [] and "RxNorm 9000021 is imatinib" in str(patient.unclear)
    assert read("9000033", "cisplatin 1 mg/ml")[0] == ["cisplatin"], "a code that is not known, words that are"
    assert kg.open().check(read("9000031")[1]).unrecognised == ("RxNorm 9000031",)

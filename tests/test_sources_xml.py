"""The registry's older XML: what is read where, what odd and hostile files become, and that no value is lost."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from conservation import values
from criteria_told import told
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from legacy_world import RECORD, laid_out
from memory import with_peak

from kg import bundle
from kg.errors import BadInput
from kg.records import Arm, DatedEvent, Identifier, Intervention, MeshTerm, Outcome, Party, Site, Trial
from kg.sources import Rejected, read_trial, read_trials
from kg.sources.page_text import iso_date
from kg.sources.placing import fields
from kg.sources.textblock import flowed
from kg.sources.wording import code, rows

SHARED = Path(__file__).parents[2] / "shared" / "studies"
LEGACY = sorted((SHARED / "legacy_xml").glob("*.xml"))
needs_shared = pytest.mark.skipif(not LEGACY, reason="the registry sample is not here")


def write(path: Path, data: bytes | str) -> Path:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def read(tmp_path: Path, text: bytes | str) -> Trial:
    return read_trial(write(tmp_path / "record.xml", text))


def refused(tmp_path: Path, text: bytes | str) -> Rejected:
    (found,) = read_trials(write(tmp_path / "record.xml", text))
    assert isinstance(found, Rejected)
    return found


# --- what is read where -------------------------------------------------------------------------------------------------------------------


def test_a_record_is_read_as_the_api_would_have_told_it(tmp_path: Path) -> None:
    trial = read(tmp_path, RECORD)
    assert (trial.nct, trial.brief_title, trial.official_title, trial.acronym) == (
        "NCT00000001", "Selumetinib & others", "A Trial of Selumetinib", "SEL",
    )  # fmt: skip
    assert trial.identifiers == (Identifier("A-1", "ORG"), Identifier("B-2"), Identifier("NCT00000009", "NCT_ALIAS"))
    assert (trial.organization, trial.status, trial.study_type, trial.phases) == (
        "NCI", "ACTIVE_NOT_RECRUITING", "INTERVENTIONAL", ("PHASE1", "PHASE2"),
    )  # fmt: skip
    assert trial.dates == (
        DatedEvent("verified", "2017-05"), DatedEvent("start", "2006-06"), DatedEvent("completion", "2018-12-31", "ESTIMATED"),
        DatedEvent("last_update_posted", "2017-11-06", "ESTIMATED"),
    )  # fmt: skip
    assert trial.parties == (
        Party("NCI", "LEAD", "FED"), Party("A company", "COLLABORATOR", "INDUSTRY"), Party("NCI", "RESPONSIBLE_PARTY", "SPONSOR"),
        Party("Ann Bee, MD", "PRINCIPAL_INVESTIGATOR", "", "NCI"),
    )  # fmt: skip
    assert trial.brief_summary == "What selumetinib does, told in a line that goes on.\n\nAnd more."
    assert (trial.allocation, trial.model, trial.purpose, trial.masking, trial.who_masked) == (
        "RANDOMIZED", "PARALLEL", "TREATMENT", "DOUBLE", ("PARTICIPANT", "INVESTIGATOR"),
    )  # fmt: skip
    assert (trial.enrollment, trial.enrollment_kind, trial.conditions, trial.keywords) == (70, "ACTUAL", ("Sarcoma", "GIST"), ("sarcoma",))
    assert trial.arms == (Arm("Arm I", "EXPERIMENTAL", "", ("selumetinib",)),)
    assert trial.interventions == (Intervention("selumetinib", "DRUG", "", ("AZD6244",), ("Arm I",)),)
    assert trial.outcomes == (Outcome("primary", "Survival", "", "1 year"),)
    assert (trial.sex, trial.minimum_age, trial.maximum_age, trial.healthy_volunteers) == ("ALL", "18 Years", "", False)
    assert trial.sites == (Site("A hospital", "Oslo", "", "0123", "Norway", "RECRUITING"),)
    assert trial.mesh == (MeshTerm("Sarcoma"),)
    assert trial.dropped == (("resultsSection.moreInfoModule", 1), ("resultsSection.participantFlowModule", 2))
    assert (trial.source.format, trial.source.version, trial.source.url) == (
        "legacy-xml", "2018-05-11", "https://clinicaltrials.gov/show/NCT00000001",
    )  # fmt: skip
    kept = dict(trial.other)
    assert kept["legacyXml.@rank[0]"] == "3"
    assert kept["protocolSection.oversightModule.oversightHasDmc"] == "true"
    assert kept["protocolSection.contactsLocationsModule.locations[0].contacts[0].name"] == "Cee"


def test_the_criteria_stand_in_lines_as_the_api_has_them(tmp_path: Path) -> None:
    assert read(tmp_path, RECORD).eligibility_text == (
        "Inclusion Criteria:\n\n* Sarcoma, defined as one of the following:\n\n  1. synovial\n10. Age >= 18\n\n"
        "Exclusion Criteria:\n\n* Previous MEK inhibitor use"
    )


def test_older_files_tell_the_design_in_one_text_and_dates_by_other_names(tmp_path: Path) -> None:
    design = (
        "Allocation:  Non-Randomized, Endpoint Classification:  Safety Study, Masking:  Single Blind (Subject), Primary Purpose:  Treatment"
    )
    start, end = RECORD.index("<study_design_info>"), RECORD.index("</study_design_info>") + len("</study_design_info>")
    old = RECORD[:start] + f"<study_design>{design}</study_design>" + RECORD[end:]
    old = old.replace("<keyword>", "<lastchanged_date>April 20, 2011</lastchanged_date><keyword>")
    old = old.replace("<clinical_study", '<!DOCTYPE clinical_study SYSTEM "http://clinicaltrials.gov/public.dtd">\n<clinical_study', 1)
    trial = read(tmp_path, old)
    assert (trial.allocation, trial.masking, trial.who_masked, trial.purpose) == ("NON_RANDOMIZED", "SINGLE", ("PARTICIPANT",), "TREATMENT")
    assert DatedEvent("last_update_submitted", "2011-04-20") in trial.dates
    assert ("legacyXml.study_design_info.endpoint_classification[0]", "Safety Study") in trial.other


def test_what_is_of_an_unexpected_kind_stays_as_it_came(tmp_path: Path) -> None:
    odd = RECORD.replace("June 2006", "Unknown").replace(">70<", ">about 70<").replace("<has_dmc>Yes", "<has_dmc>Maybe")
    odd = odd.replace("<acronym>SEL</acronym>", "<acronym>SEL</acronym><acronym>TWO</acronym><surprise a='b'>c</surprise>")
    trial = read(tmp_path, odd)
    assert (trial.enrollment, trial.acronym) == (None, "SEL")
    assert {
        ("legacyXml.start_date[0]", "Unknown"), ("legacyXml.enrollment[0]", "about 70"), ("legacyXml.oversight_info.has_dmc[0]", "Maybe"),
        ("legacyXml.acronym[0]", "TWO"), ("legacyXml.surprise[0]", "c"), ("legacyXml.surprise.@a[0]", "b"),
    } <= set(trial.other)  # fmt: skip


# --- the same rules -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(bundle.path("data/trials").glob("*.json")), ids=lambda path: path.stem)
def test_the_older_layout_of_a_text_gives_the_same_rules(path: Path) -> None:
    trial = read_trial(path)
    older = replace(trial, eligibility_text=flowed(laid_out(trial.eligibility_text)))
    assert told(trial)
    assert told(older) == told(trial)


@needs_shared
def test_so_it_does_in_a_sample_of_the_registry() -> None:
    trials = [trial for trial in read_trials(SHARED / "studies.jsonl.gz") if isinstance(trial, Trial) and "\n* " in trial.eligibility_text]
    differing = [
        trial.nct
        for trial in trials[::20]
        if told(trial) != told(replace(trial, eligibility_text=flowed(laid_out(trial.eligibility_text))))
    ]
    assert differing == []


# --- containers ---------------------------------------------------------------------------------------------------------------------------


def other(number: int) -> str:
    return RECORD.replace("NCT00000001", f"NCT{number:08}")


def zipped(members: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def test_a_folder_a_gzip_and_the_bulk_zip(tmp_path: Path) -> None:
    write(tmp_path / "1.xml", other(1))
    write(tmp_path / "2.xml.gz", gzip.compress(other(2).encode()))
    write(
        tmp_path / "3.zip",
        zipped({"Contents.txt": "What is in here", "NCT0000xxxx/NCT00000003.xml": other(3), "x/bad.xml": other(4)[:-60]}),
    )
    found = list(read_trials(tmp_path))
    assert [trial.nct for trial in found if isinstance(trial, Trial)] == ["NCT00000001", "NCT00000002", "NCT00000003"]
    bad = {one.source.rpartition("/")[2]: (one.position, one.reason) for one in found if isinstance(one, Rejected)}
    assert bad["bad.xml"][0] == f"line {other(4)[:-60].count(chr(10)) + 1}"
    assert "not well-formed XML" in bad["bad.xml"][1]


def test_several_records_in_one_document_are_told_apart_by_their_lines(tmp_path: Path) -> None:
    body = "\n".join(other(number).partition("\n")[2] for number in (1, 2))
    found = list(read_trials(write(tmp_path / "all.xml", f"\n<studies>\n{body}</studies>")))
    assert [(trial.nct, trial.source.position) for trial in found if isinstance(trial, Trial)] == [
        ("NCT00000001", "line 3"), ("NCT00000002", f"line {3 + other(1).count(chr(10))}"),
    ]  # fmt: skip


def test_a_record_that_was_read_as_json_before_is_named(tmp_path: Path) -> None:
    study = {"protocolSection": {"identificationModule": {"nctId": "NCT00000001"}}}
    first = write(tmp_path / "1.json", json.dumps(study))
    _, second = read_trials([first, write(tmp_path / "2.xml", RECORD)])
    assert isinstance(second, Rejected)
    assert "duplicate of NCT00000001, which was already read from 1.json" in second.reason


def test_results_are_counted_and_not_held(tmp_path: Path) -> None:
    many = "<outcome_list>" + "<outcome><title>Something measured at length</title></outcome>\n" * 40_000 + "</outcome_list>"
    path = write(tmp_path / "big.xml", RECORD.replace("<limitations_and_caveats>", f"{many}<limitations_and_caveats>"))
    trial, peak = with_peak(lambda: read_trial(path))
    assert dict(trial.dropped)["resultsSection.outcomeMeasuresModule"] == 40_000
    assert peak < path.stat().st_size / 3


# --- odd and hostile files ----------------------------------------------------------------------------------------------------------------

BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>\n<clinical_study><brief_title>&b;</brief_title></clinical_study>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n<clinical_study><brief_title>&a;</brief_title></clinical_study>'
SKIPPED = '<!DOCTYPE clinical_study SYSTEM "x.dtd">\n<clinical_study>\n<brief_title>&nbsp;</brief_title></clinical_study>'


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (RECORD.replace("</brief_title>", "</title>"), 15, "not well-formed XML: mismatched tag at column"),
        (RECORD[: RECORD.index("<phase>")], 35, "not well-formed XML: no element found"),
        (f"\n\n{RECORD.replace('<acronym>', '<acronym')}", 18, "not well-formed XML"),
        (BOMB, 1, "declares the entity 'a'"),
        (OUTSIDE, 1, "declares the entity 'a'"),
        (SKIPPED, 3, "names the entity &nbsp;"),
        ("<clinical_study>\n" + "<a>" * 100 + "</a>" * 100 + "</clinical_study>", 2, "deep"),
        (RECORD.replace("UTF-8", "utf-7"), 1, "encoding"),
        (RECORD.replace("<nct_id>NCT00000001</nct_id>", ""), 2, "no NCT number"),
        (RECORD.replace("NCT00000001", "NCT1"), 2, "eight digits"),
    ],
)
def test_a_record_that_cannot_be_used_says_why_and_on_which_line(tmp_path: Path, text: str, line: int, reason: str) -> None:
    found = refused(tmp_path, text)
    assert (found.position, reason in found.reason) == (f"line {line}", True), found


def test_another_kind_of_xml_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"root is <html>, and holds no <clinical_study>; give ClinicalTrials.gov"):
        read_trial(write(tmp_path / "page.html", "<html><body>A page</body></html>"))


# --- nothing is lost ----------------------------------------------------------------------------------------------------------------------


def leaves(element: ElementTree.Element, path: str = "") -> Iterator[tuple[str, str]]:
    """The place and text of every element and attribute that says anything."""
    for name, value in element.attrib.items():
        if value:
            yield f"{path}/@{name}".strip("/"), value
    if (element.text or "").strip():
        yield path, (element.text or "").strip()
    for child in element:
        yield from leaves(child, f"{path}/{child.tag}".strip("/"))


def lost(root: ElementTree.Element, trial: Trial) -> list[Any]:
    """What of a record the trial neither holds nor counts."""
    held = {str(value) for value in values(replace(trial, other=(), dropped=()))} | {value for _, value in trial.other}
    everything = " ".join(" ".join("\n".join(held).split()).split("* "))
    missing: list[Any] = []
    counted = 0
    for path, text in leaves(root):
        form = fields("legacy_xml").get(path)
        kind = form.kind if form else ""
        if path.startswith(("clinical_results", "provided_document_section")):
            counted += 1
        elif kind in ("flag", "skip", "masking", "phases", "study_type", "day") or text == "N/A":
            continue  # a word for each: what they become is tested above
        elif kind == "block":
            missing += [word for word in text.split() if word not in everything and word != "-"]
        elif not {text, iso_date(text), code(form.detail if form else "", text)} & held and text not in everything:
            missing.append((path, text))
    return missing + [("counted", counted, trial.dropped)] * (counted != sum(number for _, number in trial.dropped))


def test_the_small_record_is_kept_whole(tmp_path: Path) -> None:
    assert lost(ElementTree.fromstring(RECORD.encode()), read(tmp_path, RECORD)) == []


@needs_shared
@pytest.mark.parametrize("path", LEGACY, ids=lambda path: path.stem[:11])
def test_a_real_record_is_kept_whole(path: Path) -> None:
    trial = read_trial(path)
    assert trial.nct == path.stem[:11]
    assert lost(ElementTree.parse(path).getroot(), trial) == []
    assert trial.eligibility_text
    assert not [line for line in trial.eligibility_text.split("\n") if line.lstrip().startswith("-  ")]


PARTS = [element.tag for element in ElementTree.fromstring(RECORD.encode()).iter()]


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_record_with_parts_moved_doubled_and_renamed_is_read_without_loss_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    root = ElementTree.fromstring(RECORD.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        elements = list(root.iter())
        taken, target = data.draw(st.sampled_from(elements)), data.draw(st.sampled_from(elements))
        match data.draw(st.sampled_from(["text", "tag", "copy", "attribute"])):
            case "text":
                taken.text = data.draw(st.text("aZ9 ,:/-()", max_size=20))
            case "tag" if taken is not root:
                taken.tag = data.draw(st.sampled_from([*PARTS, "other"]))
            case "attribute":
                taken.set(data.draw(st.sampled_from(["type", "x"])), data.draw(st.text("aZ9 -", max_size=8)))
            case _ if taken not in list(target.iter()) and target not in list(taken.iter()):
                target.append(taken)
    (found,) = read_trials(write(tmp_path / "odd.xml", ElementTree.tostring(root)))
    if isinstance(found, Trial):
        masked = {path for path, text in leaves(root) if "masking" in path}
        assert [item for item in lost(root, found) if item[0] not in masked] == []
    else:
        assert found.reason


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(place=st.floats(0, 1), change=st.binary(max_size=6), cut=st.integers(0, 40))
def test_a_damaged_record_is_refused_in_words_or_read(tmp_path: Path, place: float, change: bytes, cut: int) -> None:
    whole = RECORD.encode()
    at = int(place * len(whole))
    path = write(tmp_path / "damaged.xml", whole[:at] + change + whole[at + cut :])
    try:
        for record in read_trials(path):
            assert isinstance(record, Trial) or record.reason
    except BadInput as error:
        assert str(path) in str(error)


def test_the_table_of_places_names_each_part_once() -> None:
    elements = [element for element, _, _ in rows("legacy_xml", "element", "path", "kind")]
    assert len(elements) == len(set(elements)) == len(fields("legacy_xml"))

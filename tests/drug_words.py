"""An independent look at which words of a text are like drugs: name stems, words of action, development codes. It knows no table."""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kg.knowledge import Knowledge
from kg.names import Names

STUDIES = Path(__file__).parents[2] / "shared" / "studies" / "studies.jsonl.gz"

STEMS = """
    afil anib asteride axaban azepam azine azolam azole bactam brutinib caine capavir ciclib cillin citabine conazole cycline
    degib dipine dronate ertinib etine exed fenacin fibrate floxacin fungin gatran gepant gliflozin gliptin glitazone grastim grel
    ifene istat kacin kinra leucel limus lisib lukast lutamide mab metinib micin mycin nib nidazole olol oxacin oxetine parib
    parin platin poetin pramine prazole previr pril profen rafenib relin relix repvec ribine ridone rubicin sartan semide setron
    sidase solone sporin stim tadine taxel tecan tegravir terol thiazide tidine tinib trexate triptan triptyline tropium uracil
    vaptan vastatin virine vudine zolamide zomib
""".split()
_NOT_NAMES = frozenset(
    """
    antibiotic cholesterol cystatin cytidine guanidine histidine imidazole pyrimidine thymidine uridine xanthine
    """.split()
)
_STEM = re.compile(rf"(?<![\w-])[A-Za-z]{{2,}}(?:{'|'.join(sorted(STEMS, key=len, reverse=True))})(?![\w])", re.IGNORECASE)

_WORD = r"[A-Za-z0-9α-ωΑ-Ω][\w/()\[\]α-ωΑ-Ω.+-]*"
_ACTION = re.compile(
    rf"(?<![\w-])({_WORD})[ -](inhibitors?|antagonists?|agonists?|blockers?"
    r"|(?:targeted|directed|targeting) (?:therap(?:y|ies)|agents?|drugs?))(?!\w)",
    re.IGNORECASE,
)
_ANTIBODY = re.compile(r"(?<![\w-])(anti[- ]?[A-Z][\w/()-]*|monoclonal|bispecific|therapeutic) (?:monoclonal )?antibod(?:y|ies)(?!\w)")
_IMMUNE = re.compile(
    r"anti[- ]?(?:HB|HCV|HIV|HTLV|HAV|HEV|HDV|CMV|EBV|SARS|COVID|HLA|DNA|ds|nuclear|drug|TPO|Tg|GAD|CCP|Jo|Ro|La|Sm|SS|RNP|tTG|MOG|AQP|AAV"
    r"|PLA2R|D\b|A\b|B\b|Toxo|Rubella|Treponema|rabies|Ach|acetyl|MuSK|GBM|MAG|GQ|Hu\b|Yo\b|IA|insul|islet|lipid|phospho|cardiolip)",
    re.IGNORECASE,
)
"""Antibodies that a blood test looks for."""

_CODE = re.compile(
    r"(?<!(?i:study) )(?<!(?i:protocol) )(?<![\w-])([A-Z][A-Za-z]{1,5})[- ]?(?!(?:19|20)\d\d\b)(\d{3,7})[A-Za-z]?(?![\w-]|\.\d)"
)
_NOT_CODES = frozenset(
    """
    ACR AJCC Ala ANNEX ANNOVAR API Appendix APRIL Article ASTM ATC August AUGUST Box CA CAP CBC CD CFC CFR CHO CHOIR CKD Class
    Code CTCAE CYP Day December DIN DPI DSM EC EMEA EN ESC ESMO ESPEN EU EUDRACT EudraCT EULAR FDA FEV FIGO GCP GINA Gly GOLD GRCh
    HBV HCV HFA HIV HLA HMA HPV ICD ICH ICHD IEC IFU INR IPSS ISO January JGCA July June LOINC LVEF March MDI MIN NCI NCT NIH
    November NUP October ONLY Part Phe PLT Pro QTc RECIST REGN Room SAP Sept September SNOMED SP Stage Table TNM UICC ULN US USP
    Version Visit VISIT WBC Week WHO Year
    """.split()
)
_GROUPS = frozenset(
    """
    AALL AAML ACNS ACOSOG ADVL AHEP ALTE ANBL ANHL AREN ARST CALGB COG CTEP CTSU EA ECOG EMN EORTC GOG HOVON IELSG IRB JCOG MPACT
    NCIC NHLBI NRG NSABP PBTC PHASE RTOG SWOG TROG UMIN WJOG
    """.split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """A drug-like stretch of a text; `why`: stem, action, antibody or code."""

    start: int
    end: int
    text: str
    why: str


def drug_words(text: str, own: Iterable[str] = ()) -> Iterator[Word]:
    """Every drug-like stretch. `own`: identifiers of the study, which look like development codes."""
    for found in _STEM.finditer(text):
        if found[0].casefold() not in _NOT_NAMES:
            yield Word(*found.span(), found[0], "stem")
    for found in _ACTION.finditer(text):
        yield Word(*found.span(), found[0], "action")
    for found in _ANTIBODY.finditer(text):
        if not _IMMUNE.match(found[0]):
            yield Word(*found.span(), found[0], "antibody")
    numbers = {re.sub(r"\W", "", item).casefold() for item in own}
    for found in _CODE.finditer(text):
        bare = (found[1] + found[2]).casefold()
        if found[1] not in _NOT_CODES | _GROUPS and not any(bare in number for number in numbers):
            yield Word(*found.span(), found[0], "code")


def records() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """NCT number, eligibility text and the study's own identifiers, of every record that has such a text."""
    with gzip.open(STUDIES, "rt", encoding="utf-8") as lines:
        for line in lines:
            protocol = json.loads(line).get("protocolSection", {})
            names = protocol.get("identificationModule", {})
            text = protocol.get("eligibilityModule", {}).get("eligibilityCriteria", "")
            own = [names.get("orgStudyIdInfo", {}).get("id", ""), names.get("acronym", "")]
            own += [item.get("id", "") for item in names.get("secondaryIdInfos", ())]
            if text:
                yield names.get("nctId", ""), text, tuple(filter(None, own))


@dataclass
class Count:
    """How many drug-like stretches there are, how many a name of the tables overlaps, and which none does."""

    all: Counter[str] = field(default_factory=Counter)
    resolved: Counter[str] = field(default_factory=Counter)
    missed: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        return sum(self.resolved.values()) / sum(self.all.values())


def count(names: Names) -> Count:
    """Goes through all records."""
    counted = Count()
    for _, text, own in records():
        spans = [(m.start, m.end) for m in names.mentions(text) if m.kind in ("drug", "class", "regimen", "pk")]
        for word in drug_words(text, own):
            counted.all[word.why] += 1
            if any(start < word.end and word.start < end for start, end in spans):
                counted.resolved[word.why] += 1
            else:
                counted.missed[word.why, " ".join(word.text.casefold().split())] += 1
    return counted


if __name__ == "__main__":
    result = count(Names.of(Knowledge.load()))
    for why, number in result.all.items():
        print(f"{why:9} {result.resolved[why]:6} of {number:6}  {result.resolved[why] / number:.2%}")
    print(f"all       {sum(result.resolved.values()):6} of {sum(result.all.values()):6}  {result.share:.2%}")
    for (why, text), number in result.missed.most_common(int(sys.argv[1]) if len(sys.argv) > 1 else 40):
        print(f"{number:5}  {why:9} {text}")

"""A small world for tests of the checks: a dozen drugs in real tables, and hand-made rules as the reader of criteria would give them."""

from __future__ import annotations

from typing import Any

from kg import tables
from kg.checks import Patient, Report, check
from kg.knowledge import Knowledge
from kg.names import Names
from kg.records import (
    Arm,
    Carveout,
    Clause,
    ClauseStatus,
    Criterion,
    Eligibility,
    Intervention,
    Mention,
    Polarity,
    RecordSource,
    Role,
    Rule,
    Section,
    Trial,
    TrialResult,
)

AS_OF = "2026-11-21"

_TABLES: dict[str, str] = {
    "sources": """
        source,title
        label,Prescribing information
        fda,FDA table
        other,Another table
        third,A third table
    """,
    "drugs": """
        drug,label,kind,pk_curated
        mekinib,mekinib,small-molecule,yes
        mtorimus,mtorimus,small-molecule,yes
        platin,platin,small-molecule,yes
        mustine,mustine,small-molecule,yes
        conazole,conazole,small-molecule,yes
        halfconazole,halfconazole,small-molecule,yes
        wort,wort,herbal,yes
        pump,pump,small-molecule,yes
        hearsay,hearsay,small-molecule,yes
        both,both,small-molecule,yes
        weakling,weakling,small-molecule,yes
        smoke,smoke,habit,yes
        prednisone,prednisone,small-molecule,yes
        dexamethasone,dexamethasone,small-molecule,yes
        warfarin,warfarin,small-molecule,yes
        quiet,quiet,small-molecule,yes
        newdrug,newdrug,small-molecule,no
        prodrug,prodrug,small-molecule,yes
        parent,parent,small-molecule,yes
        slowmab,slowmab,antibody,yes
        virone,virone,small-molecule,yes
        virtwo,virtwo,small-molecule,yes
    """,
    "drug_names": """
        name,drug,kind
        MEK-001,mekinib,code
        Mekirex,mekinib,brand
    """,
    "classes": """
        class,label,kind,definition
        anticancer-therapy,anticancer therapy,category,
        systemic-anticancer-therapy,systemic anticancer therapy,category,
        chemotherapy,chemotherapy,category,
        mek-inhibitor,MEK inhibitor,mechanism,
        kinase-inhibitor,kinase inhibitor,mechanism,
        tyrosine-kinase-inhibitor,tyrosine kinase inhibitor,mechanism,
        mtor-inhibitor,mTOR inhibitor,mechanism,
        nitrosourea,nitrosourea,chemistry,
        corticosteroid,corticosteroid,chemistry,
        antifungal,antifungal,use,
        topical-antifungal,topical antifungal,use,
        antiretroviral,antiretroviral,use,
        radiotherapy,radiotherapy,procedure,
        transplant,transplant,procedure,
    """,
    "class_parents": """
        class,parent,membership
        systemic-anticancer-therapy,anticancer-therapy,plain
        chemotherapy,systemic-anticancer-therapy,plain
        kinase-inhibitor,systemic-anticancer-therapy,plain
        mek-inhibitor,kinase-inhibitor,plain
        mek-inhibitor,tyrosine-kinase-inhibitor,arguable
        tyrosine-kinase-inhibitor,kinase-inhibitor,plain
        mtor-inhibitor,kinase-inhibitor,plain
        nitrosourea,chemotherapy,plain
        radiotherapy,anticancer-therapy,plain
    """,
    "drug_classes": """
        drug,class,membership,reason
        mekinib,mek-inhibitor,plain,
        mtorimus,mtor-inhibitor,plain,
        platin,chemotherapy,plain,
        mustine,nitrosourea,plain,
        prednisone,corticosteroid,plain,
        dexamethasone,corticosteroid,plain,
        conazole,antifungal,plain,
        conazole,topical-antifungal,plain,
        virone,antiretroviral,plain,
        virtwo,antiretroviral,plain,
        slowmab,systemic-anticancer-therapy,plain,
    """,
    "enzymes": """
        enzyme,label,kind
        cyp3a4,CYP3A4,enzyme
        cyp1a2,CYP1A2,enzyme
        cyp2c9,CYP2C9,enzyme
        p-gp,P-gp,transporter
    """,
    "pk_roles": """
        drug,enzyme,role,strength,source
        conazole,cyp3a4,inhibitor,strong,fda
        conazole,p-gp,inhibitor,unspecified,fda
        halfconazole,cyp3a4,inhibitor,moderate,fda
        wort,cyp3a4,inducer,strong,fda
        wort,cyp3a4,inducer,moderate,other
        pump,cyp3a4,inhibitor,strong,fda
        pump,cyp3a4,inhibitor,strong,label
        pump,cyp3a4,inhibitor,strong,third
        pump,cyp3a4,inhibitor,moderate,other
        hearsay,cyp3a4,inhibitor,moderate,fda
        hearsay,cyp3a4,inhibitor,strong,recalled
        halfconazole,cyp3a4,inhibitor,unspecified,other
        both,cyp3a4,inhibitor,strong,fda
        both,cyp3a4,substrate,sensitive,fda
        weakling,cyp3a4,inhibitor,weak,fda
        smoke,cyp1a2,inducer,moderate,fda
        mtorimus,cyp3a4,substrate,sensitive,fda
        mekinib,cyp3a4,substrate,moderate,label
        warfarin,cyp2c9,substrate,moderate,fda
        warfarin,cyp3a4,substrate,minor,label
        parent,cyp3a4,inhibitor,moderate,label
        quiet,cyp1a2,substrate,sensitive,fda
        prodrug,cyp1a2,substrate,minor,fda
    """,
    "drug_properties": """
        drug,property,grade,source
        warfarin,narrow-therapeutic-index,yes,label
        conazole,qt-prolonging,known,label
        mekinib,qt-prolonging,possible,label
    """,
    "metabolites": """
        drug,metabolite
        prodrug,mtorimus
    """,
    "half_lives": """
        drug,moiety,low_hours,high_hours
        mekinib,mekinib,40,60
        mekinib,active metabolite,80,110
        platin,platin,2,6
        slowmab,slowmab,480,600
    """,
    "mechanisms": """
        mechanism,perpetrator,victim,effect,severity,action
        enzyme-inhibition,inhibitor:strong,substrate:sensitive,raises exposure,major,avoid
        enzyme-inhibition,inhibitor:strong,substrate:moderate,raises exposure,major,adjust
        enzyme-inhibition,inhibitor:moderate,substrate:sensitive,raises exposure,major,adjust
        enzyme-inhibition,inhibitor:moderate,substrate:moderate,raises exposure,moderate,monitor
        enzyme-inhibition,inhibitor:weak,substrate:sensitive,raises exposure a little,minor,none
        enzyme-induction,inducer:strong,substrate:sensitive,lowers exposure,major,avoid
        enzyme-induction,inducer:moderate,substrate:sensitive,lowers exposure,major,adjust
        narrow-index-inhibition,inhibitor:strong,narrow-therapeutic-index,raises exposure of a narrow-index drug,major,avoid
        additive-qt,qt-prolonging:known,qt-prolonging:possible,adds to QT prolongation,major,monitor
    """,
    "interactions": """
        drug_a,drug_b,effect,mechanism,severity,action,evidence,source
        halfconazole,mtorimus,AUC x3.5,enzyme-inhibition,major,adjust,measured,label
    """,
    "conditions": """
        condition,label,kind
        neoplasm,neoplasm,neoplasm
        sarcoma,sarcoma,neoplasm
        synovial-sarcoma,synovial sarcoma,neoplasm
        kidney-cancer,kidney cancer,neoplasm
        cancer,cancer,neoplasm
        hematologic-malignancy,hematologic malignancy,neoplasm
        leukemia,leukemia,neoplasm
        acute-leukemia,acute leukemia,neoplasm
        myelodysplasia,myelodysplasia,neoplasm
        hiv-infection,HIV infection,infection
        infection,infection,infection
        arthritis,arthritis,disease
        pain,pain,state
    """,
    "condition_parents": """
        condition,parent
        sarcoma,neoplasm
        synovial-sarcoma,sarcoma
        kidney-cancer,neoplasm
        hematologic-malignancy,cancer
        leukemia,hematologic-malignancy
        acute-leukemia,leukemia
        myelodysplasia,hematologic-malignancy
        hiv-infection,infection
    """,
    "regimens": """
        regimen,label,names
        duo,DUO,
        virtab,Virtab,
    """,
    "regimen_drugs": """
        regimen,drug
        duo,platin
        duo,mustine
        virtab,virone
        virtab,virtwo
    """,
    "biomarkers": """
        biomarker,label,target,names
        pdgfra,PDGFRA,,
        kit,KIT,,
    """,
    "routes": """
        word,route,systemic
        topical,topical,no
        oral,oral,yes
        vaginal,vaginal,arguable
    """,
    "actions": """
        asked,has,kinds,membership
        inhibitor,inhibitor,,plain
    """,
}  # fmt: skip


def _rows(name: str) -> list[dict[str, str]]:
    header, *lines = [line.strip() for line in _TABLES.get(name, "").strip().splitlines()] or [""]
    columns = header.split(",")
    out = []
    for line in lines:
        row = dict.fromkeys(tables.SCHEMA[name].header, "") | dict(zip(columns, line.split(","), strict=True))
        if tables.SCHEMA[name].evidence and not row["source"]:
            row["source"] = "label"
        out.append(row)
    return out


_REAL = ("by_mouth", "settings", "responses", "biomarker_states", "steroid_equivalents", "usual_doses")
"""Tables that the small world takes as they are: words and doses, no drugs of its own."""


def world() -> Knowledge:
    """The small world's knowledge, through the real loader."""
    return Knowledge.from_tables({name: tables.read(name) if name in _REAL else _rows(name) for name in tables.SCHEMA if "/" not in name})


KNOWLEDGE = world()
NAMES = Names(KNOWLEDGE)


def drug(key: str, text: str = "") -> Mention:
    """A mention of a drug."""
    return Mention(0, 1, "drug", key, text or key)


def cls(key: str, text: str = "") -> Mention:
    """A mention of a class."""
    return Mention(0, 1, "class", key, text or KNOWLEDGE.classes[key].label)


def pk(enzyme: str, role: str, *strengths: str, narrow: bool = False) -> Mention:
    """A mention such as "strong CYP3A4 inhibitors"."""
    text = f"{' or '.join(strengths)} {enzyme} {role}s".strip()
    return Mention(0, 1, "pk", "", text, enzyme=enzyme, role=role, strengths=strengths, narrow_index=narrow)


def rule(
    *mentions: Mention, role: Role = Role.PRIOR_THERAPY, polarity: Polarity = Polarity.EXCLUDES, quote: str = "No such therapy", **more: Any
) -> Rule:
    """A rule as the reader of criteria would give it."""
    number = more.pop("number", 0)
    start = 100 * number
    return Rule(number, number, start, start + len(quote), quote, Section.EXCLUSION, polarity, role, mentions, **more)


def concomitant(*mentions: Mention, **more: Any) -> Rule:
    """A rule on what the patient takes."""
    return rule(*mentions, role=Role.CONCOMITANT, **more)


def allows(*mentions: Mention, **more: Any) -> Carveout:
    """An exception that frees."""
    return Carveout("allows", mentions, text="except these", **more)


def trial(*drugs: str, arms: dict[str, tuple[str, ...]] | None = None, **more: Any) -> Trial:
    """A trial that gives these drugs."""
    given = arms or ({"Arm A": drugs} if drugs else {})
    names = dict.fromkeys(name for listed in given.values() for name in listed)
    return Trial(
        nct="NCT00000001",
        brief_title=more.pop("brief_title", "A trial in sarcoma"),
        source=RecordSource("test", "v2-json", "0"),
        conditions=more.pop("conditions", ("Sarcoma",)),
        arms=tuple(Arm(label, interventions=listed) for label, listed in given.items()),
        interventions=tuple(Intervention(name, "DRUG") for name in names),
        **more,
    )


def run(*rules: Rule, on: Trial | None = None, clauses: tuple[Clause, ...] = (), **patient: Any) -> TrialResult:
    """The result of one trial with these rules for a patient."""
    return report(*rules, on=on, clauses=clauses, **patient).trials[0]


def report(*rules: Rule, on: Trial | None = None, clauses: tuple[Clause, ...] = (), **patient: Any) -> Report:
    """The report on one trial with these rules for a patient."""
    criteria = tuple(Criterion(r.criterion, r.start, r.end, r.quote, r.section) for r in rules)
    eligibility = Eligibility(criteria, clauses, rules)
    patient.setdefault("as_of", AS_OF)
    return check(Patient(**patient), [(on or trial(), eligibility)], KNOWLEDGE, NAMES)


def clause(text: str, *mentions: Mention, kind: str = "therapy", status: ClauseStatus = ClauseStatus.RECOGNISED) -> Clause:
    """A clause that gave no rule."""
    return Clause(0, 0, 0, len(text), text, status, kind, mentions=mentions)

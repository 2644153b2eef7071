"""What the reader makes of real sentences: one construct a case, with the trial that the sentence was read in."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from kg.criteria import read
from kg.knowledge import Knowledge
from kg.names import Names
from kg.records import Eligibility, Intervention, Modality, Polarity, RecordSource, Role, Rule, Trial

EXCLUDES, REQUIRES, ALLOWS = Polarity.EXCLUDES, Polarity.REQUIRES, Polarity.ALLOWS
PRIOR, CURRENT = Role.PRIOR_THERAPY, Role.CONCOMITANT
IN, OUT = "Inclusion Criteria", "Exclusion Criteria"


def eligibility(text: str, interventions: tuple[str, ...] = ()) -> Eligibility:
    """Read a whole eligibility text."""
    trial = Trial(
        "NCT00000000",
        "",
        RecordSource("test", "v2-json", ""),
        eligibility_text=text,
        interventions=tuple(Intervention(name, "DRUG") for name in interventions),
    )
    return read(trial, Names.of(Knowledge.load()))


def therapy_rules(text: str, interventions: tuple[str, ...] = ()) -> list[Rule]:
    """The rules on therapies of a text."""
    return [r for r in eligibility(text, interventions).rules if r.role in (PRIOR, CURRENT)]


@dataclass(frozen=True)
class Case:
    """A real sentence under its heading, and what must come of it."""

    nct: str
    section: str
    sentence: str
    polarity: Polarity | None = EXCLUDES
    role: Role = PRIOR
    keys: frozenset[str] = frozenset()
    window: tuple[int | None, int | None, float | None, str] | None = None
    within: bool | None = None
    lines: tuple[int | None, int | None] | None = None
    settings: frozenset[str] = frozenset()
    modality: Modality = Modality.MUST_NOT
    doubt: str = ""
    combined: bool = False
    dose: float | None = None
    freed: frozenset[str] = field(default_factory=frozenset)


def keys(*names: str) -> frozenset[str]:
    """A set of class or drug keys, enzyme roles written as enzyme/role/strength."""
    return frozenset(names)


CASES = [
    # --- prior therapy ---------------------------------------------------------------------------------------------------------------------
    Case("NCT01206140", OUT, "Previous MEK inhibitor use", keys=keys("mek-inhibitor")),
    Case("NCT04933227", OUT, "Prior treatment with CD137 agonists, T-cell co-stimulating, or immune checkpoint blockade therapies",
         keys=keys("4-1bb-agonist", "t-cell-costimulatory-agonist", "immune-checkpoint-inhibitor")),
    Case("NCT04736173", OUT, "Prior treatment with any anti-PD-1, anti-PD-L1 or any other antibody targeting an immune checkpoint.",
         keys=keys("pd-1-inhibitor", "immune-checkpoint-inhibitor")),
    Case("NCT03491683", OUT, "Prior treatment with an agent that blocks the PD-1/PD-Ligand 1 pathway", keys=keys("pd-1-inhibitor", "pd-l1-inhibitor")),
    Case("NCT01281865", IN, "No prior tyrosine kinase inhibitors", keys=keys("tyrosine-kinase-inhibitor")),
    Case("NCT04965220", OUT, "Previous treatment with BRAF inhibitors or MEK inhibitors", keys=keys("braf-inhibitor", "mek-inhibitor")),
    Case("NCT01639001", IN, "No prior systemic treatment for locally advanced or metastatic disease.",
         keys=keys("systemic-anticancer-therapy"), settings=frozenset({"locally-advanced", "metastatic"})),
    Case("NCT05914116", IN, "Taxane-naive CRPC subjects", keys=keys("taxane")),
    Case("NCT05702229", IN, "Previously untreated for unresectable or metastatic gastric or gastroesophageal junction adenocarcinoma.",
         keys=keys("systemic-anticancer-therapy"), settings=frozenset({"locally-advanced", "metastatic"})),
    Case("NCT06989112", IN, "Naïve to first-line systemic anticancer therapy.", keys=keys("systemic-anticancer-therapy")),
    Case("NCT07227597", IN, "No prior systemic ES-SCLC treatment allowed", keys=keys("systemic-anticancer-therapy")),
    Case("NCT06387628", OUT, "Previous use of eribulin and CCR8-targeting drugs", keys=keys("eribulin", "ccr8-directed-therapy")),
    Case("NCT06699576", OUT, "Previous or current treatment with TOP1i related treatment", keys=keys("topoisomerase-i-inhibitor")),
    Case("NCT07172958", IN, "Myelosuppressive chemotherapy/immunomodulatory medications: At least 3 weeks since completion, or 6 weeks if prior nitrosourea.",
         keys=keys("chemotherapy"), window=(21, None, None, ""), within=False, freed=frozenset({"window:nitrosourea"})),
    Case("NCT02124148", IN, "Participants must have discontinued mitomycin-C or nitrosourea therapy at least 42 days prior to study enrollment",
         role=CURRENT, keys=keys("mitomycin", "nitrosourea"), window=(42, None, None, ""), within=False),
    Case("NCT05607563", OUT, "Received antitumor therapy within 4 weeks prior to the study treatment",
         keys=keys("anticancer-therapy"), window=(28, None, None, ""), within=True),
    Case("NCT00139620", IN, "Prior chemotherapy permitted provided that 4 weeks has elapsed", keys=keys("chemotherapy"),
         window=(28, None, None, ""), within=False),
    Case("NCT06646627", IN, "At least 3 weeks post chemotherapy or 5 half-lives, whichever is shorter", keys=keys("chemotherapy"),
         window=(21, None, 5.0, "shorter"), within=False),
    Case("NCT03318939", OUT, "Systemic anti-cancer treatment should not be used within 2 weeks or 5 half lives, whichever is longer",
         role=CURRENT, keys=keys("systemic-anticancer-therapy"), window=(14, None, 5.0, "longer"), within=True),
    Case("NCT03014804", OUT, "Prior solid organ transplantation", keys=keys("solid-organ-transplant")),
    # --- required, allowed -----------------------------------------------------------------------------------------------------------------
    Case("NCT07161414", IN, "Participants must have received prior anticancer treatment for the disease under study.", polarity=REQUIRES,
         keys=keys("anticancer-therapy")),
    Case("NCT06713798", IN, "Confirmed progression during treatment with a taxane", polarity=REQUIRES, keys=keys("taxane")),
    Case("NCT03667716", IN, "Subjects who received prior immune-stimulatory antitumor agents, such as anti-PD-1, are eligible.", polarity=ALLOWS,
         keys=keys("pd-1-inhibitor")),
    Case("NCT04570839", IN, "No limitations on the number of prior lines of systemic therapy.", polarity=ALLOWS,
         keys=keys("systemic-anticancer-therapy")),
    Case("NCT02749617", OUT, "Patients who have not received a taxane", polarity=REQUIRES, keys=keys("taxane")),
    # --- lines -----------------------------------------------------------------------------------------------------------------------------
    Case("NCT06387628", IN, "no prior line at recurrence or metastasis setting is allowed", keys=keys("systemic-anticancer-therapy")),
    Case("NCT01206140", IN, "Patients may have received 0-2 prior cytotoxic chemotherapeutic regimens for metastatic or recurrent disease",
         keys=keys("chemotherapy"), lines=(None, 2), settings=frozenset({"metastatic", "recurrent"})),
    Case("NCT02124148", OUT, "Have received more than 2 previous lines of cytotoxic chemotherapy", keys=keys("chemotherapy"), lines=(None, 2)),
    Case("NCT06657144", OUT, "Received ≥ 2 prior systemic anticancer therapies for advanced or metastatic disease.",
         keys=keys("systemic-anticancer-therapy"), lines=(None, 1), settings=frozenset({"locally-advanced", "metastatic"})),
    Case("NCT03006172", OUT, "Prior treatment with \\>1 chemotherapy regimen for metastatic disease", keys=keys("chemotherapy"),
         lines=(None, 1), settings=frozenset({"metastatic"})),
    Case("NCT05005403", IN, "Patients may not have received prior chemotherapy", keys=keys("chemotherapy")),
    Case("NCT03739710", IN, "No more than or less than 1 line of platinum-containing chemotherapy regimen", keys=keys("platinum-agent"), lines=(None, 1)),
    # --- concomitant drugs -----------------------------------------------------------------------------------------------------------------
    Case("NCT01206140", OUT, "Concomitant Strong CYP1A2 or CYP3A4 inducers and/or inhibitors", role=CURRENT,
         keys=keys("cyp1a2/inducer/strong", "cyp3a4/inducer/strong", "cyp1a2/inhibitor/strong", "cyp3a4/inhibitor/strong")),
    Case("NCT04501120", OUT, "Within 7 days before the first dose of study drug, received a strong and/or moderate CYP3A inducer and/or Inhibitor.",
         role=CURRENT, keys=keys("cyp3a4/inducer/strong+moderate", "cyp3a4/inhibitor/strong+moderate"), window=(7, None, None, ""), within=True),
    Case("NCT02749617", OUT, "Concomitant use of CYP3A4 or p-glycoprotein inducers or inhibitors", role=CURRENT,
         keys=keys("cyp3a4/inducer/", "p-gp/inducer/", "cyp3a4/inhibitor/", "p-gp/inhibitor/")),
    Case("NCT06482905", OUT, "Coagulopathy or requiring long-term anticoagulant therapy", role=CURRENT, keys=keys("anticoagulant")),
    Case("NCT02836067", OUT, "Currently taking anticoagulants including but not limited to: heparin (Hep-Lock), warfarin (Coumadin)",
         role=CURRENT, keys=keys("anticoagulant", "heparin", "warfarin")),
    Case("NCT01996423", OUT, "Immunosuppressors taken within the past month", role=CURRENT, keys=keys("immunosuppressant"),
         window=(None, 1, None, ""), within=True),
    Case("NCT00581048", OUT, "Use of systemic or high doses of inhaled corticosteroids", role=CURRENT, keys=keys("corticosteroid"),
         doubt="high dose"),
    Case("NCT00470457", OUT, "Contraindicated medications were immunosuppressive agents, beta-blockers, and tricyclic antidepressants.",
         role=CURRENT, keys=keys("immunosuppressant", "beta-blocker", "tricyclic-antidepressant")),
    Case("NCT00377572", OUT, "Systemic prednisone (or equivalent) during the 2 weeks prior to Visit 2", role=CURRENT,
         keys=keys("prednisone", "systemic-corticosteroid"), window=(14, None, None, ""), within=True),
    Case("NCT03111628", OUT, "Patients may not take H2 antihistamines within 7 days before screening", role=CURRENT, keys=keys("h2-blocker"),
         window=(7, None, None, ""), within=True),
    Case("NCT03280537", OUT, "Treatment with non-steroid immunosuppressants within 2 months prior to screening", role=CURRENT,
         keys=keys("immunosuppressant"), window=(None, 2, None, ""), within=True, freed=frozenset({"allows:corticosteroid"})),
    Case("NCT04571138", OUT, "Receiving immunosuppressive therapy for treatment or prevention of GVHD within 4 weeks prior to enrollment",
         role=CURRENT, keys=keys("immunosuppressant"), window=(28, None, None, ""), within=True, doubt="after a transplant"),
    Case("NCT00267202", OUT, "Oral, intravenous, intramuscular, or intra-articular corticosteroids within 4 weeks", role=CURRENT,
         keys=keys("corticosteroid"), window=(28, None, None, ""), within=True),
    Case("NCT00306202", OUT, "Subjects taking certain medications that are accepted to have a risk of causing QTc prolongation.", role=CURRENT,
         keys=keys("qt-prolonging-drug")),
    Case("NCT02890511", OUT, "Patients who are required to continuously take P-gp (P-glycoprotein) suppressor, immune suppressor, proton-pump inhibitor or H2-receptor antagonist during clinical trial period",
         role=CURRENT, keys=keys("p-gp/inhibitor/", "immunosuppressant", "proton-pump-inhibitor", "h2-blocker")),
    Case("NCT00121290", IN, "No other chemotherapy, immunotherapy, specific antitumor therapy, or experimental medications will be permitted while the patients are participating in this study",
         role=CURRENT, keys=keys("chemotherapy", "immunotherapy")),
    Case("NCT01131364", IN, "This lesion must not have been irradiated during previous treatments.", polarity=None),
    Case("NCT00716456", OUT, "CNS lesions which are symptomatic and/or requiring escalating doses of corticosteroids.", polarity=None),
    Case("NCT00389285", IN, "Either no prior treatment or a maximum of 2 prior treatment regimens for metastatic RCC that included no more than 1 treatment regimen targeting the vascular endothelial growth factor (VEGF) pathway",
         keys=keys("vegf-vegfr-inhibitor"), lines=(None, 1)),
    Case("NCT01296568", IN, "Have discontinued all previous treatments for cancer, including chemotherapy, radiotherapy, anticancer hormone therapy, or other investigational therapy for at least 30 days prior to study entry and recovered from the acute effects of therapy",
         keys=keys("chemotherapy", "systemic-anticancer-therapy"), window=(30, None, None, ""), within=False),
    Case("NCT05894239", OUT, "Any prior systemic non-hormonal anti-cancer therapy for locally advanced or metastatic HER2-positive breast cancer",
         keys=keys("anticancer-therapy"), settings=frozenset({"locally-advanced", "metastatic"}), freed=frozenset({"allows:endocrine-therapy"})),
    Case("NCT02812693", OUT, "Has received prior therapy with an anti-programmed cell death (PD)-1, anti-PD-L1, or anti-PD-L2 agent",
         keys=keys("pd-1-inhibitor", "pd-l1-inhibitor")),
    Case("NCT03113071", OUT, "Patients requiring treatment with one or more medications known to interact adversely with digoxin, namely thiazide and/or loop diuretics, quinidine, ritonavir",
         role=CURRENT, keys=keys("thiazide-diuretic", "quinidine", "ritonavir")),
    Case("NCT03023527", OUT, "Subjects unable or unwilling to undergone antithrombotic prophylactic treatment.", polarity=None),
    Case("NCT04545762", OUT, "History of autoimmune disease (e.g., rheumatoid arthritis, systemic lupus erythematosus) with requirement of immunosuppressive medication within 6 months.", polarity=None),
    Case("NCT02950259", OUT, "Prior surgery, radiotherapy or chemotherapy for this cancer (other than core-needle biopsy)", keys=keys("chemotherapy")),
    Case("NCT05382559", IN, "Participant's last dose of prior antineoplastic therapy, including any immunotherapy, was 21 days or 5 half-lives, whichever is shorter, prior to initiation of study intervention administration.",
         keys=keys("anticancer-therapy"), window=(21, None, 5.0, "shorter"), within=False),
    Case("NCT05941520", IN, "Women must have at least 1 unaffected untreated breast for fine needle aspiration.", polarity=None),
    Case("NCT05277701", OUT, "Concomitant medications known to prolong QT interval", role=CURRENT, keys=keys("qt-prolonging-drug")),
    Case("NCT02749617", OUT, "Concomitant antiplatelet or anticoagulant use", role=CURRENT, keys=keys("antiplatelet", "anticoagulant")),
    Case("NCT05417321", OUT, "Use of systemic corticosteroids in a dose equivalent to \\>10 mg/day of prednisone \\< 2 weeks prior to screening",
         role=CURRENT, keys=keys("systemic-corticosteroid", "prednisone"), window=(14, None, None, ""), within=True, dose=10.0),
    Case("NCT06328036", OUT, "Treatment with a live, attenuated vaccine within 4 weeks prior to initiation of study treatment", role=CURRENT,
         window=(28, None, None, ""), within=True),
    Case("NCT05417321", OUT, "Have received a live vaccine within 4 weeks prior to the first dose, except COVID-19 vaccine.", role=CURRENT,
         keys=keys("live-vaccine"), window=(28, None, None, ""), within=True),
    Case("NCT01206140", OUT, "Growth factor(s): growth factors that support platelet or white cell number or function must not have been administered within the past 7 days",
         role=CURRENT, keys=keys("growth-factor"), window=(7, None, None, ""), within=True),
    Case("NCT06996782", OUT, "Treatment with any other anti-cancer agents or immunosuppressive medication.", role=CURRENT,
         keys=keys("systemic-anticancer-therapy", "immunosuppressant")),
    # --- modality and doubt ----------------------------------------------------------------------------------------------------------------
    Case("NCT02065973", OUT, "Strong inhibitors of CYP3A4 should be avoided", role=CURRENT, keys=keys("cyp3a4/inhibitor/strong"),
         modality=Modality.SHOULD_AVOID),
    Case("NCT02065973", OUT, "Strong inhibitors of CYP3A4 should be used with caution", role=CURRENT, keys=keys("cyp3a4/inhibitor/strong"),
         modality=Modality.CAUTION),
    Case("NCT06328036", OUT, "Patients who have undergone tumor directed therapy for the most recent disease progression", keys=keys("anticancer-therapy"),
         window=(None, 3, None, ""), within=True, doubt="given for the last progression"),
    Case("NCT05645718", OUT, "receiving immunosuppression for GvHD prophylaxis within 2 weeks from the start of study therapy.", role=CURRENT,
         keys=keys("immunosuppressant"), window=(14, None, None, ""), within=True, doubt="after a transplant"),
    Case("NCT05739630", OUT, "Previously received doxorubicin, the total cumulative dose of doxorubicin≥360 mg/m2", keys=keys("doxorubicin"),
         doubt="cumulative dose"),
    Case("NCT03706573", OUT, "Patient is currently receiving high doses of systemic corticosteroids", role=CURRENT,
         keys=keys("systemic-corticosteroid"), doubt="high dose", dose=7.5),
    Case("NCT05063357", OUT, "Increasing dose of steroids for 1 week prior to first IMP treatment", role=CURRENT, keys=keys("corticosteroid"),
         window=(7, None, None, ""), within=True, doubt="a recent start"),
    Case("NCT05751044", OUT, "Previous treatment with dasatinib and venetoclax in combination (Patients who have previously received any of these two drugs separately can be eligible)",
         keys=keys("dasatinib", "venetoclax"), combined=True),
    Case("NCT05645718", OUT, "who have received \\>450mg/m2 of doxorubicin and cannot receive anthracyclines", keys=keys("doxorubicin"),
         doubt="cumulative dose"),
    # --- exceptions ------------------------------------------------------------------------------------------------------------------------
    Case("NCT03826992", OUT, "Currently receiving anti-cancer agents (with the exception of hydroxyurea)", role=CURRENT,
         keys=keys("systemic-anticancer-therapy"), freed=frozenset({"allows:hydroxycarbamide"})),
    Case("NCT02199197", OUT, "Prior cytotoxic chemotherapy with the exception of docetaxel or cabazitaxel",
         keys=keys("chemotherapy"), freed=frozenset({"allows:docetaxel", "allows:cabazitaxel"})),
    Case("NCT02092909", OUT, "Being treated with other anti-cancer therapies (approved or investigational).", role=CURRENT, keys=keys("anticancer-therapy")),
    Case("NCT02395172", OUT, "Prior therapy with any antibody/drug targeting T cell coregulatory proteins", keys=keys("t-cell-pathway-therapy")),
    Case("NCT03652233", OUT, "Prior EGFR-targeted small molecule therapy except cetuximab.",
         keys=keys("egfr-tyrosine-kinase-inhibitor"), freed=frozenset({"allows:cetuximab"})),
    Case("NCT03652233", OUT, "Prior immune checkpoint targeted therapy, including anti-PD-1", keys=keys("immune-checkpoint-inhibitor", "pd-1-inhibitor")),
    Case("NCT02134015", OUT, "Treatment with anticancer therapy, antibody-based therapy, or hormonal therapy within 4 weeks before study drug treatment",
         keys=keys("anticancer-therapy", "antibody-based-therapy", "endocrine-therapy"), window=(28, None, None, ""), within=True),
    Case("NCT01281865", IN, "At least 4 weeks since any number of prior chemotherapy regimens (6 weeks for carmustine or mitomycin C)",
         keys=keys("chemotherapy"), window=(28, None, None, ""), within=False, freed=frozenset({"window:carmustine", "window:mitomycin"})),
    Case("NCT05498272", OUT, "Patients receiving any systemic chemotherapy (except for palliative reasons) within 3 weeks prior to study treatment.",
         role=CURRENT, keys=keys("chemotherapy"), window=(21, None, None, ""), within=True, freed=frozenset({"conditional:"})),
    Case("NCT02923180", OUT, "Current use of systemic corticosteroids (inhaled corticosteroids for asthma or COPD are permitted)", role=CURRENT,
         keys=keys("systemic-corticosteroid"), freed=frozenset({"allows:inhaled-corticosteroid"})),
    Case("NCT05417321", OUT, "Major surgery (except for diagnostic needle biopsy or intravenous catheterization) or chemotherapy/ radiation therapy \\< 4 weeks prior to the first dose",
         keys=keys("chemotherapy", "radiotherapy"), window=(28, None, None, ""), within=True),
    Case("NCT03955198", OUT, "Current or prior use of immunosuppressive medication within 7 days before the first fraction of RT; however the use of corticosteroids at any dose for the management of an AE is allowed",
         role=CURRENT, keys=keys("immunosuppressant"), window=(7, None, None, ""), within=True, freed=frozenset({"conditional:corticosteroid"})),
    Case("NCT06646627", IN, "At least 3 weeks post chemotherapy or 5 half-lives, whichever is shorter, must have elapsed since any prior systemic therapy, except for systemic inhibitory/stimulatory immune checkpoint therapy that requires 3 months.",
         keys=keys("chemotherapy", "systemic-anticancer-therapy"), window=(21, None, 5.0, "shorter"), within=False,
         freed=frozenset({"window:immune-checkpoint-inhibitor"})),
    Case("NCT04866017", OUT, "Participants who received systemic anticancer treatment besides the specified cCRT.", keys=keys("systemic-anticancer-therapy"),
         freed=frozenset({"allows:chemoradiotherapy"})),
    # --- targets narrow general classes ----------------------------------------------------------------------------------------------------
    Case("NCT05757492", OUT, "Prior exposure to monoclonal antibodies (mAbs) targeting TIGIT", keys=keys("tigit-inhibitor")),
    # --- therapies named, but not ruled on -------------------------------------------------------------------------------------------------
    Case("NCT01206140", OUT, "History of allergic reactions attributed to compounds of similar composition to imatinib", polarity=None),
    Case("NCT05498480", OUT, "History of life-threatening toxicity related to prior immune therapy (eg, anti-PD-1 treatment)", polarity=None),
    Case("NCT03739710", OUT, "Active infection requiring systemic therapy", polarity=None),
    Case("NCT03417882", OUT, "Have an EGFR genomic tumor aberration for which targeted therapy with an EGFR inhibitor is indicated.", polarity=None),
    Case("NCT04691388", OUT, "Severe hypersensitivity after administration of other monoclonal antibodies", polarity=None),
    Case("NCT07307053", IN, "The biopsy tissue must not have been exposed to any antitumor therapy", polarity=None),
    Case("NCT00027820", IN, "ejection fraction is required if there is a history of anthracycline exposure", polarity=None),
    Case("NCT03417882", IN, "For subjects receiving anticoagulation therapy, INR should not be greater than the recommended range", polarity=None),
    Case("NCT04630769", OUT, "Pregnant women, because the effects of sunitinib on the developing human fetus are unknown", polarity=None),
    Case("NCT04691388", OUT, "Severe hypersensitivity after administration of other monoclonal antibodies", polarity=None),
    Case("NCT04374877", IN, "Has received no systemic anticancer therapies between doses", polarity=None),
    Case("NCT05142189", IN, "within 6 months of termination of this treatment as first-line treatment.", polarity=None),
    Case("NCT05326516", OUT, "Participants may be on physiological doses of steroids.", polarity=None),
    # --- the place of a therapy among others -----------------------------------------------------------------------------------------------
    Case("NCT06192680", IN, "patients failed or are intolerant to first-line treatment with oxaliplatin", keys=keys("systemic-anticancer-therapy"),
         settings=frozenset({"metastatic"}), doubt="another first-line therapy is required", freed=frozenset({"allows:oxaliplatin"})),
    Case("NCT06686394", IN, "T-DXd must be the most recent therapy received before enrollment.", keys=keys("systemic-anticancer-therapy"),
         window=(None, 3, None, ""), within=True, settings=frozenset({"metastatic"}), doubt="another therapy is required as the most recent one",
         freed=frozenset({"allows:trastuzumab-deruxtecan"})),
    Case("NCT01743560", IN, "Non-steroidal aromatase inhibitors do not have to be the last treatment prior to enrollment.", polarity=None),
    # --- who is spoken of ------------------------------------------------------------------------------------------------------------------
    Case("NCT04514484", IN, "Any number of prior cancer therapies will be permitted, including treatment naive subjects.", polarity=None),
    Case("NCT07358260", IN, "Participants can be eligible after autologous stem cell infusion without myelosuppressive therapy at any time", polarity=None),
    Case("NCT05645718", IN, "or who have received \\>450mg/m2 of doxorubicin and cannot receive anthracyclines.", polarity=None),
    Case("NCT02724163", IN, "Induction treatment as per MyeChild 01 protocol or treated with 2 courses of mitoxantrone and cytarabine off trial.", polarity=None),
    Case("NCT05607563", OUT, "History of alcohol, psychotropic substance or drug abuse", polarity=None),
    Case("NCT04571138", IN, "if the subject does not have an apheresis product that is available for manufacturing of CAR T cells", polarity=None),
    Case("NCT07358260", IN, "There is no upper limit to the number of prior therapies allowed.", polarity=None),
    Case("NCT05775159", OUT, "Previous treatment in the present study.", polarity=None),
    Case("NCT05935098", IN, "Subjects who have not received any prior therapy targeting CCR8.", keys=keys("ccr8-directed-therapy")),
    Case("NCT04544592", OUT, "Infection that would preclude tolerance of LD chemotherapy", polarity=None),
    Case("NCT05739409", OUT, "Serious arrhythmias requiring treatment (eg, ventricular fibrillation, torsades de pointes, etc.)", polarity=None),
    Case("NCT05101070", OUT, "Autoimmune diseases that require chronic use of systemic corticosteroids (\\> 10 milligrams of prednisone equivalent per day), immunosuppressive agents",
         polarity=None),
    Case("NCT06754501", IN, "For patients not receiving therapeutic anticoagulation: INR and aPTT \\< 1.5 x ULN.", polarity=None),
    Case("NCT04691388", OUT, "have bleeding tendency or are receiving therapeutic thrombolysis or anticoagulation therapy", role=CURRENT,
         keys=keys("anticoagulant")),
    Case("NCT05474378", OUT, "immune compromised for reasons other than malignancy (e.g., chronic corticosteroid therapy or other immunosuppressive therapy)",
         role=CURRENT, keys=keys("systemic-corticosteroid", "immunosuppressant"), freed=frozenset({"conditional:"})),
    Case("NCT02937844", OUT, "history of autoimmune disease, or other diseases require long-term administration of immunosuppressive therapies", role=CURRENT,
         keys=keys("immunosuppressant")),
    Case("NCT07256782", OUT, "Previous treatment with macromolecular antitumor drugs within 28 days prior to the first dose", keys=keys("biologic-therapy"),
         window=(28, None, None, ""), within=True),
    Case("NCT03739710", OUT, "Systemic approved or investigational anticancer therapy within 30 days", keys=keys("systemic-anticancer-therapy"),
         window=(30, None, None, ""), within=True),
    Case("NCT07222735", OUT, "Receiving systemic therapy \\< 14 days prior, which will interfere with the CAR product (in the opinion of the study PIs)",
         role=CURRENT, keys=keys("systemic-anticancer-therapy"), window=(14, None, None, ""), within=True, modality=Modality.DISCRETION),
    Case("NCT05326516", OUT, "All transplant participants must have discontinued all systemic immunosuppressive therapy for at least 2 weeks",
         role=CURRENT, keys=keys("immunosuppressant"), window=(14, None, None, ""), within=False, doubt="after a transplant"),
    Case("NCT05907980", OUT, "All imAEs from prior cancer immunotherapy (other than stable vitiligo) that have not resolved completely to baseline.",
         polarity=None),
    Case("NCT03406949", IN, "the requirement for previous systemic therapy may be waived if a patient was intolerant of or refused standard first-line therapy",
         polarity=None),
    Case("NCT07205718", IN, "Participants with an archival biopsy specimen collected within 90 days prior to C1D1 who have not received any other cancer-specific treatment at least 14 days prior to the biopsy may use that archival specimen in lieu of a new pretreatment biopsy.",
         polarity=None),
    Case("NCT05809895", IN, "Participant has completed systemic treatment for Stage I-III breast cancer, if indicated, and ≥ 6 months have elapsed between the completion of systemic treatment with curative intent and disease recurrence",
         polarity=None),
    Case("NCT05816499", OUT, "Previously received treatment for tumor immune mechanism other than any anti-PD-1/L1 inhibitor", polarity=None),
    Case("NCT05816499", OUT, "Patients have a history of immune deficiency, with HIV antibody test positive or use systemic corticosteroids or other immunosuppressants for a long time.",
         role=CURRENT, keys=keys("systemic-corticosteroid", "immunosuppressant")),
    Case("NCT07358260", IN, "Participants can be eligible after autologous stem cell infusion without myelosuppressive therapy at any time", polarity=None),
    Case("NCT05816499", OUT, "Patients with active autoimmune diseases that require systemic treatment in the past two years (such as the use of disease improvement drugs, corticosteroids, immunosuppressants)",
         polarity=None),
    # --- times -----------------------------------------------------------------------------------------------------------------------------
    Case("NCT05143151", IN, "Within 2 weeks before cell therapy, have not received antibody drug treatment", keys=keys("antibody-based-therapy"),
         window=(14, None, None, ""), within=True),
    Case("NCT04743661", IN, "Monoclonal antibody treatment and agents with known prolonged half-lives - Patient must have recovered from any acute toxicity and received last dose of the agent ≥ 21 days prior to study enrollment.",
         keys=keys("monoclonal-antibody"), window=(21, None, None, ""), within=False),
    Case("NCT06576635", IN, "Must have not received any cancer treatment for at least 2 weeks.", keys=keys("anticancer-therapy"),
         window=(14, None, None, ""), within=False),
    Case("NCT05326516", OUT, "Biologics: within 28 days or 5 half-lives, whichever is longer, since the completion of therapy with a biologic agent.", role=CURRENT,
         keys=keys("biologic-therapy"), window=(28, None, 5.0, "longer"), within=True),
    Case("NCT07358260", IN, "At least 21 days or 5 half-lives, whichever is shorter, post any treatment with monoclonal antibodies",
         keys=keys("monoclonal-antibody"), window=(21, None, 5.0, "shorter"), within=False),
    Case("NCT04874480", IN, "Patients must not have had leukemia therapy for 14 days prior to starting tegavivint", keys=keys("systemic-anticancer-therapy"),
         window=(14, None, None, ""), within=True),
    Case("NCT07099898", IN, "with at least 2 cycles of therapy and a chemotherapy free-interval of \\>30 days", keys=keys("chemotherapy"),
         window=(30, None, None, ""), within=False),
    Case("NCT05061628", OUT, "Received systemic anti-tumor therapy within 4 weeks before the first dose, such as chemotherapy, radiotherapy, targeted therapy, immunotherapy or biological therapy.",
         keys=keys("systemic-anticancer-therapy", "chemotherapy", "targeted-therapy", "biologic-therapy"), window=(28, None, None, ""), within=True),
    Case("NCT05390528", OUT, "treatment with anti-cancer or investigational agents, or radiotherapy in the 28 days prior to the first study dosing.",
         keys=keys("systemic-anticancer-therapy", "radiotherapy"), window=(28, None, None, ""), within=True),
    Case("NCT05061628", OUT, "Received systemic anti-tumor therapy within 4 weeks before the first dose, such as chemotherapy (or within 6 weeks for the last chemotherapy with nitrosourea or mitomycin)",
         keys=keys("systemic-anticancer-therapy", "chemotherapy"), window=(28, None, None, ""), within=True, freed=frozenset({"window:nitrosourea", "window:mitomycin"})),
    Case("NCT06032936", OUT, "Treatment with any of the following anti-cancer therapies prior to the first dose within the stated timeframes.",
         keys=keys("anticancer-therapy"), window=(None, None, None, ""), within=True),
    Case("NCT06203210", OUT, "Has inadequate washout period before randomization as specified in the protocol.",
         keys=keys("systemic-anticancer-therapy"), window=(None, None, None, ""), within=False),
    Case("NCT03937544", OUT, "Chemotherapy immunotherapy in the recent 4 weeks", keys=keys("chemotherapy", "immunotherapy"),
         window=(28, None, None, ""), within=True),
    Case("NCT07189871", OUT, "Received anti-cancer therapy, ≤ 28 days (or 5 half-lives for biologic/non-cytotoxic agents, whichever is shorter), prior to the first dose",
         keys=keys("anticancer-therapy"), window=(28, None, None, ""), within=True,
         freed=frozenset({"window:biologic-therapy", "window:targeted-therapy"})),
    Case("NCT06825494", OUT, "Systemic antibiotic use within 28 days prior to enrollment for ≥ 7 days", role=CURRENT, keys=keys("antibiotic"),
         window=(28, None, None, ""), within=True, doubt="a minimum duration"),
    Case("NCT05743504", OUT, "Severe infection within 4 weeks prior to registration. Treatment with therapeutic oral or IV antibiotics within 2 weeks",
         role=CURRENT, keys=keys("antibiotic"), window=(14, None, None, ""), within=True),
    # --- words that share a noun -----------------------------------------------------------------------------------------------------------
    Case("NCT06532539", OUT, "Subjects currently using systemic, or absorbable local corticosteroid therapy to achieve immunosuppressive purposes",
         role=CURRENT, keys=keys("corticosteroid")),
    Case("NCT06387628", OUT, "Have received radiotherapy, chemotherapy and local therapy (interventional therapy but not including tumor biopsy, ablation therapy, etc.) within 2 weeks before trial drug treatment",
         keys=keys("radiotherapy", "chemotherapy"), window=(14, None, None, ""), within=True),
    Case("NCT03826992", IN, "14 days must have elapsed since the completion of systemic cytotoxic therapy other than hydroxyurea, decitabine or azacitidine",
         keys=keys("chemotherapy"), window=(14, None, None, ""), within=False, freed=frozenset({"allows:hydroxycarbamide"})),
    Case("NCT04630769", IN, "Washout period of at least 14 days after any standard of care tumor directed therapy", keys=keys("anticancer-therapy"),
         window=(14, None, None, ""), within=False),
    Case("NCT07408063", OUT, "Has received prior anticancer therapy and has not completed a washout period of at least 5 half-lives or 28 days, whichever is shorter, prior to the first dose",
         keys=keys("anticancer-therapy"), window=(28, None, 5.0, "shorter"), within=False),
    Case("NCT05752877", IN, "Experienced radiotherapy and chemotherapy with an interval of more than 4 week.", keys=keys("chemotherapy"),
         window=(28, None, None, ""), within=False),
    Case("NCT06773507", OUT, "Having received the last anti-tumor treatment within 4 weeks: systemic chemotherapy (the washout period for mitomycin C is 6 weeks), immunotherapy",
         keys=keys("chemotherapy", "immunotherapy"), window=(28, None, None, ""), within=True, freed=frozenset({"window:mitomycin"})),
    Case("NCT05064306", IN, "Patients must have received their last dose of myelosuppressive anticancer therapy at least 21 days (3 weeks) prior to receiving treatment dose(s).",
         keys=keys("myelosuppressive-anticancer-therapy"), window=(21, None, None, ""), within=False),
    Case("NCT05005403", OUT, "Excluded medications include anticancer therapy within 5 half-live or 28 days (whichever is shorter), immunosuppressive medication with limited exceptions",
         keys=keys("anticancer-therapy"), window=(28, None, 5.0, "shorter"), within=True),
    Case("NCT07172958", OUT, "Myelosuppressive chemotherapy/immunomodulatory medications: within 3 weeks, or 6 weeks if prior nitrosourea.",
         keys=keys("chemotherapy"), window=(21, None, None, ""), within=True, freed=frozenset({"window:nitrosourea"})),
    # --- doses -----------------------------------------------------------------------------------------------------------------------------
    Case("NCT05474378", IN, "Use of steroids must be limited to ≤ 4 mg of decadron daily.", role=CURRENT, keys=keys("corticosteroid", "dexamethasone"),
         dose=4 * 5 / 0.75),
    Case("NCT02475213", OUT, "corticosteroids (greater than or equal to 10 mg prednisone or equivalent per day) or other immune suppressive drugs within 2 weeks of first study drug administration",
         role=CURRENT, keys=keys("immunosuppressant"), window=(14, None, None, ""), within=True),
    # --- times of some kinds -----------------------------------------------------------------------------------------------------------------
    Case("NCT05327530", IN, "The last dose of first line chemotherapy must have been received no less than 4 weeks, and no more than 10 weeks, prior to randomization in the present study",
         keys=keys("chemotherapy"), window=(28, None, None, ""), within=False),
    Case("NCT04836507", OUT, "Antibody use including anti-CD20 therapy within 4 weeks prior to CRC01 infusion", role=CURRENT,
         keys=keys("antibody-based-therapy"), window=(28, None, None, ""), within=True),
    Case("NCT04514484", OUT, "biologic agents (e.g., cytokines or antibodies) within 3 weeks before the first dose", keys=keys("antibody-based-therapy"),
         window=(21, None, None, ""), within=True),
    Case("NCT04836507", OUT, "Anti-neoplastic therapies including chemotherapy, etc. other than lymphodepleting chemotherapy within 2 weeks of leukapheresis and within 2 weeks of CRC01 infusion",
         keys=keys("chemotherapy"), window=(14, None, None, ""), within=True),
    Case("NCT04323202", IN, "Must not be on active immunosuppression, have a history of life threating virus, have had other cancer diagnoses in the last two years",
         role=CURRENT, keys=keys("immunosuppressant")),
    Case("NCT03342417", OUT, "Patients receiving any other standard or investigational treatment for their cancer within the past 3 weeks prior to participating",
         role=CURRENT, keys=keys("systemic-anticancer-therapy"), window=(21, None, None, ""), within=True),
    Case("NCT04743661", OUT, "Patients must not have previously received the combination of bevacizumab, irinotecan, and temozolomide therapy.",
         keys=keys("bevacizumab", "irinotecan", "temozolomide"), combined=True),
    Case("NCT05086315", IN, "Not eligible for induction therapy and having completed \u22652 cycles of any of the following: hypomethylating agent, chemotherapy, or targeted agents.",
         polarity=None),
    Case("NCT07205718", OUT, "No washout period is required for prior treatment with anti-PD-(L)1 antibodies.", polarity=None),
    Case("NCT05645172", IN, "For previously untreated patients as continuous therapy with or without obinutuzumab.", polarity=None),
    Case("NCT05809050", OUT, "Cases with Chronic leukemias, Lymphoma or Leukemic phase of lymphoma or patients on chemotherapy.", role=CURRENT, keys=keys("chemotherapy")),
    Case("NCT06334406", OUT, "Patients under immunotherapy, chemotherapy or other immunosuppressive drugs", role=CURRENT, keys=keys("chemotherapy", "immunotherapy")),
    Case("NCT04691388", OUT, "less than 5 drug half-lives of oral targeted drugs or less than 14 days of oral fluorouracil drugs", keys=keys("targeted-therapy"),
         window=(None, None, 5.0, ""), within=True),
]  # fmt: skip


def found_keys(rules: list[Rule]) -> set[str]:
    """Keys of the mentions, in the notation of `keys`."""
    found = set()
    for mention in (m for r in rules for m in r.mentions):
        found.add(f"{mention.enzyme}/{mention.role}/{'+'.join(mention.strengths)}" if mention.kind == "pk" else mention.key)
    return found


@pytest.mark.parametrize("case", CASES, ids=[f"{c.nct} {c.sentence[:50]}" for c in CASES])
def test_construct(case: Case) -> None:
    rules = therapy_rules(f"{case.section}:\n\n* {case.sentence}\n")
    if case.polarity is None:
        assert [r for r in rules if r.polarity is EXCLUDES] == []
        return
    rules = [r for r in rules if r.polarity is case.polarity and (not case.keys or found_keys([r]) & case.keys)]
    assert rules, "no rule of this polarity on these therapies"
    assert case.keys <= found_keys(rules)
    rule = rules[0]
    assert rule.role is case.role
    if case.window is None:
        assert rule.window is None
    else:
        assert rule.window is not None
        assert (rule.window.days, rule.window.months, rule.window.half_lives, rule.window.combine) == case.window
        assert rule.window.within is case.within
    assert (rule.lines and (rule.lines.minimum, rule.lines.maximum)) == case.lines
    assert set(rule.settings) == case.settings
    assert rule.modality is case.modality
    assert (case.doubt in rule.doubts) if case.doubt else not rule.doubts
    assert (rule.min_dose_mg, rule.combined) == (case.dose, case.combined)
    freed = {f"{c.effect}:{m.key}" for c in rule.carveouts for m in c.mentions} | {f"{c.effect}:" for c in rule.carveouts if not c.mentions}
    assert case.freed <= freed


def test_a_limit_in_another_steroid_is_held_as_prednisone() -> None:
    """NCT06773481: 3 mg of dexamethasone act like 20 mg of prednisone, so the rule is one on steroids above 20 mg a day."""
    sentence = (
        "have received systemic treatment with a daily dose higher than 3 mg of dexamethasone or an equivalent dose of other hormones;"
    )
    rules = [r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if "dexamethasone" in found_keys([r])]
    assert [r.min_dose_mg for r in rules] == [pytest.approx(20)]


@pytest.mark.parametrize(
    ("section", "sentence", "keys_found"),
    [
        (IN, "Women must agree to use contraceptive measures through\n\n  * 9 months after the end of the treatment with oxaliplatin", ""),
        (OUT, "Pregnant, or planning pregnancy within 180 days after the end of CAR-T cells infusion", ""),
        (OUT, "Permanent sterilization methods include hysterectomy, bilateral salpingectomy, and bilateral oophorectomy", ""),
        (IN, "At least one tumor lesion has not been subjected to local treatment such as irradiation in the past", ""),
        (OUT, "Untreated brain metastases requiring concurrent treatment, including but not limited to surgery, radiation", ""),
        (OUT, "Major surgery within 28 days prior to the first dose of TAB006 or still recovering from prior surgery", "major-surgery"),
        (OUT, "Received carboplatin within 4 weeks prior to the scheduled BNCT", "carboplatin"),
        (OUT, "Has donated blood or blood products in excess of 500 mL within 1 month", ""),
        (OUT, "Donation of blood or transfusion of blood products within 1 month", "blood-transfusion"),
        (OUT, "Patients with anlotinib contraindications", ""),
        (OUT, "Any condition that would compromise the patient's ability to undergo surgery", ""),
        (OUT, "Absence of sensitizing EGFR (epidermal growth factor) mutations", ""),
        (OUT, "Intranasal influenza vaccines are not allowed", "live-attenuated-influenza-vaccine"),
    ],
)
def test_what_another_matter_names_is_not_excluded(section: str, sentence: str, keys_found: str) -> None:
    """
    NCT06346197, NCT05309213, NCT06860815, NCT04871997, NCT06657144, NCT05253105, NCT05883007, NCT07268053, NCT04871997, NCT06778603,
    NCT06868277, NCT05130177.
    """
    found = found_keys([r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if r.polarity is EXCLUDES])
    assert found == set(keys_found.split())


@pytest.mark.parametrize(
    ("sentence", "keys_found"),
    [
        ("Received immunosuppression post allogenic HSCT within one month of study entry", "immunosuppressant"),
        ("Patients receiving any agent to treat or prevent GvHD post bone marrow transplant are not eligible", ""),
        ("Relapse after stem cell transplant", "stem-cell-transplant"),
        ("A live, attenuated vaccine within 4 weeks, or anticipation of need for such a vaccine during study treatment", "live-vaccine"),
        ("History of severe and unexpected reactions to fluoropyrimidine therapy", ""),
        ("Subjects must have complete wound healing from major surgery or minor surgery before first dose", ""),
        (
            "Stem cell transplantation (HSCT):\n\n  * Autologous HSCT within 2 months\n  * Allogeneic HSCT within 3 months",
            "autologous-stem-cell-transplant allogeneic-stem-cell-transplant",
        ),
    ],
)
def test_what_only_tells_when_or_what_came_of_it_is_not_excluded(sentence: str, keys_found: str) -> None:
    """NCT05740449, NCT05658640, NCT05743504, NCT05009069, NCT04514484."""
    found = found_keys([r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if r.polarity is EXCLUDES])
    assert found == set(keys_found.split())


@pytest.mark.parametrize(
    ("sentence", "doubted"),
    [
        ("Prior radiation therapy to the target lesion", True),
        ("Patients that have previously received radiation to the site of planned surgery", True),
        ("Prior radiotherapy to head and neck, chest, or abdomen", True),
        ("Radiotherapy within 2 weeks", False),
        ("Prior radiotherapy for any indication", False),
    ],
)
def test_radiotherapy_of_a_place_is_doubted(sentence: str, doubted: bool) -> None:
    """NCT06778603, NCT06338657, NCT05743504."""
    assert [bool(r.doubts) for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")] == [doubted]


def test_a_time_between_two_assessments_is_no_wash_out() -> None:
    """NCT05130177."""
    text = (
        f"{IN}:\n\n* Has demonstrated disease progression after anti-PD-1/L1 as defined by RECIST v1.1. The initial evidence of PD is to "
        "be confirmed by a second assessment no less than 4 weeks from the date of the first documented PD\n"
    )
    assert not [r for r in therapy_rules(text) if r.polarity is EXCLUDES]


def test_a_drug_that_was_adjusted_lately_is_doubted() -> None:
    """NCT07268053."""
    text = f"{OUT}:\n\n* Adjustment of antihypertensive medications due to poor blood pressure control within 2 weeks\n"
    assert all(r.doubts for r in therapy_rules(text))


def test_a_dose_by_the_bodys_size_limits_no_daily_dose() -> None:
    """NCT04842812: 0.5 mg/kg is no 0.5 mg a day; the patient's weight decides."""
    sentence = "Systemic steroid treatment (greater than or equal to 0.5 mg prednisone equivalent/kg/day)"
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert (rule.min_dose_mg, rule.doubts) == (None, ("a dose by the body's size",))


def test_other_drugs_of_a_kind_leave_out_those_named_before() -> None:
    """NCT05014815: a low dose of a steroid is no reason; "other immunosuppressive medications" are not the steroids again."""
    sentence = "corticosteroids at a dose greater than 10 mg of prednisone daily, or other immunosuppressive medications within 14 days"
    rules = {key: rule for rule in therapy_rules(f"{OUT}:\n\n* {sentence}\n") for key in found_keys([rule])}
    assert rules["prednisone"].min_dose_mg == 10
    assert {m.key for c in rules["immunosuppressant"].carveouts for m in c.mentions} == {"corticosteroid", "prednisone"}


@pytest.mark.parametrize(("words", "closed"), [("including but not limited to", False), ("limited to", True)])
def test_only_a_list_that_is_limited_is_closed(words: str, closed: bool) -> None:
    """NCT05483400: "including but not limited to" gives examples; other members of the class are meant too."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior immune checkpoint inhibitor treatment, {words} anti-PD1 and anti-PD-L1 antibodies\n")
    assert rule.closed_list is closed


def test_a_choice_of_amounts_ends_a_window() -> None:
    """NCT04150965: what is told behind "whichever is longer" is another window."""
    sentence = (
        "targeted therapy within 2 weeks or 5 half-lives, whichever is longer, or monoclonal antibody within 4 weeks of the first dose"
    )
    targeted, antibody = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert targeted.window is not None and (targeted.window.days, targeted.window.half_lives, targeted.window.combine) == (14, 5, "longer")
    assert antibody.window is not None and (antibody.window.days, antibody.window.half_lives) == (28, None)


def test_two_rules_in_one_bullet_keep_their_own_limits() -> None:
    """NCT01206140: the second half is limited to recurrent soft tissue sarcoma, the first is not."""
    enzymes, mtor = therapy_rules(
        f"{OUT}:\n\n* Concomitant Strong CYP1A2 or CYP3A4 inducers and/or inhibitors; prior treatment with an mTOR inhibitor for recurrent soft-tissue sarcoma\n"
    )
    assert (enzymes.role, enzymes.conditions, enzymes.settings) == (CURRENT, (), ())
    assert (mtor.role, mtor.conditions, mtor.settings) == (PRIOR, ("soft-tissue-sarcoma",), ("recurrent",))
    assert mtor.quote == "prior treatment with an mTOR inhibitor for recurrent soft-tissue sarcoma"


def test_a_disease_named_in_part_is_the_trials_own() -> None:
    """NCT05702229: of "gastric or gastroesophageal junction adenocarcinoma" only the second is whole; a patient with the first is meant too."""
    sentence = "Previously untreated for unresectable or metastatic gastric or gastroesophageal junction adenocarcinoma."
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert (rule.conditions, rule.own_disease) == ((), True)


def test_an_exception_in_brackets_is_of_what_stands_before_it() -> None:
    """NCT03974217: alopecia is excepted from toxicities; NCT05417321: biopsies are excepted from surgery."""
    chemotherapy = (
        "chemotherapy within 2 weeks or those who have not recovered from adverse events (to at least grade 1 with exception of alopecia)"
    )
    (rule,) = therapy_rules(f"{OUT}:\n\n* Participants receiving any leukemia-directed {chemotherapy}\n")
    assert rule.carveouts == ()
    surgery, others = therapy_rules(
        f"{OUT}:\n\n* Major surgery (except for needle biopsy) or chemotherapy < 4 weeks prior to the first dose\n"
    )
    assert (len(surgery.carveouts), others.carveouts) == (1, ())


def test_a_target_that_is_not_known_narrows_too() -> None:
    """NCT07268053 runs two words together, so that its target is none that the tables hold."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Enoblituzumab, I-Dxd, or otherB7-H3 targeted agents.\n")
    assert found_keys([rule]) == {"enoblituzumab", "ifinatamab-deruxtecan"}
    assert therapy_rules(f"{OUT}:\n\n* Prior anti-XYZ9 monoclonal antibodies\n") == []
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior treatment with WEE1-, ATR- or XYZ9-targeted agents\n")
    assert {m.target for m in rule.mentions} == {"wee1", "atr"}


def test_an_exclusion_of_all_treated_patients_is_doubted_where_the_trial_takes_them() -> None:
    """NCT07423117: what was meant had a time that the record does not give."""
    asked = "* Patients who have received standard therapies and have no remaining approved treatment options."
    kept_out = f"{OUT}:\n\n* Patients with a prior history of anticancer therapy before the first dose\n"
    (rule,) = [r for r in therapy_rules(f"{IN}:\n\n{asked}\n\n{kept_out}") if r.polarity is EXCLUDES]
    assert rule.doubts == ("the trial takes patients who were treated",)
    (rule,) = therapy_rules(kept_out)
    assert rule.doubts == ()


def test_what_no_other_therapy_takes_in_has_its_window_alone() -> None:
    """NCT07390539: growth factors are no exception from pegfilgrastim."""
    sentence = "At least 14 days after peg-filgrastim and 7 days for hematopoietic growth factor support"
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert [(m.key, r.window and r.window.days) for r in rules for m in r.mentions] == [("filgrastim", 14), ("growth-factor", 7)]


def test_bullets_inherit_from_the_bullet_above() -> None:
    """NCT07213882: the amounts stand in a list of wash-outs."""
    text = f"{IN}:\n\n* Required washout from prior therapies:\n  * 4 weeks for monoclonal antibodies\n  * Nitrosoureas and mitomycin C: ≥6 weeks\n"
    antibodies, others = therapy_rules(text)
    assert antibodies.window is not None and (antibodies.window.days, antibodies.polarity) == (28, EXCLUDES)
    assert others.window is not None and (others.window.days, found_keys([others])) == (42, {"nitrosourea", "mitomycin"})


def test_a_later_sentence_softens_the_rules_before_it() -> None:
    """NCT05498272: topical, intra-articular and inhaled steroids are permitted in a sentence of their own."""
    text = f"{OUT}:\n\n* Long-term corticosteroid use greater than the equivalent of 10 mg prednisone daily. Topical, intra-articular or inhaled corticosteroids are permitted.\n"
    rule = next(r for r in therapy_rules(text) if r.polarity is EXCLUDES)
    assert rule.min_dose_mg == 10
    assert any({"topical", "intra-articular"} <= set(c.routes) for c in rule.carveouts)


def test_arms_and_cohorts_bind_a_rule() -> None:
    """NCT02124148: the bullet speaks of part E."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Part E: Prior treatment with a PI3K/mTOR inhibitor\n")
    assert rule.scope.texts == ("Part E",)


@pytest.mark.parametrize(
    ("heading", "scope"),
    [
        ("Additional Inclusion Criteria for OVC Participants", "Additional Inclusion Criteria for OVC Participants"),  # NCT06330064
        ("Cohort C (1L Esophageal Squamous Cell Carcinoma \\[ESCC\\]) - Specific Inclusion Criteria:", "Cohort C"),  # NCT06657144
        ("Inclusion Criteria for Sub Study 2:", "for Sub Study 2"),  # NCT06996782
        ("Part C Abbreviated Inclusion Criteria:", "Part C"),  # NCT04374877
        ("Cohort-specific inclusion criteria:", "Cohort-specific"),  # NCT05142189
        ("Common Inclusion Criteria for All Participants", ""),  # NCT06330064
        ("Additional inclusion criteria:", ""),
    ],
)
def test_a_heading_binds_the_rules_below_it(heading: str, scope: str) -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* ECOG performance status 0-1\n\n{heading}\n\n* No prior taxane\n")
    assert rule.scope.texts == ((scope,) if scope else ())


def test_a_list_that_lost_its_line_breaks_is_read_item_by_item() -> None:
    """NCT06112704: the items run on, each with a capital."""
    text = "Previous or current treatment with B7-H3 targeted therapy Any cytotoxic chemotherapy within 14 days prior to the first dose of HS-20093 Prior treatment with a monoclonal antibody within 28 days"
    rules = therapy_rules(f"{OUT}:\n\n* {text}\n")
    days = [(found_keys([r]), r.window and r.window.days) for r in rules]
    assert days == [({"b7-h3-directed-therapy"}, None), ({"chemotherapy"}, 14), ({"monoclonal-antibody"}, 28)]


def test_numbers_of_a_second_level_and_entities_of_html_are_read() -> None:
    """NCT06221553: 8.1, 8.2 and 8.3 stand in one line."""
    text = "8. Prior therapy wash-out before planned leukapheresis 8.1 \\&gt;= 7 days post last chemotherapy 8.2 30 days after the last dose of antitumor antibody therapy"
    chemotherapy, antibodies = therapy_rules(f"{IN}:\n\n{text}\n")
    assert found_keys([chemotherapy]) == {"chemotherapy"} and chemotherapy.window is not None and chemotherapy.window.days == 7
    assert found_keys([antibodies]) == {"antibody-based-therapy"} and antibodies.window is not None and antibodies.window.days == 30


def test_a_bullet_that_speaks_of_some_patients_binds_those_below_it() -> None:
    """NCT05768880: a patient whose cells were collected before need not have stopped."""
    text = f"{IN}:\n\n* If patient does not have previously obtained apheresis product, patient must discontinue the following prior to enrollment:\n  * ≥ 7 days post last chemotherapy\n"
    (rule,) = therapy_rules(text)
    assert rule.scope.texts == ("If patient does not have previously obtained apheresis product",)


def test_other_therapies_leave_those_named_beside_them_their_windows() -> None:
    """NCT06951243: chemotherapy has 3 weeks of its own; "prior anticancer therapies" is but the list's label."""
    text = f"{OUT}:\n\n* Prior anticancer therapies:\n  * Received chemotherapy within 3 weeks before the first dose\n  * Received immunotherapy, or other anticancer therapies within 4 weeks prior to the first dose\n"
    chemotherapy, others = therapy_rules(text)
    assert found_keys([chemotherapy]) == {"chemotherapy"} and others.window is not None and others.window.days == 28
    assert [(c.effect, c.mentions[0].key, c.window and c.window.days) for c in others.carveouts] == [("window", "chemotherapy", 21)]


def test_the_study_drug_is_the_trials_own() -> None:
    """NCT02215720 speaks of "the two compounds of the study"; here with the trial's own drugs."""
    rules = therapy_rules(f"{OUT}:\n\n* Prior treatment with the study drug\n", ("Sunitinib",))
    assert found_keys(rules) == {"sunitinib"}


def test_an_abbreviation_that_the_record_defines_means_what_it_says() -> None:
    """NCT05536349: RT is Richter transformation, not radiotherapy."""
    text = f"{IN}:\n\n* Patients with Richter Transformation (RT)\n\n{OUT}:\n\n* Known central nervous system involvement by CLL/SLL/RT\n"
    assert therapy_rules(text) == []


def test_an_introduction_rules_on_nothing_itself() -> None:
    """NCT05994131: what counts are the bullets under "the following"."""
    text = f"{OUT}:\n\n* Have received the following prior systemic antitumor therapy:\n  * Chemotherapy within 28 days before the first dose\n"
    (rule,) = therapy_rules(text)
    assert found_keys([rule]) == {"chemotherapy"} and rule.window is not None and rule.window.days == 28


def test_a_wash_out_without_a_length_introduces_those_that_have_one() -> None:
    """NCT07386002: the bullets below say how long the wash-outs are."""
    text = f"{IN}:\n\n* Has adequate treatment washout period before IP treatment, defined as:\n  * Chemotherapy: ≥3 weeks\n"
    (rule,) = therapy_rules(text)
    assert found_keys([rule]) == {"chemotherapy"} and rule.window is not None and rule.window.days == 21


def test_a_permitted_adjuvant_therapy_frees_that_setting_only() -> None:
    """NCT06989112: the recurrence tells when the adjuvant chemotherapy must have ended; what was given for one is not freed."""
    text = "Naïve to first-line systemic anticancer therapy. Participants may have received one prior line of adjuvant/neoadjuvant chemotherapy if disease recurrence occurred ≥ 6 months after last dose of chemotherapy."
    rule = therapy_rules(f"{IN}:\n\n* {text}\n")[0]
    assert [c.settings for c in rule.carveouts] == [("adjuvant", "neoadjuvant")]


@pytest.mark.parametrize(
    ("sentence", "days"),
    [
        # NCT01348503
        ("All previous cancer therapy, including radiation, hormonal therapy and surgery, must have been discontinued at least 28 days prior to treatment", 28),
        ("The last dose of chemotherapy, including oral chemotherapy, must be at least 28 days before registration", 28),
        ("Previous antineoplastic therapies, with the exception of hormonal therapy, must have ended at least 4 weeks before day 1", 28),
    ],
)  # fmt: skip
def test_a_phrase_between_commas_parts_no_therapy_from_its_verb(sentence: str, days: int) -> None:
    """What must have been stopped is the therapy before the comma."""
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert rules and {(r.polarity, r.window.days if r.window else None) for r in rules} == {(EXCLUDES, days)}


def test_examples_have_the_time_of_what_is_counted_from_the_study_treatment() -> None:
    """NCT02267967: the treatment that is investigated is named between the therapies and their examples."""
    sentence = (
        "Anti-tumor therapies within 4 weeks prior to the initiation of investigational treatment, including chemotherapy and immunotherapy"
    )
    assert {r.window.days if r.window else None for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")} == {28}


@pytest.mark.parametrize(
    ("sentence", "polarities"),
    [
        # NCT02096042
        ("Newly-diagnosed AML patients who have refused standard chemotherapy are also eligible for this trial.", set()),
        ("Previously untreated patients are also eligible for enrollment", set()),
        ("Only patients with newly diagnosed AML are eligible for this study", {EXCLUDES}),
        ("Patients must be treatment-naive to be eligible for this trial", {EXCLUDES}),
        # NCT02253277
        ("CML receiving nilotinib first-line therapy or receiving second-line or subsequent-line treatment with nilotinib", {REQUIRES}),
    ],
)
def test_untreated_patients_beside_others(sentence: str, polarities: set[Polarity]) -> None:
    """Who may come too is no condition; who alone may come is one."""
    assert {r.polarity for r in therapy_rules(f"{IN}:\n\n* {sentence}\n")} == polarities


def test_what_patients_must_not_require_is_excluded() -> None:
    """NCT02253277 says so among its exclusions; "do not require" there tells of no such patient."""
    for verb, polarity in (("must not", EXCLUDES), ("do not", ALLOWS)):
        rules = therapy_rules(f"{OUT}:\n\n* Patients {verb} require treatment with any strong CYP3A4 inhibitor\n")
        assert {r.polarity for r in rules} == {polarity}


def test_specific_inhibitors_of_a_target_are_no_unnamed_kinds() -> None:
    """NCT02183870: those that inhibit ALK, not some of them."""
    for words, doubts in (("specific ALK or ROS1 inhibitors", ()), ("certain ALK inhibitors", ("kinds that it does not name",))):
        (rule,) = therapy_rules(f"{OUT}:\n\n* Previous treatment with {words}\n")
        assert rule.doubts == doubts


@pytest.mark.parametrize(
    ("sentence", "lines"),
    [
        ("The patients who received \u22653 chemotherapies\uff08Do not include endocrine therapy\uff09after recurrence", (None, 2)),  # NCT03535961
        ("Failure of more than one systemic therapy", (None, 1)),
    ],
)
def test_therapies_counted_one_by_one_are_lines(sentence: str, lines: tuple[int | None, int | None]) -> None:
    """Full-width brackets are brackets."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rule.lines is not None and (rule.lines.minimum, rule.lines.maximum) == lines


def test_how_long_a_therapy_was_given_is_no_wash_out() -> None:
    """NCT01026844 asks for twelve weeks of it; weeks without it are a wash-out."""
    (rule,) = therapy_rules(f"{IN}:\n\n* At least 12 weeks of prior treatment with erlotinib, gefitinib, or another EGFR TKI agent.\n")
    assert (rule.polarity, rule.window) == (REQUIRES, None)
    (rule,) = therapy_rules(f"{IN}:\n\n* At least 4 weeks of chemotherapy-free interval before study entry\n")
    assert (rule.polarity, rule.window and rule.window.days) == (EXCLUDES, 28)


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        # NCT00293371
        ("No concurrent therapeutic warfarin or similar oral anticoagulant that is metabolized by the cytochrome p450 system", "oral-anticoagulant"),
        ("No oral anticoagulants metabolized by CYP3A4", "oral-anticoagulant"),
        ("No drugs or herbal products that induce CYP3A4", ""),
    ],
)  # fmt: skip
def test_a_role_at_an_enzyme_says_which_of_a_class_are_meant(sentence: str, kind: str) -> None:
    """Neither the whole class nor all that has the role."""
    roles = [m for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") for m in r.mentions if m.kind != "drug"]
    assert {(m.kind, m.also) for m in roles} == {("pk", kind)}


def test_biologics_among_cancer_therapies_are_those_against_cancer() -> None:
    """NCT02267967 gives biotherapy as an example of what acts on tumours; on their own, all are meant."""
    for words, beside in (("Anti-tumor therapies including chemotherapy and biotherapy", "systemic-anticancer-therapy"), ("Biotherapy", "")):
        rules = therapy_rules(f"{OUT}:\n\n* {words} within 4 weeks\n")
        assert {m.also for r in rules for m in r.mentions if m.key == "biologic-therapy"} == {beside}


@pytest.mark.parametrize(
    ("sentence", "doubts"),
    [
        # NCT01887717, NCT06108479
        ("Initiation of anti-tumor therapy including chemotherapy within 30 days before beginning study", {("a recent start",)}),
        ("Bisphosphonate or denosumab initiated within 14 days of the first dose of study drug(s)", {("a recent start",)}),
        ("Bone-modifying agents (e.g. denosumab) started less than 28 days before randomization", {("a recent start",)}),
        ("Denosumab within 28 days before study drug is started", {()}),
    ],
)
def test_a_start_within_a_time_leaves_open_when_it_began(sentence: str, doubts: set[tuple[str, ...]]) -> None:
    """When a therapy that is taken or was had began, the patient's data do not say."""
    assert {r.doubts for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")} == doubts


def test_harm_to_an_organ_during_a_therapy_is_no_use_of_it() -> None:
    """NCT01202032; beside "or" the therapy stands by itself."""
    assert not therapy_rules(f"{OUT}:\n\n* Patients with any liver injury grade 3-4 during prior systemic therapy regimens.\n")
    assert therapy_rules(f"{OUT}:\n\n* Renal impairment or prior systemic therapy\n")


def test_other_uses_of_steroids_than_those_excepted_from_hormonal_therapy_are_in_doubt() -> None:
    """NCT00033553: who takes steroids for something else may be on hormonal therapy."""
    sentence = "No concurrent hormonal therapy except steroids for adrenal failure or septic shock"
    (rule,) = (r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if "systemic-corticosteroid" in found_keys([r]))
    assert (rule.polarity, rule.doubts) == (EXCLUDES, ("uses that it does not name",))


def test_drugs_that_lower_the_seizure_threshold() -> None:
    """NCT02138383."""
    rules = therapy_rules(f"{OUT}:\n\n* Concomitant medications that lower seizure threshold\n")
    assert "seizure-threshold-lowering-drug" in found_keys(rules)


@pytest.mark.parametrize(
    "sentence",
    [
        "Those who have received anti-tumor traditional Chinese medicine are allowed, but must be discontinued at least 14 days prior to enrollment.",
        "Prior chemotherapy is allowed. It must have been completed at least 14 days before enrollment",
        "Prior chemotherapy is permitted; a washout of at least 14 days is required",
        "Prior chemotherapy is allowed, but at least 14 days must have elapsed since the last dose",
        "Any number of prior therapies is allowed; these must have been completed at least 14 days before registration",
    ],
)
def test_a_later_clause_says_when_the_therapy_must_have_ended(sentence: str) -> None:
    """NCT06825494: what is permitted keeps out within the time, and is permitted else."""
    windows = [r.window.days for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES and r.window]
    assert windows == [14]


@pytest.mark.parametrize(
    "sentence",
    [
        "Prior MEK inhibitor, must be \u2265 12 years of age",
        "Other malignancy treated with chemotherapy; treatment must have been completed at least 24 months ago",
    ],
)
def test_a_later_clause_on_something_else_times_nothing(sentence: str) -> None:
    """NCT06500819 tells an age there."""
    assert not [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.window is not None]


def test_digits_of_a_name_count_no_lines() -> None:
    """NCT05123482: the number of lines is that behind the drug's."""
    sentence = "Patients have received prior therapy with AZD9574 or more than 1 prior line of any other PARPi-based regimen"
    lines = {m.key: r.lines for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") for m in r.mentions}
    assert lines["parp-inhibitor"] is not None and lines["parp-inhibitor"].maximum == 1 and lines["palacaparib"] is None


def test_typed_clauses_carry_their_values() -> None:
    found = {c.kind: dict(c.facts) for c in eligibility(f"{IN}:\n\n* ECOG performance status 0-1\n* Platelets ≥ 100,000/mm3\n").clauses}
    assert found["performance_status"] == {"scale": "ECOG", "value": "0-1"}
    assert (found["laboratory"]["analyte"], found["laboratory"]["comparator"], found["laboratory"]["value"]) == ("platelets", "≥", "100000")


def test_the_one_line_that_is_allowed_is_that_of_the_therapy_required() -> None:
    """NCT06644781: another drug as the one line contradicts the sentence by implication only."""
    sentence = "Has disease progression post a platinum-based chemotherapy and an ICI treatment, with a maximum of 1 prior line of systemic therapy"
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert [r.lines.maximum for r in rules if r.lines is not None] == [1]
    assert [r.doubts for r in rules if r.doubts] == [("another therapy is required as the one prior line",)]


@pytest.mark.parametrize(
    ("nct", "section", "sentence", "scope"),
    [
        ("NCT05483400", OUT, "Prior immune checkpoint inhibitor treatment (only for cohort 1, 2 and 4).", "cohort 1, 2 and 4"),
        ("NCT06699576", IN, "Dose expansion part will enroll patients who have not received prior treatment for metastatic disease.", "dose expansion part"),
        ("NCT06699576", OUT, "Previous or current treatment with PD-L1 inhibitor (Cohort2 )", "cohort2"),
        ("NCT04354246", OUT, "For Triplet combination expansion cohorts (MSS-CRC and PROC): Prior treatment with an anti-PD-1", "triplet combination expansion cohorts"),
        ("NCT07098338", OUT, "Receipt of prior systemic chemotherapy for advanced NSCLC for sub-study 1 and sub-study 2.\n* Measurable disease in sub-study 3", "sub-study 1 and sub-study 2"),
        ("NCT05914116", IN, "Taxane-naive CRPC subjects (Phase 2a Cohort 12, 16, 17 ONLY)", "phase 2a cohort 12, 16, 17 only"),
        ("NCT05086315", IN, "Pediatric arm only: no prior FLT3 inhibitor", "pediatric arm"),
        ("", OUT, "Prior MEK inhibitor (Phase 1 and Phase 2)", ""),
        ("", OUT, "Prior MEK inhibitor in a phase 2 trial", ""),
        ("", OUT, "MEK inhibitor within 28 days prior to enrollment in Part B", ""),
    ],
)  # fmt: skip
def test_a_clause_says_which_part_of_the_trial_it_binds(nct: str, section: str, sentence: str, scope: str) -> None:
    """A cohort or part told anywhere in the sentence limits its rules; another trial's phase and the place of an event do not."""
    rules = [r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert rules
    for rule in rules:
        assert scope in " ".join(rule.scope.texts).lower()
        assert bool(rule.scope.texts) is bool(scope)


def test_what_is_investigational_is_not_all_therapy() -> None:
    """NCT07358260: the adjective holds for both that follow it."""
    assert therapy_rules(f"{IN}:\n\n* At least 28 days from other investigational antineoplastic or disease-directed agents\n") == []


def test_intolerance_told_behind_the_drug() -> None:
    """NCT05993949: dasatinib itself keeps nobody out."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* History of dasatinib intolerance\n")
    assert rule.outcomes == ("intolerance",)


def test_the_drugs_that_are_tested_under_an_introduction() -> None:
    """NCT03739710: the bullet above says that what was received before counts."""
    text = f"{OUT}:\n\n* Received prior treatment with the following therapies:\n\n  1. Any of the investigational agents being tested in the current study.\n"
    rule = next(r for r in therapy_rules(text, ("Ipilimumab",)) if found_keys([r]) & {"ipilimumab"})
    assert (rule.polarity, rule.role) == (EXCLUDES, PRIOR)


def test_what_is_permitted_keeps_its_own_setting() -> None:
    """NCT06479759: the advanced disease is that of the radiotherapy; only (neo)adjuvant chemotherapy is freed."""
    sentence = (
        "Patients who have not received any systemic anti-tumor treatment for advanced/metastatic disease before; patients who have previously "
        "received adjuvant chemotherapy, or curative radiotherapy for advanced disease, can participate in this study"
    )
    rule = next(r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES)
    freed = [c.settings for c in rule.carveouts if "chemotherapy" in {m.key for m in c.mentions}]
    assert freed == [("adjuvant",)]


@pytest.mark.parametrize(
    ("lead", "other", "polarity", "doubts"),
    [
        ("Meets one of the following:", "Has relapsed after at least one prior line of therapy", ALLOWS, ()),
        ("Meets one of the following:", "Age 60 years or older", EXCLUDES, ("one of several alternatives",)),
        ("Meets all of the following:", "Age 60 years or older", EXCLUDES, ()),
    ],
)
def test_one_of_several_alternatives_alone_keeps_nobody_out(lead: str, other: str, polarity: Polarity, doubts: tuple[str, ...]) -> None:
    """Untreated patients are one group of those taken; treated ones come in by the other where it names them."""
    rules = therapy_rules(f"{IN}:\n\n* {lead}\n\n  * No prior systemic therapy\n  * {other}\n")
    assert {(r.polarity, r.doubts) for r in rules if r.quote == "No prior systemic therapy"} == {(polarity, doubts)}


def test_alternatives_on_both_sides_of_a_line_that_says_or() -> None:
    """NCT03319901: older untreated patients, or patients of any age who relapsed; the first alternative has several bullets."""
    relapsed = (
        "Patients with relapsed or refractory acute lymphoblastic leukemia defined as receiving one or more cytotoxic containing regimens"
    )
    rules = therapy_rules(
        f"{IN}:\n\n* Patients with previously untreated acute lymphoblastic leukemia\n* Age ≥ 60 Years\n\nOR\n\n* {relapsed}\n"
    )
    assert not [r for r in rules if r.polarity is EXCLUDES]


def test_a_window_behind_an_exception_is_the_whole_sentences() -> None:
    """NCT04836507: "other than lymphodepleting chemotherapy within 2 weeks of leukapheresis" frees that chemotherapy at any time."""
    (rule,) = therapy_rules(
        f"{OUT}:\n\n* Anti-neoplastic therapies other than lymphodepleting chemotherapy within 2 weeks of leukapheresis\n"
    )
    assert rule.window is not None and rule.window.days == 14
    assert [(c.effect, c.window) for c in rule.carveouts] == [("allows", None)]


def test_a_therapy_left_out_in_brackets_is_freed() -> None:
    """NCT04167618: two routes, of which one is systemic; the steroids do not count."""
    sentence = "Received systemic or intrathecal cytotoxic chemotherapy (corticosteroids not included) less than 3 weeks prior to the screening visit."
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert found_keys([rule]) == {"chemotherapy"}
    assert rule.routes == ("systemic", "intrathecal")
    assert [m.key for c in rule.carveouts for m in c.mentions] == ["corticosteroid"]


@pytest.mark.parametrize(
    ("sentence", "key", "routes"),
    [
        ("Patients received inhaled or oral corticosteroids in previous 4 weeks", "corticosteroid", ("systemic", "inhaled")),  # NCT05888350
        ("Oral and topical corticosteroids (including inhaled agents)", "corticosteroid", ("systemic", "topical")),  # NCT00438022
        ("Systemic and intranasal antibiotics treatment within 4 weeks", "antibiotic", ("systemic", "intranasal")),  # NCT04706988
        ("Use of topical calcineurin inhibitors within 4 weeks of screening", "calcineurin-inhibitor", ("topical",)),  # NCT02317276
        ("Prior systemic or intravesical chemotherapy", "chemotherapy", ("systemic",)),
    ],
)
def test_therapies_that_share_a_noun_are_meant_by_each_of_their_routes(sentence: str, key: str, routes: tuple[str, ...]) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert (found_keys([rule]), rule.routes or ("systemic",)) == ({key}, routes)


@pytest.mark.parametrize(
    "sentences",
    [
        "First-line therapy must be completed >= 28 days before registration",  # NCT00698815
        "Progression of urothelial cancer following a first-line platinum-containing regimen\n* No more than 2 prior lines of systemic chemotherapy",
        "Systemic therapy is limited to one chemotherapy regimen that is clearly administered contiguously",  # NCT00507429
    ],
)
def test_a_first_line_that_lies_behind_or_is_one_of_several_leaves_no_doubt(sentences: str) -> None:
    """The second is NCT02256436. Only the numbers of lines and times are left to keep somebody out."""
    rules = [r for r in therapy_rules(f"{IN}:\n\n* {sentences}\n") if r.polarity is EXCLUDES]
    assert rules and all(r.window is not None or r.lines is not None for r in rules)
    assert not any(r.doubts for r in rules)


def test_immunotherapy_is_desensitisation_where_an_allergy_is_treated() -> None:
    """NCT00691873, NCT00807547."""
    for sentence in ("history of immunotherapy to any allergen within the past 3 years", "previous treatment with immunotherapy"):
        trial = Trial(
            "NCT00000000", "", RecordSource("t", "v2-json", ""), eligibility_text=f"{OUT}:\n\n* {sentence}\n", conditions=("Asthma",)
        )
        assert found_keys(read(trial, Names.of(Knowledge.load())).rules) == {"allergen-immunotherapy"}


def test_forms_of_a_targeted_class_are_not_classes_of_their_own() -> None:
    """NCT05466149: antibodies and TKIs against EGFR are meant, not all of them."""
    sentence = "Prior treatment with any EGFR-targeting agents (e.g., EGFR tyrosine kinase inhibitors [TKIs], monoclonal antibodies)."
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == {"egfr-inhibitor", "egfr-tyrosine-kinase-inhibitor"}


def test_those_who_need_it_are_let_in_on_terms() -> None:
    """NCT05914116: the second sentence softens the first."""
    text = "Use of concomitant medications known to prolong the QT interval. If the use is deemed necessary, they should be administered with caution"
    (rule,) = therapy_rules(f"{OUT}:\n\n* {text}, after discussed with the Sponsor.\n")
    assert rule.modality is Modality.APPROVAL


def test_what_can_be_withheld_is_not_to_go_on() -> None:
    """NCT05914116: "able to withhold" forbids, in the part that the label behind an escaped number names."""
    text = "27\\. Written consent\n\n  28\\. Additional inclusion criteria for DDI cohort: life expectancy. Able to withhold CYP3A inhibitors for a certain period."
    (rule,) = therapy_rules(f"{IN}:\n\n{text}\n")
    assert (rule.polarity, rule.scope.texts) == (EXCLUDES, ("Additional inclusion criteria for DDI cohort",))


def test_terms_of_patients_with_another_disease_bind_only_them() -> None:
    """NCT06328036: what is asked of patients with eczema is asked of no other."""
    text = (
        "* Autoimmune disease, with the exceptions listed below:\n\n"
        "  * Patients with eczema or psoriasis are eligible for the study provided all of following conditions are met:\n\n"
        "    * No acute exacerbations of the underlying condition requiring methotrexate, biologic agents, or oral corticosteroids within 12 months\n"
    )
    assert therapy_rules(f"{OUT}:\n\n{text}") == []


def test_terms_of_all_patients_bind() -> None:
    """Under "eligible if:" a bullet that denies a therapy, or wants weeks since it, rules on it."""
    bullets = "  * No prior chemotherapy\n  * At least 4 weeks since radiotherapy\n"
    rules = therapy_rules(f"{IN}:\n\n* Patients with solid tumors are eligible if all of the following are met:\n\n{bullets}")
    assert [r.polarity for r in rules] == [EXCLUDES, EXCLUDES]


def test_who_is_eligible_among_some_is_no_heading() -> None:
    """NCT05507827: the exclusion criteria go on behind the sentence on donors."""
    line = "Donors determined to be ineligible based on the results of Zika virus screening may be determined to be eligible if:"
    (rule,) = therapy_rules(f"{OUT}:\n\n* {line}\n\n* Prior chemotherapy\n")
    assert rule.polarity is EXCLUDES


def test_what_is_excepted_in_a_part_leaves_the_rule_to_all() -> None:
    """NCT06362252: only the exception is for a cohort."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Has received prior treatment with ICIs, except for atezolizumab for Cohort 1.\n")
    assert rule.scope.texts == ()


def test_a_stable_dose_helps_up_to_the_highest_one_allowed() -> None:
    """NCT04514484: 20 mg of prednisone are excluded however stable; of 5 mg it is to be asked."""
    sentence = (
        "Subjects must be either off corticosteroids, or on a stable or decreasing dose of =\\< 10 mg daily prednisone (or equivalent)"
    )
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert {(r.min_dose_mg, r.doubts) for r in rules} == {(None, ("stable dose",)), (10.0, ())}


def test_a_class_is_narrowed_by_what_it_is_given_with() -> None:
    """NCT04514484: the bullet on anticoagulation with coumarins is none on all anticoagulants, and the one allowed is factor Xa inhibitors."""
    text = (
        f"{OUT}:\n\n* Concomitant anticoagulation with coumarin agents (e.g., warfarin). Allowed anticoagulants are the following:\n\n"
        "  * anticoagulation with direct factor Xa inhibitors\n"
    )
    (rule,) = [r for r in therapy_rules(text) if r.polarity is EXCLUDES]
    assert found_keys([rule]) == {"vitamin-k-antagonist", "warfarin"}
    assert [m.key for c in rule.carveouts for m in c.mentions] == ["factor-xa-inhibitor"]


def test_with_or_without_joins_and_permits_nothing() -> None:
    """NCT05466149, here under the other heading."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* prior platinum-based chemotherapy with or without anti-PD1/PD-L1 agents\n")
    assert (rule.polarity, found_keys([rule])) == (EXCLUDES, {"platinum-agent", "pd-1-pd-l1-inhibitor"})


def test_steroids_in_a_list_on_brain_metastases_are_those_of_patients_who_have_some() -> None:
    """NCT07408063: the bullets say on what terms brain metastases are accepted."""
    text = (
        f"{OUT}:\n\n* Evidence of brain metastasis unless all the following criteria are met:\n\n"
        "  * No steroid treatment required for at least 2 weeks prior to initial dosing.\n"
    )
    assert therapy_rules(text) == []


def test_a_bullet_that_introduces_a_list_opens_no_section() -> None:
    """NCT05507827: what follows the list on some donors is still excluded."""
    text = (
        f"{OUT}:\n\n* Donors determined to be ineligible based on the results of Zika virus screening may be determined to be eligible if:\n\n"
        "  * Urgent medical need\n* Concomitant use of strong CYP3A4 inhibitors\n"
    )
    (rule,) = therapy_rules(text)
    assert rule.polarity is EXCLUDES


def test_numbers_that_run_on_in_a_line_are_criteria_of_their_own() -> None:
    """NCT06052423: the steroids of number 15 are not those of the brain metastases before them."""
    text = (
        f"{OUT}:\n\n2\\. Spinal cord compression or brain metastases. 3. History of other primary malignancies. "
        "4. Patients who need long-term steroid treatment.\n"
    )
    (rule,) = therapy_rules(text)
    assert found_keys([rule]) == {"corticosteroid"}


@pytest.mark.parametrize(
    ("sentence", "doubts"),
    [
        ("Patient to be treated with a first line therapy for locally advanced/metastatic disease.", [()]),
        ("Patients receiving first-line therapy for metastatic disease", [("first-line population",)]),
        ("Patients who refuse first-line therapy for metastatic disease", []),
    ],
)
def test_first_line_patients_are_a_population_in_doubt(sentence: str, doubts: list[tuple[str, ...]]) -> None:
    """NCT06346197: who is to have a first line has had none; who is receiving one, as it seems; who refused it can have had anything."""
    assert [r.doubts for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES] == doubts


@pytest.mark.parametrize(
    ("sentence", "doubted"),
    [
        ("Patients with newly diagnoised diseases including MDS/AML/CMML", True),  # NCT03873311
        ("New diagnosis of acute myeloid leukemia (AML)", True),  # NCT05458258
        (
            "Paediatric patients (1-17 years inclusive) with de-novo Acute Lymphoblastic Leukaemia treated on ALLTogether-1",
            True,
        ),  # NCT04678869
        ("Patients receiving first-line chemotherapy for metastatic disease", True),
        ("Newly diagnosed multiple myeloma not eligible for autologous transplant", True),
        ("Isolated myeloid sarcoma (either de novo or secondary).", False),  # NCT02724163
        ("co-occurrence of de novo T790M is allowed", False),  # NCT04811001
        ("A tumor tissue sample obtained at any time from the initial diagnosis of metastatic NSCLC", False),  # NCT03739710
        ("Primary caregiver of an adult patient who is newly diagnosed with acute leukemia", False),  # NCT05236296
        ("Measurable disease at the start of first line chemotherapy", False),  # NCT05327530
        ("Treatment-naive patients, or for patients with at least one prior CLL therapy as monotherapy", False),  # NCT05645172
    ],
)
def test_new_disease_is_a_population_in_doubt(sentence: str, doubted: bool) -> None:
    """Who is newly diagnosed has had no therapy, as it seems, unless the words only tell when or of which onset the disease was."""
    rules = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert [bool(r.doubts) for r in rules] == [True] * doubted


def test_new_disease_in_an_early_stage_bears_on_therapy_of_that_stage() -> None:
    """NCT00664482."""
    (rule,) = therapy_rules(f"{IN}:\n\n* A male subject with newly diagnosed resectable pancreatic cancer\n")
    assert rule.settings == ("adjuvant", "neoadjuvant")


def test_new_disease_beside_disease_that_was_treated_keeps_nobody_out() -> None:
    """NCT05497310: the trial takes both."""
    rules = therapy_rules(f"{IN}:\n\n* new diagnosis of APL\n* Diagnosis of relapsed APL who have not been previously treated with ATO\n")
    assert not any("diagnosis" in m.text for r in rules if r.polarity is EXCLUDES for m in r.mentions)


def test_who_is_on_a_therapy_takes_it_now() -> None:
    """NCT06334406, NCT05809050: what was stopped is not meant."""
    for sentence in ("Patients under immunotherapy or chemotherapy", "Leukemic phase of lymphoma or patients on chemotherapy."):
        assert {r.role for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")} == {CURRENT}
    (rule,) = therapy_rules(f"{OUT}:\n\n* Patients on prior anti-PD-1 therapy\n")
    assert rule.role is PRIOR


def some_patients(conditions: tuple[str, ...], text: str) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """(scope, conditions) of the exclusions of a trial of these diseases."""
    trial = Trial("NCT00000000", "", RecordSource("test", "v2-json", ""), eligibility_text=text, conditions=conditions)
    rules = read(trial, Names.of(Knowledge.load())).rules
    return [(r.scope.texts, r.conditions) for r in rules if r.polarity is EXCLUDES and r.role in (PRIOR, CURRENT)]


@pytest.mark.parametrize(
    ("sentence", "scope", "condition"),
    [
        ("For ATLL, must not have received mogamulizumab", "for atll", "adult-t-cell-leukemia-lymphoma"),  # NCT05321940
        ("Participants with CRPC who have received prior Lu-177-PSMA radioligand therapy.", "participants with crpc", "castration-resistant-prostate-cancer"),  # NCT07189871
        ("Triple Negative Breast Cancer (TNBC) - Progressed and treatment na\u00efve to immunotherapy", "triple negative breast cancer (tnbc)", "triple-negative-breast-cancer"),  # NCT05005403
        ("Patients with HIV must not be taking strong CYP3A4 inhibitors", "patients with hiv", ""),
        ("Prior anthracycline (breast cancer patients only)", "breast cancer patients", "breast-cancer"),
    ],
)  # fmt: skip
def test_a_disease_tells_whom_a_clause_binds(sentence: str, scope: str, condition: str) -> None:
    """In a trial that takes others too."""
    found = some_patients(("Castration-Resistant Prostate Cancer", "Leukemia", "Melanoma"), f"{IN}:\n\n* {sentence}\n")
    found = found or some_patients(("Castration-Resistant Prostate Cancer", "Leukemia", "Melanoma"), f"{OUT}:\n\n* {sentence}\n")
    assert found == [((scope,), (condition,) if condition else ())]


def test_the_trials_own_disease_is_no_part_of_its_patients() -> None:
    """NCT05832827."""
    text = f"{IN}:\n\n* Patients with unresectable thymic carcinoma, who have not been treated with systemic chemotherapy.\n"
    assert [scope for scope, _ in some_patients(("Thymic Carcinoma",), text)] == [()]


def test_a_label_for_one_of_the_therapies_limits_what_it_heads() -> None:
    """NCT07408063: not where it is the trial's only one, or tells what is taken."""
    sentence = "Patients requiring chronic systemic immunosuppressive therapy are excluded"
    given = ("GSK5764227", "Dostarlimab")
    assert therapy_rules(f"{OUT}:\n\n* For dostarlimab: {sentence}\n", given)[0].scope.texts == ("For dostarlimab",)
    assert therapy_rules(f"{OUT}:\n\n* For dostarlimab: {sentence}\n", given[1:])[0].scope.texts == ()
    assert therapy_rules(f"{OUT}:\n\n* For participants on steroids: {sentence}\n", given)[0].scope.texts == ()


def test_what_each_part_states_binds_all() -> None:
    """NCT04743661: both strata ask for the same; of three parts two are not all."""
    bullet = "* Patients must not be taking enzyme-inducing antiepileptic medicines within 1 week prior to study enrollment.\n"
    text = f"INCLUSION CRITERIA: Stratum 1\n\n{bullet}\nINCLUSION CRITERIA: Stratum 2\n\n{bullet}"
    assert [r.scope.texts for r in therapy_rules(text)] == [(), ()]
    third = f"{text}\nINCLUSION CRITERIA: Stratum 3\n\n* Adults\n"
    assert [r.scope.texts for r in therapy_rules(third)] == [("Stratum 1",), ("Stratum 2",)]


def test_a_part_that_asks_for_more_binds_with_the_others() -> None:
    """NCT06387628: who had eribulin has had a line, so that neither cohort takes them."""
    first = "* Cohort 1: Previous use of eribulin\n"
    rules = therapy_rules(f"{OUT}:\n\n{first}* Cohort 2: any prior systemic anticancer therapy\n")
    assert [(found_keys([r]), r.scope.texts) for r in rules] == [
        ({"eribulin"}, ()),
        ({"systemic-anticancer-therapy"}, ("Cohort 2",)),
    ]


def test_a_clause_tells_another_part_than_the_front_of_its_criterion() -> None:
    """NCT06479759."""
    text = f"{IN}:\n\n* Cohort 1: adults; Cohort 2: Patients who have not received any systemic anti-tumor treatment before\n"
    assert [r.scope.texts for r in therapy_rules(text)] == [("cohort 2",)]


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("* Psoriatic group only: biologic treatment", "Psoriatic group only"),  # NCT03084146
        ("* (Part B CRC cohorts only) prior anti-PD-1", "Part B CRC cohorts only"),  # NCT05101070
        ("* Pediatric participants: prior anthracycline", "Pediatric participants"),
        ("Cohort 2 - NSCLC\n\n* HIV\n\nCohort 1 - Melanoma\n\n* Prior anti-PD-1", "Cohort 1"),
        ("* Except for Cohort B, prior anti-PD-1", "Except for Cohort B"),
    ],
)
def test_words_that_name_some_of_the_patients(text: str, scope: str) -> None:
    """By their group, age or place, before a criterion or above it; an exception at the front ends where the sentence goes on."""
    (rule,) = therapy_rules(f"{OUT}:\n\n{text}\n")
    assert (rule.polarity, rule.scope.texts or tuple(c.text for c in rule.carveouts)) == (EXCLUDES, (scope,))


def test_no_prior_therapy_among_exclusions_of_treated_patients() -> None:
    """NCT04374877: who had none is kept out; where the trial does not ask for a therapy, "no" is taken for what may not be."""
    denied = f"{OUT}:\n\n* No prior systemic therapy for unresectable or metastatic disease\n"
    treated = f"{IN}:\n\n* Metastatic solid tumor that has progressed during or after standard therapy\n\n"
    assert [r.polarity for r in therapy_rules(treated + denied) if r.section.value == "exclusion"] == [REQUIRES]
    assert [r.polarity for r in therapy_rules(denied)] == [EXCLUDES]


@pytest.mark.parametrize(
    ("freed", "sentence"),
    [
        (True, "No washout period is required for prior treatment with anti-PD-(L)1 antibodies."),
        (True, "For prior anti-PD-(L)1 antibodies a washout is not required."),
        (True, "Patients who had anti-PD-(L)1 antibodies do not need a washout."),
        (False, "Chemotherapy within 4 weeks of randomization, hormonal therapy does not need a washout."),
        (False, "No washout is required for hormonal therapy, but chemotherapy within 3 weeks is prohibited."),
    ],
)
def test_no_wash_out_is_required(freed: bool, sentence: str) -> None:
    """NCT07205718; what else the sentence times keeps out."""
    asked = {m.key for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if r.polarity is EXCLUDES for m in r.mentions}
    assert bool(asked) is not freed and "endocrine-therapy" not in asked


def test_a_reason_repeats_and_rules_on_nothing() -> None:
    """NCT02456571: the window is that of the anthracycline, for the reason has none."""
    sentence = "Treatment with an anthracycline within 1 week of CTC collection, as anthracyclines cause auto-fluorescence of cells."
    assert all(r.window is not None for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n"))


def test_a_window_before_the_study_drug_is_none_of_its_own() -> None:
    """NCT02576665."""
    sentence = (
        "received investigational treatment within 2 weeks or immunotherapy within 28 days prior to initiation of treatment with Toca 511"
    )
    rules = therapy_rules(f"{OUT}:\n\n* Patient {sentence}\n", ("Toca 511",))
    assert {r.window.days for r in rules if r.window and found_keys([r]) == {"immunotherapy"}} == {28}


@pytest.mark.parametrize(
    "heading",
    [
        "Exlusion Critera",
        "Exclusion Criteria\uff1a",
        "Criteria for non-inclusion:",  # NCT04643704
        "The volunteer may not enter the study if any of the following apply:",  # NCT03999970
        "Patients will be excluded if they",
        "Eligibility Criteria\uff1a",  # NCT04353830, which has no heading of exclusions
    ],
)
def test_headings_of_exclusions(heading: str) -> None:
    """Mistyped, in other words, without its colon, or neutral behind the inclusion criteria."""
    (rule,) = therapy_rules(f"{IN}:\n\n* Adults\n\n{heading}\n\n* Previous exposure to any anti-TIGIT antibody.\n")
    assert rule.polarity is EXCLUDES


@pytest.mark.parametrize(
    "line",
    ["Treatment by biotherapy within the 12 months after inclusion", "* Inclusion in another trial", "* Pregnancy test before inclusion"],
)
def test_inclusion_as_an_event_is_no_heading(line: str) -> None:
    """NCT05364957, NCT01480427: what follows is excluded still."""
    rules = therapy_rules(f"{OUT}:\n\n* HIV\n{line}\n* Prior treatment with a MEK inhibitor\n")
    assert [r.polarity for r in rules if found_keys([r]) == {"mek-inhibitor"}] == [EXCLUDES]


def test_what_comes_of_a_therapy_holds_where_it_is_named_again() -> None:
    """NCT06330064: progression is meant both times."""
    sentence = "has not progressed during platinum treatment or within 4 weeks after the completion of platinum treatment."
    assert {r.outcomes for r in therapy_rules(f"{IN}:\n\n* {sentence}\n")} == {("progression",)}


def test_the_infusion_before_which_others_end_is_the_trials_own() -> None:
    """NCT05309213: earlier cells count, those to be infused do not."""
    rules = therapy_rules(f"{OUT}:\n\n* Patient received allogeneic cell therapy within 6 weeks before CAR-T cell infusion\n")
    assert found_keys(rules) == {"cell-therapy"}


def test_exceptions_in_bullets_have_times_of_their_own() -> None:
    """NCT05991583, where each bullet is indented deeper than the last."""
    text = (
        f"{OUT}:\n\n* History of targeted therapy within 4 weeks prior to the first dose, with the following exceptions:\n\n"
        "   * Nitrosourea or mitomycin C should be within 6 weeks prior to the first dose.\n\n"
        "     * Oral fluoropyrimidines and small molecule targeted drugs should be within 2 weeks prior to the first dose.\n"
    )
    rule = next(r for r in therapy_rules(text) if found_keys([r]) == {"targeted-therapy"})
    days = {m.key: c.window.days for c in rule.carveouts for m in c.mentions if c.effect == "window" and c.window}
    assert (days["mitomycin"], days["small-molecule-targeted-therapy"]) == (42, 14)


def test_a_label_is_ruled_on_where_only_a_condition_names_another() -> None:
    """NCT07172958: "if prior nitrosourea" takes the window of its own, not the label's place."""
    lead = "The following time frames must have elapsed between prior therapy completion and apheresis cell collection:"
    rules = therapy_rules(f"{IN}:\n\n* {lead}\n\n  * Myelosuppressive chemotherapy: At least 3 weeks, or 6 weeks if prior nitrosourea.\n")
    rule = next(r for r in rules if r.window is not None and r.window.days == 21)
    assert any(c.effect == "window" and {m.key for m in c.mentions} == {"nitrosourea"} for c in rule.carveouts)


def test_an_earlier_use_of_a_study_drug_counts() -> None:
    """NCT06387628: eribulin is the trial's own, and what was used before."""
    rules = therapy_rules(f"{OUT}:\n\n* Cohort 1: previous use of eribulin and CCR8- targeting drugs\n", ("Eribulin",))
    assert found_keys(rules) >= {"eribulin", "ccr8-directed-therapy"}


def test_what_is_asked_of_donors_keeps_no_patient_out() -> None:
    """NCT05507827: the headings tell patients and donors apart."""
    text = f"Patient {OUT}:\n\n* Prior anti-PD-1 therapy\n\nDonor {OUT}\n\n* Systemic corticosteroids\n"
    assert found_keys(therapy_rules(text)) == {"pd-1-inhibitor"}


def test_long_words_before_a_dash_are_read_in_bounded_time() -> None:
    """NCT04684524 took 20 seconds; with words as long as these a pattern that can cut words anywhere never ends."""
    words = " ".join(["antineoplastictherapies"] * 12)
    (rule,) = therapy_rules(f"{OUT}:\n\n* {words} 100% - patients must not have received a MEK inhibitor\n")
    assert found_keys([rule]) == {"mek-inhibitor"}


def test_an_example_with_a_dose_limits_its_class() -> None:
    """NCT07115043: of immunosuppressants, steroids count from the dose on that their example has."""
    sentence = "Participant requires chronic immunosuppressive therapy (including steroids > 10 mg prednisone/day or equivalent)."
    rule = next(r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if found_keys([r]) == {"immunosuppressant"})
    assert [(c.effect, [m.key for m in c.mentions], c.max_dose_mg) for c in rule.carveouts] == [
        ("allows", ["systemic-corticosteroid"], 10.0)
    ]


def test_an_exception_of_a_form_or_of_a_dose_frees_either() -> None:
    """Inhaled steroids at any dose, others up to 10 mg a day."""
    sentence = "Immunosuppressive medication, except for inhaled steroids, or systemic corticosteroids at 10 mg/day of prednisone or less"
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert [(c.routes, c.max_dose_mg) for c in rule.carveouts] == [(("inhaled",), None), ((), 10.0)]


def test_what_a_permission_of_medicines_leaves_out_is_excluded() -> None:
    """Where other medicines are allowed, those excepted are not; an exception in a time leaves out those given in it."""
    (rule,) = therapy_rules(f"{IN}:\n\n* Other concurrent medication is allowed except for warfarin and St. John's wort\n")
    assert (rule.polarity, rule.role, found_keys([rule])) == (EXCLUDES, CURRENT, {"warfarin", "st-johns-wort"})
    rules = therapy_rules(f"{IN}:\n\n* Prior chemotherapy is allowed unless given within 4 weeks\n")
    assert [r.window and r.window.days for r in rules if r.polarity is EXCLUDES] == [28]


def test_a_number_of_cycles_and_unnamed_kinds_leave_a_doubt() -> None:
    """How many cycles a patient had, and which kinds of a therapy are meant, a person has to say."""
    for sentence, doubt in (
        ("Received more than 1 cycle of chemotherapy", "a number of cycles"),
        ("Major surgery or certain types of cancer therapy within 21 days of starting treatment", "kinds that it does not name"),
    ):
        assert (doubt,) in [r.doubts for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")]


def test_half_lives_for_some_leave_the_days_to_the_others() -> None:
    """Without brackets as with them (NCT07189871): whatever is shorter for small molecules, chemotherapy keeps its 28 days."""
    sentence = "Anticancer therapy within 28 days or 5 half-lives for small molecules, whichever is shorter, prior to the first dose"
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rule.window is not None and (rule.window.days, rule.window.half_lives) == (28, None)
    own = {m.key: c.window for c in rule.carveouts for m in c.mentions}["small-molecule-targeted-therapy"]
    assert own is not None and (own.days, own.half_lives, own.combine) == (28, 5.0, "shorter")


def test_kinds_with_times_of_their_own_need_no_stated_time() -> None:
    """NCT05007782: what the protocol specifies is told for each kind, and left open for any other."""
    sentence = (
        "Any anti-cancer therapy, whether investigational or approved, within protocol specified time prior to initiation of study including: "
        "immunotherapy or biologic therapy (\\< 28 days), chemotherapy (\\< 21 days), targeted small molecule therapy (\\< 14 days)"
    )
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    days = {m.key: r.window.days for r in rules for m in r.mentions if r.window is not None}
    assert (days["anticancer-therapy"], days["chemotherapy"], days["biologic-therapy"]) == (None, 21, 28)
    wide = next(r for r in rules if "anticancer-therapy" in found_keys([r]))
    assert {(m.key, c.window.days) for c in wide.carveouts for m in c.mentions if c.window} >= {("chemotherapy", 21), ("biologic-therapy", 28)}


@pytest.mark.parametrize(
    ("sentence", "days"),
    [
        ("Prior treatments must be completed: chemotherapy \u2265 3 weeks, antibodies \u2265 4 weeks, TKI \u2265 2 weeks before day 1", (21, 28, 14)),
        ("Minimum wash-out: chemotherapy - 3 weeks; antibodies - 4 weeks; TKI - 2 weeks", (21, 28, 14)),
        ("Chemotherapy (21 days), antibodies (28 days) or TKI (14 days) before C1D1", (21, 28, 14)),
        ("Less than 3 weeks from chemotherapy, 4 weeks from antibodies, or 2 weeks from TKI", (21, 28, 14)),
    ],
)
def test_rows_of_therapies_and_times_share_what_one_of_them_says(sentence: str, days: tuple[int, int, int]) -> None:
    """The rows of NCT05835687 and NCT05007782, as they stand in one line."""
    rules = therapy_rules(f"{OUT if sentence[0] in 'CL' else IN}:\n\n* {sentence}\n")
    found = {m.key: r.window.days for r in rules for m in r.mentions if r.window is not None and r.polarity is EXCLUDES}
    assert (found["chemotherapy"], found["antibody-based-therapy"], found["tyrosine-kinase-inhibitor"]) == days


def test_the_only_part_of_a_record_is_the_whole() -> None:
    """NCT02381314: all criteria are those of the expansion, so that there is no way around them."""
    asked = "* At least 21 days since the last dose of chemotherapy"
    whole = f"Inclusion Criteria - Cohort Expansion Phase:\n\n{asked}\n\nExclusion Criteria - Cohort Expansion Phase:\n\n* Prior MEK inhibitor\n"
    assert {r.scope.texts for r in therapy_rules(whole)} == {()}
    partly = whole.replace("Inclusion Criteria - Cohort Expansion Phase", IN)
    assert {r.scope.texts for r in therapy_rules(partly)} == {(), ("Expansion Phase",)}


@pytest.mark.parametrize(("parts", "scope"), [("1, 2 and 3", ()), ("1 and 2", ("for Parts 1 and 2",))])
def test_a_heading_that_names_all_parts_limits_nothing(parts: str, scope: tuple[str, ...]) -> None:
    """NCT03342417 has three parts, and exclusions of all three."""
    text = f"{IN} for Part 3:\n\n* Age 18\n\nExclusion Criteria for Parts {parts}:\n\n* Prior MEK inhibitor\n"
    assert {r.scope.texts for r in therapy_rules(text)} == {scope}


def test_a_semicolon_in_brackets_ends_what_a_time_is_of() -> None:
    """NCT06620822: the two weeks are those of herbs."""
    sentence = "antitumor therapy (e.g., radiotherapy, chemotherapy, etc.; antitumor herbal therapies require a 2-week washout period)"
    windows = {m.key: r.window for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") for m in r.mentions}
    assert windows["anticancer-therapy"] is None and windows["chemotherapy"] is None


def test_harm_that_a_therapy_did_is_told_of_those_alone_who_had_it() -> None:
    """NCT05537051 and, of a list, NCT06332170."""
    sentence = "Previously received immunotherapy and have experienced \u2265 Grade 3 immunotherapy-related adverse events"
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rule.outcomes == ("intolerance",)
    sentence = "Intolerable for any PD-L1 inhibitor, cetuximab, enzalutamide and cisplatin/ carboplatin"
    assert {r.outcomes for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")} == {("intolerance",)}


def test_a_number_of_cycles_is_told_of_no_therapy_by_its_name() -> None:
    """How many cycles were given, the patient's data do not say; NCT06203210 asks for some, which leaves no doubt about a wash-out."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Received more than 2 cycles of prior platinum-based chemotherapy\n")
    assert rule.doubts == ("a number of cycles",)
    sentence = "Has received at least 2 cycles of therapy and a chemotherapy free-interval of \u226530 days."
    assert {r.doubts for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.window is not None} == {()}


def test_a_label_of_dose_expansion_is_a_part() -> None:
    """NCT06699576 names its parts so; only those who enter there are bound."""
    (rule,) = therapy_rules(f"{IN}:\n\n* Age 18\n* Dose expansion: patients who have not received prior systemic therapy\n")
    assert rule.scope.texts == ("Dose expansion",)


def test_a_permission_of_other_therapy_frees_nothing_of_what_is_ruled_on() -> None:
    """Neither does that other therapy is allowed, nor that a patient may have had none of it after all."""
    for sentence in (
        "Chemotherapy within 4 weeks (other anticancer therapy such as hormonal therapy is allowed)",
        "Prior participation in a trial of olaparib, unless it is known that the patient received placebo",
    ):
        (rule,) = (r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if r.polarity is EXCLUDES)
        assert (rule.carveouts, rule.doubts) == ((), ())


def test_few_cycles_that_are_allowed_leave_a_doubt() -> None:
    """Who had more is kept out; a number that tells when the therapy failed limits nothing."""
    (rule,) = therapy_rules(f"{IN}:\n\n* One cycle of chemotherapy is permitted\n")
    assert (rule.polarity, rule.doubts) == (EXCLUDES, ("a number of cycles",))
    assert not therapy_rules(f"{IN}:\n\n* Relapse after one cycle of chemotherapy\n")


def test_a_wash_out_that_was_not_completed_keeps_out() -> None:
    """What "not" denies is the wash-out, not the therapy (NCT06203210 speaks of an inadequate one)."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Has not completed the required washout for prior chemotherapy\n")
    assert (rule.polarity, found_keys([rule])) == (EXCLUDES, {"chemotherapy"})
    assert rule.window is not None and rule.window.days is None


def test_a_therapy_that_only_tells_what_another_came_after_has_no_window() -> None:
    """NCT02435433: the 28 days are those of the local therapy."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Hepatic locoregional therapy following prior systemic therapy or within 28 days prior to randomization.\n")
    assert found_keys([rule]) == {"local-therapy"}


def test_what_is_had_while_in_the_trial_is_had_now() -> None:
    """NCT02253459: earlier chemotherapy is another matter."""
    rules = therapy_rules(f"{OUT}:\n\n* Received chemotherapy 4 weeks prior to enrollment, or received other chemotherapies while participating in this trial\n")
    assert [(r.role, r.window is None) for r in rules] == [(PRIOR, False), (CURRENT, True)]


def test_patients_who_have_had_therapy_may_come_beside_the_untreated() -> None:
    """NCT01910181."""
    rules = therapy_rules(f"{IN}:\n\n* Treatment-naïve or having received prior systemic treatments for metastatic melanoma\n")
    assert not [r for r in rules if r.polarity is EXCLUDES]


def test_prior_and_ongoing_are_both_told_of_what_stands_below() -> None:
    """NCT03586453: who had it is kept out, too; of another therapy's "prior" nothing below is told."""
    below = f"{OUT}:\n\n* Prior or ongoing treatment with any of the following:\n\n  * Any cytotoxic chemotherapy\n"
    assert {r.role for r in therapy_rules(below)} == {PRIOR}
    other = below.replace("Prior or ongoing treatment with", "Prior transplant or current use of")
    assert {r.role for r in therapy_rules(other)} == {CURRENT}
    assert {r.role for r in therapy_rules(f"{OUT}:\n\n* Have received or are receiving anti-PD-1 antibodies\n")} == {PRIOR}


@pytest.mark.parametrize(
    "sentence",
    [
        "hypertension with a diastolic blood pressure of >100 mm Hg while on antihypertensive medication",  # NCT03586453
        "systolic BP \u2265160mmHg, in 2 out of the 3 recordings with optimized antihypertensive therapy",  # NCT06136650
        "Grade 3 nausea/vomiting or diarrhea despite adequate antiemetic and other supportive care",  # NCT05636618
    ],
)
def test_what_is_bad_under_a_drug_forbids_no_drug(sentence: str) -> None:
    """The drug only tells how hard the ill was fought."""
    assert not therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert therapy_rules(f"{OUT}:\n\n* Uncontrolled hypertension, or on calcium channel blockers\n")


def test_medicines_in_immunosuppressive_doses_are_immunosuppressants() -> None:
    """NCT05514717; a steroid in such a dose is not all of them."""
    sentence = "Participant is receiving immunosuppressive doses of systemic medications, (doses >10 mg/day prednisone or equivalent)"
    assert "immunosuppressant" in found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n"))
    assert "immunosuppressant" not in found_keys(therapy_rules(f"{OUT}:\n\n* Receiving immunosuppressive doses of steroids\n"))


def test_a_narrow_index_may_be_spelled_out() -> None:
    """NCT05892068."""
    sentence = "CYP3A or P-gp substrates where minimal concentration changes may lead to serious or life-threatening toxicities"
    assert all(m.narrow_index for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") for m in r.mentions)


def test_any_treatment_but_one_is_any_against_the_cancer() -> None:
    """NCT05519449; what stands behind the exception with a verb of its own is no part of it."""
    sentence = "Prior receipt of any treatment other than an anti-androgen therapy or prior receipt of a taxane"
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert found_keys(rules) == {"systemic-anticancer-therapy", "taxane"}
    assert all("taxane" not in found_keys([r]) or not r.carveouts for r in rules)


def test_sequential_therapy_counts_only_with_what_comes_next() -> None:
    """NCT06117774."""
    sentence = "Received sequential chemotherapy and thoracic radiotherapy during chemoradiation"
    assert {r.combined for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if "chemotherapy" in found_keys([r])} == {True}


def test_what_a_treatment_is_with_stands_behind_its_time() -> None:
    """NCT02384746: the inhibitors are no part of the anchor, and say which treatment is meant."""
    sentence = "Systemic treatment, within 14 days before the first dose of MLN9708, with strong inhibitors of CYP3A, or strong inducers of CYP3A."
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n", ("MLN9708",))
    assert found_keys([rule]) == {"cyp3a4/inhibitor/strong", "cyp3a4/inducer/strong"}
    assert rule.window is not None and rule.window.days == 14


@pytest.mark.parametrize(
    ("nct", "sentence"),
    [
        ("NCT02384746", "Visceral crisis or rapidly progressive disease for which chemotherapy would be indicated."),
        ("NCT01675882", "Any disorder in which rifampicin is contraindicated"),
        ("NCT03300609", "History of prior malignancy for which patient is receiving other specific treatment for their cancer"),
        ("NCT02094573", "The requirement for intravenous (IV) antibiotics is considered active infection."),
        ("NCT00049673", "Prior documented lupus anti-coagulant or anti-phospholipid antibody"),
        ("NCT02116582", "Progression within 6 months of the last treatment"),
    ],
)
def test_what_is_named_for_another_reason_is_not_ruled_on(nct: str, sentence: str) -> None:
    """What a disease would need, what another disease is treated with, what makes an infection, what bears the name of a drug."""
    assert therapy_rules(f"{OUT}:\n\n* {sentence}\n") == []


@pytest.mark.parametrize(
    ("sentence", "days"),
    [
        ("Last treatment for multiple myeloma not within 21 days prior to study treatment initiation", 21),  # NCT00560352
        ("A minimum of two weeks since last dose of most recent renal cell cancer therapy assuming resolution of toxicities", 14),  # NCT02579811
        ("At least 3 weeks since last therapy", 21),
        ("Prior chemotherapy allowed, but not within 4 weeks of registration", 28),
    ],
)
def test_a_time_since_the_last_therapy_is_asked_for(sentence: str, days: int) -> None:
    (rule,) = (r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES)
    assert rule.window is not None and rule.window.days == days


def test_a_therapy_is_told_by_what_it_targets() -> None:
    """NCT00381706: not any therapy, and where the target is no name that is known, none."""
    (rule,) = therapy_rules(f"{IN}:\n\n* No prior therapy which specifically and directly targets the EGFR pathway.\n")
    assert found_keys([rule]) == {"egfr/targeted"} or {m.target for m in rule.mentions} == {"egfr"}
    assert therapy_rules(f"{IN}:\n\n* No prior therapy which specifically and directly targets the EGF(R) pathway.\n") == []


def test_an_exception_of_a_disease_frees_no_treated_patient() -> None:
    """NCT02785900: those with APL are left out, whatever they had."""
    sentence = "Newly diagnosed, previously untreated, confirmed de novo or secondary AML (except for acute promyelocytic leukemia (APL))"
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert (rule.carveouts, rule.doubts) == ((), ())


def test_an_untreated_relapse_asks_for_no_therapy_since_then() -> None:
    """NCT00583102: what was given before it is not spoken of."""
    for sentence in ("Their current relapse must be untreated.", "No prior therapy for the current relapse"):
        (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
        assert rule.doubts == ("given for the last progression",) and rule.window is not None


def test_what_a_drug_is_said_to_be_is_not_ruled_on() -> None:
    """NCT02427893: a class in the singular behind a drug describes it; "or other" lists."""
    bullets = "  * St. John's wort or hyperforin (potent cytochrome P450 CYP3A4 enzyme inducer)\n  * Grapefruit juice (potent cytochrome P450 CYP3A4 enzyme inhibitor"
    rules = therapy_rules(f"{OUT}:\n\n* No consumption of the following within 7 days prior to start of treatment:\n\n{bullets}\n")
    assert not any("/" in key for key in found_keys(rules))
    assert "cyp3a4/inducer/strong" in found_keys(therapy_rules(f"{OUT}:\n\n* Use of phenytoin or another strong CYP3A4 inducer\n"))


def test_drugs_that_are_contraindicated_beside_the_study_drug_interact_with_it() -> None:
    """NCT02311569; those of NCT00719901 interact by CYP enzymes."""
    sentence = "Any concomitant drugs contraindicated for use with the trial drug according to the approved product information."
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rule.doubts == ("known to interact",)
    assert found_keys(therapy_rules(f"{IN}:\n\n* No concurrent CYP interactive medications\n")) == {"cyp/inhibitor/", "cyp/inducer/"}


def test_a_dose_above_the_one_that_is_permitted_is_doubted() -> None:
    """NCT00719901: of 20 mg a day the sentence says nothing."""
    sentence = "Prednisone (\u2264 10 mg per day) allowed provided there has been no dose increase within the past 2 weeks"
    rule = next(r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES)
    assert (rule.min_dose_mg, rule.doubts) == (10, ("a higher dose than it permits",))
    of_some = "Patients with autoimmune disease on \u2264 10 mg prednisone a day are eligible"
    assert not [r for r in therapy_rules(f"{IN}:\n\n* {of_some}\n") if r.polarity is EXCLUDES]


def test_a_therapy_that_some_may_have_had_is_not_required() -> None:
    """NCT02116582: who had no chemotherapy had no first one."""
    sentence = "If the subject has received previous treatment with chemotherapy, this must be limited to no more than one prior line of docetaxel"
    assert not [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if "another therapy is required as the one prior line" in r.doubts]


def _titled(title: str, text: str) -> list[Rule]:
    trial = Trial(
        "NCT00000000", title, RecordSource("test", "v2-json", ""), eligibility_text=text, conditions=("Triple Negative Breast Cancer",)
    )
    return [r for r in read(trial, Names.of(Knowledge.load())).rules if r.role in (PRIOR, CURRENT)]


def test_a_first_line_that_the_title_alone_names_is_a_doubt() -> None:
    """NCT05809895: no criterion asks for the untreated; the rule stands on the clause that names the disease."""
    title = "Ociperlimab in Combination With Tislelizumab and Chemotherapy as First-line Treatment for Advanced Triple Negative Breast Cancer"
    text = (
        f"{IN}:\n\n* Age 18\n* Histologically confirmed diagnosis of advanced TNBC\n"
        "* Has completed systemic treatment for Stage I-III breast cancer, if indicated\n"
    )
    (rule,) = [r for r in _titled(title, text) if r.polarity is EXCLUDES]
    assert (rule.quote, rule.doubts) == ("Histologically confirmed diagnosis of advanced TNBC", ("the title tells of a first line",))
    assert (found_keys([rule]), rule.settings) == ({"systemic-anticancer-therapy"}, ("locally-advanced", "metastatic"))


@pytest.mark.parametrize(
    ("title", "criterion"),
    [
        ("X as First-line Treatment for Triple Negative Breast Cancer", "No more than one prior line of chemotherapy"),
        ("X as First-line Treatment for Triple Negative Breast Cancer", "Patients who have progressed on standard therapy"),
        ("X After Failure of First-line Treatment for Triple Negative Breast Cancer", "Age 18"),
        ("X in Newly Diagnosed Triple Negative Breast Cancer", "Age 18"),
    ],
)
def test_a_title_adds_nothing_where_the_treated_are_taken(title: str, criterion: str) -> None:
    text = f"{IN}:\n\n* Triple negative breast cancer\n* {criterion}\n"
    assert not [r for r in _titled(title, text) if "the title tells of a first line" in r.doubts]


@pytest.mark.parametrize(
    "sentence",
    [
        "Prior therapy targeting same pathway (antibody/ADC/cell therapy)",
        "Prior ADC targeting the same antigen",
        "Prior therapy against the same target (including antibodies, ADC, CAR-T)",
    ],
)
def test_therapy_on_the_same_target_is_not_any_of_its_kind(sentence: str) -> None:
    """NCT07004647."""
    assert not therapy_rules(f"{OUT}:\n\n* {sentence}\n")


def test_mutations_that_confer_resistance_are_no_therapy() -> None:
    """NCT05745714."""
    sentence = "Patients whose tumor present known mutations conferring resistance to JAK inhibitors: JAK1 Phe958 and Pro960 mutations"
    assert not therapy_rules(f"{OUT}:\n\n* {sentence}\n")


def test_two_times_of_one_therapy_are_both_kept() -> None:
    """NCT05326516: with no other therapy beside them, neither is an exception."""
    sentence = "Growth factors: within 7 days since therapy with short-acting growth factors and within 14 days with long-acting growth factors"
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert {r.window.days for r in rules if r.window is not None and r.polarity is EXCLUDES} == {7, 14}


def test_what_is_given_ahead_of_the_treatment_frees_no_therapy_of_the_disease() -> None:
    """NCT05071482."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Previous or ongoing systemic therapy (including TKI, except for appropriate pre-treatment)\n")
    assert [(c.effect, c.settings) for c in rule.carveouts] == [("allows", ("neoadjuvant",))]


def test_other_therapies_leave_the_neighbouring_bullet_its_time() -> None:
    """NCT06001671: neighbours at the margin stand together as do bullets of one list."""
    text = (
        f"{OUT}:\n\n* Genetic testing was not done\n* From the last treatment of EGFR-TKI the interval is less than 14 days\n"
        "* In the 4 weeks prior to the first administration participants had used other anticancer drugs\n"
    )
    (wide,) = [r for r in therapy_rules(text) if "other anticancer" in r.quote]
    assert [({m.key for m in c.mentions}, c.window.days) for c in wide.carveouts if c.window] == [({"egfr-tyrosine-kinase-inhibitor"}, 14)]


def test_therapy_that_another_is_given_beside_is_not_ruled_on() -> None:
    """NCT02251977: who needs radiotherapy meanwhile; NCT03407430: when drugs are started."""
    for sentence in (
        "Patients who need adjuvant or palliative radiotherapy during chemotherapy",
        "Currently receiving imatinib, or use of imatinib during cycle 1 of scheduled chemotherapy",
    ):
        rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
        assert rules and "chemotherapy" not in found_keys(rules)


def test_other_people_begin_another_matter() -> None:
    """NCT02545504: steroids keep out whoever takes them; those that brain metastases need are those of patients who have some."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Brain metastases or individuals requiring chronic daily treatment with oral corticosteroids\n")
    assert (rule.role, found_keys([rule])) == (CURRENT, {"systemic-corticosteroid"})
    assert not therapy_rules(f"{OUT}:\n\n* Brain metastases requiring corticosteroids\n")


def test_a_list_of_low_doses_that_are_permitted_forbids_nothing() -> None:
    """NCT02260531."""
    text = f"{OUT}:\n\n* Low dose aspirin (≤ 81 mg/day), low-dose warfarin (≤ 1 mg/day), and prophylactic LMWH are permitted.\n"
    assert not [r for r in therapy_rules(text) if r.polarity is EXCLUDES]


def test_a_number_of_regimens_in_brackets_is_what_may_have_been_had() -> None:
    """NCT02114658."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior chemotherapy for thyroid cancer (only one regimen is allowed)\n")
    assert rule.lines is not None and rule.lines.maximum == 1


def test_a_drug_that_goes_on_is_not_freed_by_that_it_could_stop() -> None:
    """NCT06004661."""
    sentence = "Use of agents known to prolong the QT interval, unless they can be permanently discontinued for the duration of study"
    assert [r.carveouts for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")] == [()]
    (rule,) = therapy_rules(f"{OUT}:\n\n* Use of agents known to prolong the QT interval, unless deemed medically necessary\n")
    assert rule.carveouts


def test_a_menopause_that_no_therapy_brought_about_rules_on_none() -> None:
    """NCT05464810."""
    sentence = "Age < 55 and amenorrheic for 12 months or more in the absence of chemotherapy, endocrine therapy, or ovarian suppression"
    assert not therapy_rules(f"{IN}:\n\n* {sentence}\n")


def test_a_disease_needs_all_therapies_of_its_list() -> None:
    """NCT06447662: the amount in brackets and "any other form of" are of the same list."""
    sentence = (
        "active autoimmune disease that require systemic treatment with chronic systemic steroid therapy (in dosing exceeding 10 mg daily"
        " of prednisone equivalent) or any other form of immunosuppressive therapy in the past 2 years"
    )
    assert not therapy_rules(f"{OUT}:\n\n* {sentence}\n")


def test_the_time_of_the_following_therapies_is_theirs() -> None:
    """NCT06108479; a time beside a therapy of its own is not."""
    lead = "Patients receiving any of the following concurrent anticancer treatments within 28 days before the start"
    assert [r.window and r.window.days for r in therapy_rules(f"{OUT}:\n\n* {lead}:\n\n  * Immune therapy\n")] == [28]
    lead = "Chemotherapy within 28 days, or any of the following"
    rules = therapy_rules(f"{OUT}:\n\n* {lead}:\n\n  * Immune therapy\n")
    assert [r.window for r in rules if "immunotherapy" in found_keys([r])] == [None]


def test_a_history_of_risk_factors_is_of_diseases() -> None:
    """NCT06108479, which tells of medicines in another bullet."""
    assert not therapy_rules(f"{OUT}:\n\n* A history of risk factors for ventricular tachycardia, torsades de pointes or convulsions\n")
    sentence = "received a medication known to prolong the ECG QT interval within 14 days of the first dose of study drug(s)"
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == {"qt-prolonging-drug"}


def test_what_is_denied_or_timed_goes_on_behind_semicolons() -> None:
    """NCT02091531, NCT05743621: a list of therapies is one, however its items are parted; what says more is a clause of its own."""
    assert {r.window.days for r in therapy_rules(f"{IN}:\n\n* At least 4 weeks must have elapsed from the use of estrogens; chemotherapy\n") if r.window} == {28}
    rules = therapy_rules(f"{IN}:\n\n* No prior MEK inhibitors; mTOR inhibitors; or PD-1 inhibitors\n")
    assert {k for r in rules if r.polarity is EXCLUDES for k in found_keys([r])} == {"mek-inhibitor", "mtor-inhibitor", "pd-1-inhibitor"}
    rules = therapy_rules(f"{IN}:\n\n* No prior MEK inhibitors; prior platinum is required\n")
    assert {r.polarity for r in rules} == {EXCLUDES, Polarity.REQUIRES}


def test_two_therapies_named_as_a_combination_count_together() -> None:
    """NCT06712875."""
    rules = therapy_rules(f"{OUT}:\n\n* Patients who have received MAPK inhibitor and checkpoint blockade combination therapy.\n")
    assert rules and all(r.combined for r in rules)
    assert not any(r.combined for r in therapy_rules(f"{OUT}:\n\n* Prior MEK inhibitor or checkpoint blockade combination therapy\n"))
def test_the_way_in_for_the_untreated_is_shut_to_who_had_another_therapy_than_the_others_ask_for() -> None:
    """NCT02422615: who had endocrine therapy may come, who had something else perhaps."""
    bullets = "  * newly diagnosed metastatic breast cancer, treatment naive\n  * relapsed with progression after one line of endocrine therapy"
    rules = [r for r in therapy_rules(f"{IN}:\n\n* Patients may be:\n\n{bullets}\n") if r.polarity is EXCLUDES and r.carveouts]
    rule = rules[0]
    assert rule.doubts[-1] == "one of several alternatives"
    assert {m.key for c in rule.carveouts for m in c.mentions} == {"endocrine-therapy"}


def test_medication_that_goes_on_is_not_forbidden() -> None:
    """NCT04256018."""
    sentence = "Those receiving prophylaxis for herpes may enter the study, and should continue to take the prescribed medication"
    assert not therapy_rules(f"{OUT}:\n\n* Active herpes zoster. {sentence} for the duration of the study.\n")
    assert therapy_rules(f"{OUT}:\n\n* Taking any medication\n")


def test_a_cancer_that_an_inclusion_names_needs_no_therapy_of_its_own() -> None:
    """NCT03391050: the therapy is asked for."""
    rules = therapy_rules(f"{IN}:\n\n* Patients with cutaneous melanoma treated with dabrafenib/trametinib first line combination therapy\n")
    assert {r.polarity for r in rules} == {Polarity.REQUIRES, EXCLUDES}


def test_any_other_therapy_may_have_stood_in_the_place_of_a_required_first_line() -> None:
    """NCT00006356: it contradicts the sentence by implication only."""
    sentence = "Must have received prior first line chemotherapy consisting of at least 4 courses of either cisplatin or carboplatin"
    (rule,) = (r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES)
    assert (found_keys([rule]), rule.doubts) == ({"systemic-anticancer-therapy"}, ("another first-line therapy is required",))
    assert {m.key for c in rule.carveouts for m in c.mentions} == {"cisplatin", "carboplatin"}


def test_uses_of_steroids_that_hormonal_therapy_leaves_may_be_listed_below_it() -> None:
    """NCT00293371, which also speaks of antiretrovirals: who takes these has HIV."""
    text = f"{IN}:\n\n* No other concurrent hormonal therapy except for the following:\n\n  * Steroids for adrenal failure\n  * Intermittent dexamethasone\n"
    assert any(r.doubts == ("uses that it does not name",) and found_keys([r]) == {"systemic-corticosteroid"} for r in therapy_rules(text))
    (rule,) = therapy_rules(f"{IN}:\n\n* No concurrent combination antiretroviral therapy for HIV-positive patients\n")
    assert rule.conditions == ()


def test_what_ended_too_long_ago_has_no_window_in_an_exclusion() -> None:
    """NCT03867175: recent therapy meets it no more than therapy of old, of which it must be asked."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* More than 180 days has elapsed since day 1 of cycle 1 of standard of care systemic therapy.\n")
    assert (rule.window, rule.doubts) == (None, ("ended longer ago",))
    (rule,) = therapy_rules(f"{OUT}:\n\n* At least 4 weeks since prior chemotherapy\n")
    assert rule.window is not None and not rule.doubts


@pytest.mark.parametrize(
    "sentence",
    [
        "Certain exclusions on prior therapy.",  # NCT01478581
        "Severe infection (such as intravenous drip of antibiotics, antifungal or antiviral drugs) occurred within 4 weeks",  # NCT06721286
        "Concurrent use of any vitamin, herb, or mineral supplements containing lycopene for at least 14 days",  # NCT01949519
    ],
)
def test_words_that_tell_too_little_or_of_another_thing_forbid_no_therapy(sentence: str) -> None:
    assert not [r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]


def test_cohorts_told_behind_a_therapy_are_its_scope() -> None:
    """NCT02903914."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior anti-PD-1 treatment for combination dose expansion cohorts 1c, 3e - 3h\n")
    assert rule.scope.texts
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior anti-PD-1 treatment for extensive stage 3 disease\n")
    assert not rule.scope.texts


@pytest.mark.parametrize(("section", "lead"), [(OUT, "eligible, unless they have experienced any of the following"), (IN, "allowed, except")])
def test_what_a_permission_excepts_below_keeps_out(section: str, lead: str) -> None:
    """NCT06108479."""
    rules = therapy_rules(f"{section}:\n\n* Patients with prior anti-PD-1 treatment are {lead}:\n\n  * Prior docetaxel\n  * Prior ipilimumab\n")
    assert found_keys([r for r in rules if r.polarity is EXCLUDES]) == {"docetaxel", "ipilimumab"}
    assert not [r for r in rules if r.polarity is EXCLUDES and r.doubts]


@pytest.mark.parametrize(
    "sentence",
    [
        "Patients with PD-L1 positive breast cancer should have received pembrolizumab with chemotherapy in the first line setting",  # NCT06099769
        "Prior radiotherapy or first-line chemotherapy",
        "Had prior treatment with radiotherapy and/or first-line chemotherapy or concurrent chemoradiation therapy",  # NCT05503797
        "Cohort A: progressed on first-line docetaxel",
    ],
)
def test_a_first_line_asked_of_some_says_nothing_of_another(sentence: str) -> None:
    """Where a procedure would do, or only some patients or a part of the trial are meant, other therapies are not even in doubt."""
    assert not [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n* Cohort B: age 18\n") if r.polarity is EXCLUDES]
    assert [r for r in therapy_rules(f"{IN}:\n\n* Progressed on first-line docetaxel\n") if r.polarity is EXCLUDES]


@pytest.mark.parametrize("label", ["NSCLC (1L) Cohort C2", "NSCLC Cohort C2", "Cohort C2 (NSCLC)", "NSCLC first-line cohort"])
def test_a_cohort_named_with_its_disease_binds_those_who_have_it(label: str) -> None:
    """NCT06447662."""
    conditions = ("Carcinoma, Pancreatic Ductal", "Colorectal Neoplasms", "Carcinoma, Non-Small-Cell Lung")
    text = f"{IN}:\n\n* {label}: Participants must not have received prior systemic treatment\n"
    trial = Trial("NCT00000000", "", RecordSource("test", "v2-json", ""), eligibility_text=text, conditions=conditions)
    rules = read(trial, Names.of(Knowledge.load())).rules
    assert {r.conditions for r in rules if r.role is PRIOR} == {("non-small-cell-lung-cancer",)}


def test_a_subprotocol_is_a_part() -> None:
    """NCT05503797."""
    text = f"{OUT}:\n\nSubprotocol A:\n\n* Prior treatment with a MEK inhibitor.\n\nSubprotocol B:\n\n* CNS metastases\n"
    assert [r.scope.texts for r in therapy_rules(text)] == [("Subprotocol A",)]


def test_a_part_that_takes_one_disease_binds_those_who_have_it() -> None:
    """NCT06219941; where a disease of the part is not known by name, all are bound."""
    own = ("Gastric Cancer", "Pancreatic Ductal Adenocarcinoma")
    first = f"{IN}:\n\n* Age 18\n\nSub study 1 Specific Inclusion criteria:\n\n* Gastric cancer\n\n"
    for disease, conditions in (
        ("metastatic or advanced PDAC", ("pancreatic-adenocarcinoma",)),
        ("adenocarcinoma of the pancreas or ampulla", ()),
        ("PDAC or other solid tumours", ()),
    ):
        told = f"* Participants diagnosed with histologically confirmed {disease}.\n* No prior treatments\n"
        text = f"{first}Sub study 2 Specific Inclusion criteria:\n\n{told}"
        trial = Trial("NCT00000000", "", RecordSource("test", "v2-json", ""), eligibility_text=text, conditions=own)
        (rule,) = (r for r in read(trial, Names.of(Knowledge.load())).rules if r.role is PRIOR)
        assert (rule.scope.texts, rule.conditions) == (("Sub study 2",), conditions)


def test_what_is_told_beside_the_following_is_ruled_on_itself() -> None:
    """Only what says no more than that bullets follow is left to them, and what the bullets give times for."""
    for lead, below, found in (
        ("Prior docetaxel or any of the following", "Prior immunotherapy", {"docetaxel", "immunotherapy"}),
        ("Chemotherapy or any of the following anticancer treatments", "Cetuximab", {"chemotherapy", "cetuximab"}),
        ("Prior chemotherapy consisting of one or more of the following", "Docetaxel", {"docetaxel"}),
        ("Immunosuppressants including, but not limited to the following", "Steroids within 2 weeks", {"corticosteroid"}),
    ):
        rules = therapy_rules(f"{OUT}:\n\n* {lead}:\n\n  * {below}\n")
        assert found_keys(rules) == found, lead


def test_the_length_of_a_cycle_is_not_stated() -> None:
    """NCT05576896."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Cyclical chemotherapy within a period of time that was shorter than the cycle length for that treatment\n")
    assert rule.window is not None and rule.window.days is None


def test_a_list_of_exceptions_ends_with_its_last() -> None:
    """NCT05576896."""
    sentence = "Biologic therapy except bevacizumab or aflibercept, continuous or intermittent small molecule therapeutics, within 28 days"
    assert "small-molecule-targeted-therapy" in found_keys(therapy_rules(f"{OUT}:\n\n* {sentence} prior to starting study treatment\n"))


def test_an_exception_from_a_permission_may_be_a_sentence_of_its_own() -> None:
    """NCT05576896."""
    rules = therapy_rules(f"{IN}:\n\n* Any type and number of prior anticancer therapies. Exception: BRAF or MEK inhibitors.\n")
    assert found_keys([r for r in rules if r.polarity is EXCLUDES]) == {"braf-inhibitor", "mek-inhibitor"}


def test_who_is_contraindicated_with_a_therapy_is_no_drug() -> None:
    """NCT05514717."""
    sentence = "Has progression after treatment, is intolerant to treatment, or is contraindicated with available anti-cancer therapies"
    assert not [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Tyrosine Kinase Inhibitor (TKI) treatment naïve.", {"tyrosine-kinase-inhibitor"}),  # NCT06620835
        ("osimertinib treatment-naïve for NSCLC.", {"osimertinib"}),  # NCT05693090
        ("systemic treatment-naive", {"systemic-anticancer-therapy"}),  # NCT05942456
    ],
)
def test_naive_to_the_treatment_that_is_named_before_it(sentence: str, found: set[str]) -> None:
    assert found_keys([r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]) == found


@pytest.mark.parametrize(
    "sentence",
    [
        "Off all therapy for at least 4 weeks",
        "Treatment-free interval of at least 4 weeks",
        "The interval between the last treatment and study entry must be at least 4 weeks",
        "Patients may have received prior therapy provided it was completed at least 4 weeks ago",
        "Have recovered from prior chemotherapy, with at least 4 weeks since the last dose",
        "Chemotherapy: none within 4 weeks",
        "No cancer treatment other than surgery within 28 days",
    ],
)
def test_a_time_without_therapy_is_one_since_it(sentence: str) -> None:
    """Ways to ask for a wash-out of what is not named, or is named elsewhere in the sentence."""
    (rule,) = (r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES)
    assert rule.window is not None and rule.window.days == 28
    of_others = ("Patients with prior malignancies are eligible if they have been off treatment for 3 years", "Relapse after a treatment-free interval of 6 months")
    assert not [r for s in of_others for r in therapy_rules(f"{IN}:\n\n* {s}\n") if r.polarity is EXCLUDES]


def test_an_article_is_no_part_of_a_name() -> None:
    """ "A RAF inhibitor" is none of A-RAF, and a list goes on behind an article."""
    assert found_keys(therapy_rules(f"{OUT}:\n\n* Prior treatment with a RAF kinase inhibitor\n")) == {"raf-inhibitor"}
    assert found_keys(therapy_rules(f"{OUT}:\n\n* Previously received a MEK or a RAF inhibitor\n")) == {"mek-inhibitor", "raf-inhibitor"}


def test_roles_at_an_enzyme_may_be_told_by_what_they_do() -> None:
    """A second role has the strength of the first; an adverb stands between a verb and its enzyme."""
    rules = therapy_rules(f"{OUT}:\n\n* Strong CYP3A4 inducers within 2 weeks or inhibitors within 1 week\n")
    assert found_keys(rules) == {"cyp3a4/inducer/strong", "cyp3a4/inhibitor/strong"}
    rules = therapy_rules(f"{OUT}:\n\n* Medications with CYP3A4 inhibitory activity or metabolized primarily by CYP2C9\n")
    assert found_keys(rules) == {"cyp3a4/inhibitor/", "cyp2c9/substrate/"}
def test_who_takes_antiretrovirals_has_hiv() -> None:
    """NCT00375245."""
    rules = therapy_rules(f"{OUT}:\n\n* HIV-positive patients receiving combination antiretroviral therapy are excluded.\n")
    assert [(r.role, r.polarity) for r in rules if found_keys([r]) == {"antiretroviral"}] == [(CURRENT, EXCLUDES)]


def test_antivirals_told_of_with_hepatitis_are_those_against_it() -> None:
    """NCT03322267."""
    text = f"{OUT}:\n\n* Active hepatitis C\n\n  * Participants must have completed curative anti-viral therapy at least 4 weeks prior to randomization.\n"
    assert {k for r in therapy_rules(text) for k in found_keys([r])} == {"hcv-antiviral"}


def test_a_sentence_behind_brain_metastases_that_tell_no_terms_is_of_all() -> None:
    """NCT00375245."""
    rules = therapy_rules(f"{OUT}:\n\n* Uncontrolled brain metastases or malignancy. Cannot be receiving enzyme-inducing anticonvulsants.\n")
    assert {k for r in rules for k in found_keys([r])} == {"enzyme-inducing-anticonvulsant"}


def test_antibodies_against_cancer_are_no_others() -> None:
    """NCT02939651, NCT03321630: denosumab is an antibody, and none against cancer."""
    for sentence in ("Prior anti-cancer therapy with a monoclonal antibody (mAb) within 4 weeks", "A prior anti-cancer monoclonal antibody within 4 weeks"):
        (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
        assert {(m.key, m.also) for m in rule.mentions} == {("monoclonal-antibody", "systemic-anticancer-therapy")}


def test_what_is_not_permissible_is_forbidden() -> None:
    """NCT00375245."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Concurrent use of ketoconazole, tacrolimus, and rifampin with rapamycin is not permissible.\n")
    assert rule.polarity is EXCLUDES


@pytest.mark.parametrize(
    ("heading", "sentence"),
    [
        (OUT, "IOP ≥ 25 mmHg at randomization (following steroid challenge)"),  # NCT05844982
        (IN, "Patients must be initiating new systemic therapy, either on or off a clinical trial"),  # NCT02279004
    ],
)
def test_a_challenge_is_a_test_and_off_a_trial_is_no_stop(heading: str, sentence: str) -> None:
    assert not [r for r in therapy_rules(f"{heading}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]


def test_anticoagulants_dosed_by_inr_are_vitamin_k_antagonists() -> None:
    """NCT03321630."""
    text = f"{OUT}:\n\n* Use of anticoagulants, such as warfarin, requiring therapeutic international normalized ratio (INR) monitoring.\n"
    assert found_keys(therapy_rules(text)) == {"vitamin-k-antagonist", "warfarin"}


def test_what_is_allowed_may_follow_without_a_full_stop() -> None:
    """NCT03570619."""
    text = f"{OUT}:\n\n* Need for systemic corticosteroids (except physiologic dose) Topical and inhaled corticosteroids are allowed if needed.\n"
    rules = [r for r in therapy_rules(text) if r.polarity is EXCLUDES]
    assert {k for r in rules for k in found_keys([r])} == {"systemic-corticosteroid"}


def test_prior_treatment_told_below_is_not_any() -> None:
    """NCT02955069."""
    text = f"{OUT}:\n\n* Prior treatment for study indication with:\n* Antibodies or immunotherapy within 6 weeks before the first dose\n"
    assert all(rule.window is not None for rule in therapy_rules(text))


def test_two_cohorts_in_one_criterion_contradict_each_other() -> None:
    """NCT06943820."""
    denied = "No prior systemic therapy for metastatic NSCLC"
    asked = "must have received a platinum-based combination therapy for the treatment of metastatic disease"
    rule = next(r for r in therapy_rules(f"{IN}:\n\n* {denied};{asked}\n") if r.polarity is EXCLUDES)
    assert rule.doubts == ("the trial takes patients who were treated",)


def test_a_composed_name_ends_with_its_criterion() -> None:
    """NCT02625623."""
    text = f"{OUT}:\n\n* Prior therapy with any antibody or drug targeting T-cell coregulatory proteins\n* Concurrent anticancer treatment\n"
    assert "t-cell-pathway-therapy" in {k for r in therapy_rules(text) for k in found_keys([r])}
def test_a_regimen_that_a_disease_needs_is_read() -> None:
    """NCT00784485, in short: a combination is no drug of the tables, and lies in a class where all its drugs do."""
    assert therapy_rules(f"{OUT}:\n\n* Severe asthma requiring fluticasone/salmeterol\n") == []
def test_other_medical_therapy_beside_cancer_therapy_is_any() -> None:
    """NCT01961713."""
    rules = therapy_rules(f"{IN}:\n\n* Patients must not have received prior hormone therapy or other medical therapy for prostate cancer\n")
    assert {k for r in rules for k in found_keys([r])} == {"endocrine-therapy", "systemic-anticancer-therapy"}


def test_roles_with_an_enzyme_are_roles_at_it() -> None:
    """NCT02588170."""
    rules = therapy_rules(f"{OUT}:\n\n* Other strong inducers with CYP3A4 or strong inhibitors taken within two weeks\n")
    assert {(m.enzyme, m.role) for r in rules for m in r.mentions} == {("cyp3a4", "inducer"), ("cyp3a4", "inhibitor")}


def test_a_setting_under_an_exception_is_not_that_of_the_untreated() -> None:
    """NCT06961006."""
    rules = therapy_rules(f"{IN}:\n\n* Has been untreated for melanoma except if participant received prior adjuvant therapy\n")
    assert [r.settings for r in rules if r.polarity is EXCLUDES] == [()]


def test_no_treatment_since_is_none_at_all_and_has_no_time_of_another() -> None:
    """NCT02437318."""
    text = f"{IN}:\n\n* Relapsed within 12 months from completion of adjuvant endocrine therapy with no treatment for metastatic disease\n"
    (rule,) = [r for r in therapy_rules(text) if r.polarity is EXCLUDES]
    assert (rule.role, rule.window, rule.settings) == (Role.PRIOR_THERAPY, None, ("metastatic",))


@pytest.mark.parametrize(
    "sentence",
    [
        "Subjects will be excluded from the treatment with irinotecan or paclitaxel monotherapy if it would be inconsistent with its label",
        "Active GVHD or patients which necessitated the addition of another agent for the treatment of GVHD beyond corticosteroids",
    ],
)
def test_one_arm_is_shut_and_not_the_trial_and_more_than_steroids_is_needed(sentence: str) -> None:
    """NCT02625623, NCT01398501."""
    assert not therapy_rules(f"{OUT}:\n\n* {sentence}\n")


def test_a_time_for_local_therapy_is_of_no_other() -> None:
    """NCT02187302."""
    rules = therapy_rules(f"{OUT}:\n\n* Chemotherapy or radiotherapy within 2 weeks (local) or 4 weeks (systemic) prior to entering the study\n")
    assert {r.window.days for r in rules if r.window and "chemotherapy" in found_keys([r])} == {28}


def test_the_drug_that_will_be_chosen_may_be_another_of_its_class() -> None:
    """NCT02187302."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior treatment with the targeted agent intended for use as standard of care treatment\n")
    assert rule.doubts == ("the one that is chosen",)


def test_two_therapies_after_a_transplant_are_both_in_doubt() -> None:
    """NCT01286077."""
    rules = therapy_rules(f"{OUT}:\n\n* Received another antimyeloma or experimental therapy following autologous stem cell transplantation\n")
    assert [r.doubts for r in rules if "systemic-anticancer-therapy" in found_keys([r])] == [("after a transplant",)]


def test_an_exclusion_of_patients_with_no_treatment_is_of_those_who_had_none() -> None:
    """NCT02437318."""
    text = f"{OUT}:\n\n* Patient who relapsed after adjuvant endocrine therapy with no treatment for metastatic disease\n"
    rules = [r for r in therapy_rules(text) if "systemic-anticancer-therapy" in found_keys([r])]
    assert all(r.polarity is Polarity.REQUIRES for r in rules)


def test_treatment_related_to_the_tumour_is_any_against_it() -> None:
    """NCT05742867."""
    text = f"{IN}:\n\n* Must not have received any treatment related to the tumor\n"
    (rule,) = [r for r in therapy_rules(text) if r.polarity is EXCLUDES]
    assert found_keys([rule]) == {"systemic-anticancer-therapy"}


def test_half_lives_may_be_pharmacokinetic() -> None:
    """NCT02136134."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Has received anti-myeloma treatment within 2 weeks or 5 pharmacokinetic half-lives\n")
    assert rule.window is not None
    assert (rule.window.days, rule.window.half_lives) == (14, 5)


def test_any_prior_therapy_is_not_only_the_one_told_of_before() -> None:
    """NCT00122876."""
    text = f"{IN}:\n\n* Patients who were not candidates for cryoablation may be eligible, but at least 4 weeks must have elapsed since the completion of any prior therapy and the subject must have recovered from acute side effects\n"
    (rule,) = [r for r in therapy_rules(text) if r.window]
    assert (rule.polarity, found_keys([rule])) == (EXCLUDES, {"systemic-anticancer-therapy"})


@pytest.mark.parametrize(
    ("sentence", "freed"),
    [
        (
            "Prior to signing ICF, anti-cancer therapy for the treatment of PCNSL must be limited to HD-MTX based standard of care regimens",
            "methotrexate",
        ),
        ("The only prior systemic therapy permitted is imatinib", "imatinib"),
    ],
)
def test_prior_therapy_is_limited_to_some(sentence: str, freed: str) -> None:
    """NCT07015242."""
    (rule,) = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert (rule.role, {m.key for c in rule.carveouts for m in c.mentions}) == (PRIOR, {freed})


@pytest.mark.parametrize(
    "sentence",
    [
        "Prior systemic therapy must be limited to one regimen",
        "Treatment of disease limited to the liver with chemotherapy",
        "Patients whose only prior therapy is hydroxyurea are eligible",
    ],
)
def test_a_limit_of_something_else_limits_prior_therapy_to_none(sentence: str) -> None:
    assert not [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES and r.lines is None]


def test_what_is_permitted_until_it_must_be_discontinued() -> None:
    """NCT07015242."""
    text = f"{IN}:\n\n* Corticosteroids are permitted prior to ICF signature but must be discontinued at the time of ICF signature\n"
    assert any((r.polarity, r.role, found_keys([r])) == (EXCLUDES, CURRENT, {"corticosteroid"}) for r in therapy_rules(text))


def test_a_dose_that_steroids_are_limited_to() -> None:
    """NCT05474378."""
    (rule,) = therapy_rules(f"{IN}:\n\n* Use of steroids must be limited to 10 mg of prednisone daily\n")
    assert (rule.polarity, rule.min_dose_mg) == (EXCLUDES, 10.0)


def test_a_history_of_receiving_is_no_anchor() -> None:
    """NCT02923921."""
    rules = therapy_rules(f"{OUT}:\n\n* Prior history of receiving immune modulators including, but not limited to, anti-CTLA4\n")
    assert {r.role for r in rules} == {PRIOR}
    assert "immunomodulator" in found_keys(rules)


def test_all_that_one_would_change_to_is_not_forbidden() -> None:
    """NCT02923921."""
    text = f"{OUT}:\n\n* Participant on Coumadin and not willing to change to LMWH or oral Factor II or Xa inhibitor\n"
    assert found_keys(therapy_rules(text)) == {"warfarin"}


def test_cytotoxic_doses_are_of_what_is_dosed() -> None:
    """NCT02923921."""
    text = f"{IN}:\n\n* Participants having received cytotoxic doses of gemcitabine or any other chemotherapy in the adjuvant setting are not eligible\n"
    assert {r.settings for r in therapy_rules(text)} == {("adjuvant",)}


def test_the_time_behind_an_exception_is_of_all_that_was_to_stop() -> None:
    """NCT02675231."""
    text = f"{IN}:\n\n* discontinued all previous therapies for cancer, except trastuzumab, for at least 21 days for myelosuppressive agents or 14 days for nonmyelosuppressive agents prior to receiving study drug\n"
    rule = therapy_rules(text)[0]
    assert rule.window is not None
    assert rule.window.days == 14
    assert {(c.effect, m.key, c.window.days if c.window else None) for c in rule.carveouts for m in c.mentions} == {
        ("allows", "trastuzumab", None),
        ("window", "myelosuppressive-anticancer-therapy", 21),
    }


def test_enzymes_in_brackets_are_those_meant_by_cytochrome() -> None:
    """NCT05498428."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Receiving medications known to be potent Cytochrome (CYP3A4/5) inducers\n")
    assert {(m.enzyme, m.strengths) for m in rule.mentions} >= {("cyp3a4", ("strong",))}
    assert not any(m.enzyme == "cyp" for m in rule.mentions)


def test_examples_of_prohibited_medications_are_prohibited() -> None:
    """NCT07276373."""
    rules = therapy_rules(f"{OUT}:\n\n* Requirement for prohibited medications, including but not limited to systemic corticosteroids\n")
    assert [r.doubts for r in rules] == [()]


def test_a_high_dose_that_is_told_is_no_doubt() -> None:
    """NCT00338494."""
    rules = therapy_rules(f"{OUT}:\n\n* Chronic use of oral high-dose corticosteroids greater than 20 mg/day prednisone\n")
    assert {(r.min_dose_mg, r.doubts) for r in rules} == {(20.0, ())}


def test_an_exception_of_what_is_considered_essential_depends() -> None:
    """NCT02181660."""
    (rule,) = therapy_rules(
        f"{OUT}:\n\n* Strong CYP3A4 inhibitors with such exceptions of antifungals that are considered absolutely essential\n"
    )
    assert [c.effect for c in rule.carveouts] == ["depends"]


def test_what_premedication_holds_off_is_an_allergy() -> None:
    """NCT05776979."""
    text = f"{OUT}:\n\n* Hypersensitivity to any component of study therapy that is not amenable to premedication with steroids and H2 blockers\n"
    assert not therapy_rules(text)


def test_what_to_do_where_a_drug_is_essential_leaves_it_in_doubt() -> None:
    """NCT06930755."""
    text = f"{OUT}:\n\n* Medications known to prolong the QTc interval are prohibited. If concomitant use of anti-emetics is considered essential for the care of the patients, follow instruction in this protocol.\n"
    (rule,) = [r for r in therapy_rules(text) if r.polarity is EXCLUDES]
    assert [(c.effect, m.key) for c in rule.carveouts for m in c.mentions] == [("depends", "antiemetic")]
@pytest.mark.parametrize(
    "sentence",
    [
        "No previous or concurrent treatments for NSCLC.",  # NCT06284317
        "Must not have received treatment for lung cancer",
        "Has not received any treatment for their breast cancer",
    ],
)
def test_treatment_for_the_disease_is_any_against_it(sentence: str) -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert (found_keys([rule]), rule.polarity) == ({"systemic-anticancer-therapy"}, EXCLUDES)


@pytest.mark.parametrize(
    "sentence", ["4 weeks or greater since last treatment", "Three weeks or longer since the last therapy", "4 or more weeks since last treatment"]
)
def test_a_time_may_be_longer_than_the_amount(sentence: str) -> None:
    """NCT02608437."""
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert found_keys([rule]) == {"systemic-anticancer-therapy"}
    assert rule.window is not None and not rule.window.within


def test_an_amount_may_be_written_together_with_the_word_before_it() -> None:
    """NCT02963610."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Chemotherapy within14 days prior to entering the study\n")
    assert rule.window is not None and rule.window.days == 14


def test_a_bullet_that_leaves_times_to_those_below_excepts_none_of_them() -> None:
    """NCT02611908."""
    lead = "CLL therapy, with the exception of ibrutinib within the following timeframes:"
    below = "  * Chemotherapy within 30 days prior to the first dose\n  * Corticosteroids within 1 week"
    rules = therapy_rules(f"{OUT}:\n\n* {lead}\n\n{below}\n")
    assert {key: r.polarity for r in rules for key in found_keys([r])} == {"chemotherapy": EXCLUDES, "corticosteroid": EXCLUDES}


def test_a_bullet_opens_a_list_of_terms_without_a_colon() -> None:
    """NCT05911295."""
    lead = "Central nervous system (CNS) metastasis. Participants with treated CNS metastases are permitted if all of the following are met."
    below = "  * CNS metastases have been stable for at least 4 weeks.\n  * Participant is on a stable dose of ≤ 10 mg/day of prednisone."
    assert not [r for r in therapy_rules(f"{OUT}:\n\n* {lead}\n\n{below}\n") if r.polarity is EXCLUDES]


def test_conjugated_antibodies_are_not_all_antibodies() -> None:
    """NCT02611908."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Radio- or toxin-conjugated antibody therapy within 10 weeks prior to first dose\n")
    assert found_keys([rule]) == {"antibody-drug-conjugate"}
def test_those_who_meet_what_stands_below_are_not_to_be_enrolled() -> None:
    """NCT01045421."""
    text = f"""{OUT}:

* Patients meeting any of the following exclusion criteria are not to be enrolled in the study:

  * Receipt of more than 2 previous cytotoxic regimens. There is no limit on the number of prior noncytotoxic therapies
  * Prior treatment with high-dose chemotherapy
  * Patients requiring full systemic anticoagulation
"""
    rules = therapy_rules(text)
    assert found_keys([r for r in rules if r.polarity is EXCLUDES]) == {"chemotherapy", "high-dose-chemotherapy", "anticoagulant"}
    assert found_keys([r for r in rules if r.polarity is ALLOWS]) == {"targeted-therapy"}


@pytest.mark.parametrize(
    ("section", "lead", "modality"),
    [
        (OUT, "The following are permitted but should be used with caution and other agents used if possible:", Modality.CAUTION),
        (IN, "The following medications should be avoided if possible:", Modality.SHOULD_AVOID),
        (OUT, "Patients who cannot avoid the following drugs:", Modality.MUST_NOT),
        (OUT, "Use of the following medications requires approval by the sponsor:", Modality.APPROVAL),
    ],
)
def test_the_bullet_above_tells_how_strongly_those_below_it_exclude(section: str, lead: str, modality: Modality) -> None:
    """NCT00728793; the others are of its kind."""
    (rule,) = therapy_rules(f"{section}:\n\n* {lead}\n\n  * CYP3A4 inducers\n")
    assert (rule.polarity, rule.modality) == (EXCLUDES, modality)


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        (OUT, "Active infection or other medical condition that would make corticosteroid contraindicated"),
        (OUT, "QTc > 480 ms that persists despite discontinuation of concomitant medications that are known to prolong QTc interval"),
        (IN, "If chemotherapy-naive, patient must be Cisplatin-ineligible (based on Galsky et al 2011) or refuse platinum AC"),
        (IN, "No toxic manifestations of previous treatment, except for certain grade 1 toxicities that would exclude the patient"),
        (IN, "No previously untreated nasopharyngeal cancer (any stage)"),
        (IN, "Previously untreated stage IV disease OR regionally recurrent disease after prior surgery and/or chemotherapy"),
        (OUT, "Symptomatic subjects who accept treatment with approved systemic therapies, including docetaxel"),
        (OUT, "CNS metastases which are not well controlled. Eligible patients must be asymptomatic, cannot be receiving steroids"),
    ],
)
def test_what_cannot_be_given_or_was_undone_is_not_ruled_on(section: str, sentence: str) -> None:
    """NCT06609005, NCT05181033, NCT06682728, NCT01212887, NCT00629226, NCT02963051, NCT01306942."""
    assert not [r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]


def test_examples_behind_an_exception_are_not_of_what_is_excepted() -> None:
    """NCT05861271."""
    text = f"{OUT}:\n\n* Any form of systemic therapy or local therapy other than surgery, including chemotherapy or endocrine therapy\n"
    rules = [r for r in therapy_rules(text) if r.polarity is EXCLUDES]
    assert {"chemotherapy", "endocrine-therapy", "systemic-anticancer-therapy"} <= found_keys(rules)
    assert all("chemotherapy" not in {m.key for c in r.carveouts for m in c.mentions} for r in rules)


@pytest.mark.parametrize(
    ("section", "sentence", "key"),
    [
        (IN, "4 weeks must have elapsed since the patient has received any anti cancer treatment", "anticancer-therapy"),
        (OUT, "Patients that have had any treatment specific for tumor control within 3 weeks of study drug treatment", "systemic-anticancer-therapy"),
    ],
)
def test_any_treatment_of_the_tumour_has_its_time(section: str, sentence: str, key: str) -> None:
    """NCT02655952, NCT01200004."""
    (rule,) = therapy_rules(f"{section}:\n\n* {sentence}\n")
    assert rule.window is not None
    assert (rule.polarity, found_keys([rule]), rule.window.days is not None) == (EXCLUDES, {key}, True)


def test_one_generation_of_a_class_is_not_all_of_it() -> None:
    """NCT02468661."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior treatment with 3rd generation TKI\n")
    assert rule.doubts == ("kinds that it does not name",)


def test_a_high_dose_whose_amount_is_told_leaves_no_doubt() -> None:
    """NCT06682728."""
    text = f"{OUT}:\n\n* Treatment with systemic high-dose corticosteroids (e.g. prednisone dose of ≥ 10 mg) within 14 days\n"
    assert [r.doubts for r in therapy_rules(text)] == [()]


def test_a_drug_is_recommended_to_be_changed() -> None:
    """NCT00543842."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Patients on Coumadin are recommended to be changed to LMWH at least 1 week before\n")
    assert rule.modality is Modality.SHOULD_AVOID


def test_modifiers_of_an_enzyme_inhibit_or_induce_it_and_receptors_have_a_hyphen() -> None:
    """NCT01013506, NCT00728390."""
    text = f"{IN}:\n\n* No concurrent CYP3A4 or CYP1A2 modifiers\n\n{OUT}:\n\n* Prior IGF1-R targeted therapy\n"
    rules = therapy_rules(text)
    assert {m.role for m in rules[0].mentions} == {"inhibitor", "inducer"}
    assert found_keys(rules[1:]) == {"igf1r-inhibitor"}


def test_a_sentence_that_breaks_off_goes_on_behind_an_empty_line() -> None:
    """NCT01650727."""
    text = f"""{IN}:

          -  Must have received at least one prior therapy that includes either

        fludarabine or an alternative regimen

{OUT}:

          -  Active autoimmune anemia or idiopathic thrombocytopenic purpura unless

        stable, defined as being responsive to corticosteroids
"""
    read_text = eligibility(text)
    assert len(read_text.criteria) == 2
    assert {r.polarity for r in read_text.rules if r.role in (PRIOR, CURRENT)} == {REQUIRES}


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        (
            "History of allogeneic bone marrow, stem cell, or solid organ transplant",
            {"allogeneic-stem-cell-transplant", "solid-organ-transplant"},
        ),
        (
            "A history of autologous or allogeneic stem cell transplantation",
            {"autologous-stem-cell-transplant", "allogeneic-stem-cell-transplant"},
        ),
        ("Prior organ or bone marrow transplant", {"solid-organ-transplant", "stem-cell-transplant"}),
        ("Received prior treatment with allogenic bone marrow or stem cell transplant", {"allogeneic-stem-cell-transplant"}),
        (
            "Prior autologous/allogeneic stem cell or tissue/solid organ transplant",
            {"autologous-stem-cell-transplant", "allogeneic-stem-cell-transplant", "solid-organ-transplant"},
        ),
    ],
)
def test_transplants_share_their_noun(sentence: str, keys: set[str]) -> None:
    """NCT02381314, NCT06382129, NCT06346197, NCT04811560, NCT05293496."""
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == keys


@pytest.mark.parametrize(
    ("sentence", "days"),
    [
        ("Platelet count ≥ 100 x 10^9/L (unsupported, defined as no platelet transfusion within 7 days prior to study enrollment)", 7),
        ("PLT ≥ 75,000/ul (without transfusion support within 14 days of initiation of therapy)", 14),
        ("Absolute neutrophil count ≥ 1,500/mcL without granulocyte colony-stimulating factor support", None),
    ],
)
def test_transfusions_have_their_window_or_support_the_counts_of_now(sentence: str, days: int | None) -> None:
    """NCT04743661, NCT04150965, NCT06328036."""
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert rule.role is CURRENT
    assert (rule.window.days if rule.window else None) == days


@pytest.mark.parametrize(
    ("sentence", "most"),
    [
        ("Has not received more than 3 lines of therapy for their advanced melanoma", 3),
        ("Patients must not have had more than 5 prior systemic regimens for metastatic disease", 5),
        ("No more than 1 line of therapy in advanced or metastatic setting is permitted", 1),
    ],
)
def test_a_number_of_lines_that_is_denied_is_the_highest(sentence: str, most: int) -> None:
    """NCT04305041, NCT02381314, NCT07205718."""
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert rule.polarity is EXCLUDES
    assert rule.lines is not None
    assert (rule.lines.minimum, rule.lines.maximum) == (None, most)


def test_the_half_lives_of_drug_elimination_are_half_lives() -> None:
    """NCT04933227."""
    text = f"{OUT}:\n\n* Any investigational therapy within 4 weeks or 5 drug-elimination half-lives (whichever is longer) prior to day 1\n"
    (rule,) = therapy_rules(text)
    assert rule.window is not None
    assert (rule.window.days, rule.window.half_lives, rule.window.combine) == (28, 5, "longer")


@pytest.mark.parametrize(
    ("section", "sentence", "months"),
    [
        (
            OUT,
            "Any prior systemic therapy received for advanced NSCLC. Prior systemic therapy in the neoadjuvant or adjuvant setting is allowed,"
            " provided that recurrence or progression has occurred > 12 months after the end of treatment.",
            12,
        ),
        (
            IN,
            "Adjuvant chemotherapy is allowed providing that 6 months have elapsed between completion of adjuvant chemotherapy and recurrence",
            6,
        ),
        (
            IN,
            "Patients who received adjuvant or neoadjuvant therapy (chemotherapy and/or radiotherapy) are eligible if there has been no disease"
            " progression within 6 months of treatment completion",
            6,
        ),
    ],
)
def test_adjuvant_therapy_that_recurrence_followed_too_soon_keeps_out(section: str, sentence: str, months: int) -> None:
    """NCT06627647, NCT06346197, NCT06945705."""
    rules = [r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if "adjuvant" in r.settings or "neoadjuvant" in r.settings]
    assert rules
    assert {(r.polarity, r.window.months if r.window else None) for r in rules} == {(EXCLUDES, months)}


def test_what_is_permitted_in_time_is_excepted_from_what_was_excluded_before() -> None:
    """NCT05378763."""
    text = f"{OUT}:\n\n* Prior treatment with docetaxel. Docetaxel in the adjuvant setting is allowed if completed \u22656 months before enrolment\n"
    ever = next(r for r in therapy_rules(text) if r.window is None)
    (freed,) = ever.carveouts
    assert (freed.effect, freed.settings, freed.window and freed.window.months) == ("window", ("adjuvant",), 6)


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        (OUT, "Have used any CAR-T cell products or other genetically modified T cell therapies before"),  # NCT05143151
        (OUT, "Has received any of the comparators used in this study or any topoisomerase I inhibitor"),  # NCT06203210
        (IN, "EGFR TKI treatment-naive, eligible to receive chemotherapy"),  # NCT02856893
    ],
)
def test_what_was_had_before_is_prior_therapy_beside_words_of_use(section: str, sentence: str) -> None:
    rules = [r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert {r.role for r in rules} == {PRIOR}


def test_what_is_not_given_during_the_study_was_not_given_before() -> None:
    """NCT05086315."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Radiotherapy, even if palliative in intent, may not be given during the study.\n")
    assert (rule.polarity, rule.role, rule.binds_if) == (EXCLUDES, CURRENT, "")


def test_those_who_may_receive_a_therapy_are_not_permitted_it() -> None:
    """NCT06532539."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Subjects who may receive other systemic anti-tumor therapies during the study period.\n")
    assert (rule.polarity, rule.role) == (EXCLUDES, CURRENT)


def test_examples_of_what_was_stopped_for_toxicity() -> None:
    """NCT05280470."""
    text = (
        f"{OUT}:\n\n* Prior discontinuation of an antibody drug conjugate (ADC) that consists of an exatecan derivative"
        " (eg, trastuzumab deruxtecan) due to treatment-related toxicities.\n"
    )
    (rule,) = therapy_rules(text)
    assert (rule.role, rule.outcomes) == (PRIOR, ("intolerance",))
    assert "trastuzumab-deruxtecan" in found_keys([rule])


@pytest.mark.parametrize(
    "sentence",
    [
        "Any other disease or clinical laboratory finding that contraindicates the use of an investigational drug",  # NCT05394337
        "Medical conditions that will make the administration of Investigational Product(s) (IPs) hazardous",  # NCT05676931
    ],
)
def test_conditions_that_forbid_a_treatment_exclude_nobody_on_it(sentence: str) -> None:
    assert not therapy_rules(f"{OUT}:\n\n* {sentence}\n")


def test_surgery_for_diagnosis_is_no_diagnosis() -> None:
    """NCT03563716."""
    text = f"{OUT}:\n\n* Major surgical procedure other than for diagnosis within 4 weeks prior to randomization\n"
    (rule,) = therapy_rules(text)
    assert rule.window is not None
    assert rule.window.days == 28


def test_bowel_surgery_whose_extent_is_told_is_a_doubt() -> None:
    """NCT02856893: nobody knows how much was resected of who had some resected."""
    text = f"{OUT}:\n\n* Previous significant bowel resection that would preclude adequate absorption of Osimertinib\n"
    (rule,) = therapy_rules(text)
    assert found_keys([rule]) == {"gastrointestinal-surgery"}
    assert rule.doubts == ("how much was resected, or what that did to absorption",)


def test_vaccines_in_the_plural_are_these_vaccines() -> None:
    """NCT04323202."""
    text = (
        f"{OUT}:\n\n* Has received a live vaccine within 30 days. Seasonal influenza vaccines for injection are generally killed virus vaccines"
        " and are allowed; however, intranasal influenza vaccines (eg, FluMist) are live attenuated vaccines and are not allowed.\n"
    )
    rules = [r for r in therapy_rules(text) if r.polarity is EXCLUDES]
    assert found_keys(rules) == {"live-vaccine", "live-attenuated-influenza-vaccine"}
    assert {m.key for r in rules for c in r.carveouts for m in c.mentions} == {"influenza-vaccine", "inactivated-vaccine"}


def test_a_dose_behind_the_noun_of_a_therapy_is_that_ones() -> None:
    """NCT04743661."""
    text = f"{OUT}:\n\n* Patients must not be currently taking NSAIDS, dipyridamole, or aspirin therapy > 81 mg/day.\n"
    above = {m.key: r.min_dose_mg for r in therapy_rules(text) for m in r.mentions}
    assert above == {"nsaid": None, "dipyridamole": None, "aspirin": 81}


@pytest.mark.parametrize(
    "sentence",
    [
        "Evidence of abdominal free air not explained by paracentesis or recent surgical procedure",  # NCT05805501
        "A condition that would prevent the patient from being able to absorb flucytosine",  # NCT02576665
        "Please refer to Section 5.5 for information on COVID-19 vaccines",  # NCT05879653
    ],
)
def test_what_explains_or_is_absorbed_or_told_of_elsewhere_is_not_ruled_on(sentence: str) -> None:
    assert not therapy_rules(f"{OUT}:\n\n* {sentence}\n")


@pytest.mark.parametrize(
    "sentence",
    [
        "Prior treatment with any systemic anti-cancer therapy for metastatic NSCLC including chemotherapy or immunotherapy",  # NCT02856893
        "Any prior therapy for metastatic NSCLC, including immunotherapy, chemotherapy, or radiotherapy",  # NCT05394337
        "Any prior systemic treatment for metastatic NSCLC, including but not limited to chemotherapy, anti-PD-1, anti-CTLA-4.",  # NCT04995523
    ],
)
def test_examples_are_limited_to_what_their_therapy_was_for(sentence: str) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert {(r.conditions, r.settings) for r in rules} == {(("non-small-cell-lung-cancer",), ("metastatic",))}
    assert "chemotherapy" in found_keys(rules)


def test_kinds_of_therapy_that_others_may_join_are_any_therapy() -> None:
    """NCT05918328."""
    text = f"{OUT}:\n\n* Has received chemotherapy, endocrine therapy, targeted therapy, reflex therapy, etc. for this disease.\n"
    assert "systemic-anticancer-therapy" in found_keys(therapy_rules(text))


def test_a_line_above_all_criteria_limits_none() -> None:
    """NCT01085331."""
    above = "For Safety Run-in and Part 2 or Phase 2 Randomised Part"
    text = f"{IN}:\n\n{above}\n\n  - Age over 18 years\n\n{OUT}:\n\n{above}\n\n  - Has received chemotherapy within the past 4 weeks\n"
    (rule,) = therapy_rules(text)
    assert rule.scope.texts == ()


def test_what_is_told_with_or_without_another_therapy_is_not_permitted_by_that() -> None:
    """NCT01085331."""
    text = f"{IN}:\n\n* Progressed during or after a first-line treatment with oxaliplatin based chemotherapy with or without bevacizumab\n"
    rules = therapy_rules(text)
    assert found_keys([r for r in rules if r.polarity is REQUIRES]) == {"oxaliplatin"}
    assert found_keys([r for r in rules if r.polarity is ALLOWS]) == {"bevacizumab"}
    assert found_keys([r for r in rules if r.polarity is EXCLUDES]) == {"systemic-anticancer-therapy"}


def test_newly_diagnosed_patients_may_have_had_their_induction() -> None:
    """NCT02655458."""
    text = f"""{IN}:

* Subjects who are receiving or have completed induction chemotherapy, who have achieved at least a PR

* Documented evidence of newly diagnosed, symptomatic multiple myeloma
"""
    assert not [r for r in therapy_rules(text) if r.polarity is EXCLUDES]


def test_compounds_are_drugs() -> None:
    """NCT01235897."""
    text = f"{OUT}:\n\n* Received any marketed or experimental compound in the last 4 weeks with known effects of QT prolongation\n"
    assert "qt-prolonging-drug" in found_keys(therapy_rules(text))


@pytest.mark.parametrize(
    "sentence",
    [
        "For Part 1, progression on trastuzumab For Part 2, previously untreated for metastatic adenocarcinoma of the stomach",
        "For Part 1, any number of prior therapies is allowed. For Part 2, no prior systemic therapy",
    ],
)
def test_parts_told_in_one_bullet_have_their_own_rules(sentence: str) -> None:
    """NCT04379596."""
    rules = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert {t.lower() for r in rules for t in r.scope.texts or ("all",)} == {"part 2"}


def test_a_first_line_in_a_list_that_takes_the_treated_keeps_nobody_out() -> None:
    """NCT00923507."""
    text = f"{IN}:\n\n* Diagnosis of CLL/SLL\n\n  * on treatment or previously treated\n  * requiring or nearing first-line treatment\n"
    assert not [r for r in therapy_rules(text) if r.polarity is EXCLUDES]


@pytest.mark.parametrize(
    ("sentence", "doubted"),
    [
        ("Have received chemotherapy less than two weeks prior to first dose and have not recovered from all acute toxicities", True),  # NCT00658671
        ("Chemotherapy within 4 weeks prior to entering the study, and with unresolved toxicities", True),
        ("Chemotherapy within 4 weeks prior to entering the study or those who have not recovered from adverse events", False),
        ("Chemotherapy within 4 weeks, or radiotherapy within 2 weeks and have not recovered from its effects", False),
    ],
)
def test_recovery_beside_a_time_decides_too(sentence: str, doubted: bool) -> None:
    rules = [r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if "chemotherapy" in found_keys([r])]
    assert [r.doubts for r in rules] == [("only those who have not recovered",) if doubted else ()]


def test_chemotherapy_of_late_harm_is_some_kinds_of_it() -> None:
    """NCT02959619."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Chemotherapy regimens with delayed toxicity within the last 4 weeks\n")
    assert rule.doubts == ("kinds that it does not name",)


def test_patients_on_a_drug_are_all_of_them_behind_terms_of_brain_metastases() -> None:
    """NCT02963610."""
    terms = "Untreated brain metastases. Patients with treated brain metastases will be allowed if stable."
    own = "Patients on steroids doses higher than 10 mg of prednisone (or its equivalent) are excluded."
    assert {r.min_dose_mg for r in therapy_rules(f"{OUT}:\n\n* {terms} {own}\n")} == {10.0}
    assert not therapy_rules(f"{OUT}:\n\n* {terms} Such patients on steroids are excluded.\n")


def test_what_patients_do_not_have_says_nothing_of_the_terms_that_follow() -> None:
    """NCT01158885."""
    sentence = "Patients with prostate cancer with no evidence of progressive disease are eligible if hormonal therapy has been initiated"
    assert not [r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]


def test_a_treatment_drug_is_any_against_the_cancer() -> None:
    """NCT02610075."""
    sentence = "Use of a treatment drug 21 days or 5 half-lives (whichever is shorter) prior to AZD1775"
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n", ("AZD1775",))
    assert found_keys([rule]) == {"systemic-anticancer-therapy"}
    assert rule.window is not None and rule.window.days == 21


@pytest.mark.parametrize("sentence", ["Any prior therapy within 21 days prior to lapatinib", "Prior treatment before the first dose of lapatinib"])
def test_the_study_drug_behind_prior_therapy_only_tells_when(sentence: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n", ("lapatinib",))
    assert found_keys([rule]) == {"systemic-anticancer-therapy"}


def test_exceptions_listed_below_do_not_inherit_the_time_before_them() -> None:
    """NCT01158885."""
    lead = "Another malignancy, unless the patient has been disease-free for at least 3 years after therapy, with the following exceptions:"
    rules = therapy_rules(f"{OUT}:\n\n* {lead}\n\n  * Prostate cancer is eligible if hormonal therapy has been initiated\n")
    assert not [r for r in rules if r.polarity is EXCLUDES]


@pytest.mark.parametrize(
    ("sentence", "polarity"),
    [
        ("Prior MEK inhibitor use is an exclusion", EXCLUDES),
        ("Prior MEK inhibitor use precludes enrollment", EXCLUDES),
        ("Prior MEK inhibitor use disqualifies", EXCLUDES),
        ("Patients previously treated with a MEK inhibitor cannot enroll", EXCLUDES),
        ("Prior MEK inhibitor use does not preclude enrollment", ALLOWS),
        ("Prior MEK inhibitor use is not a reason for exclusion", ALLOWS),
    ],
)
def test_words_that_keep_out_among_the_inclusions(sentence: str, polarity: Polarity) -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert rule.polarity is polarity


def test_drugs_may_have_an_effect_on_the_interval() -> None:
    rules = therapy_rules(f"{OUT}:\n\n* Concomitant use of drugs with QT liability\n")
    assert found_keys(rules) == {"qt-prolonging-drug"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Patients must not have been treated for metastatic breast cancer",
        "Patients must not have been previously treated",
        "Prior treatment completed at least 4 weeks earlier",
        "At least 4 weeks have passed since any therapy",
    ],
)
def test_any_therapy_of_the_cancer_without_a_name(sentence: str) -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert (found_keys([rule]), rule.polarity) == ({"systemic-anticancer-therapy"}, EXCLUDES)


@pytest.mark.parametrize(
    ("sentence", "excluded"),
    [
        ("Have not discontinued warfarin at least 7 days before the start", {"warfarin"}),
        ("Have not completed chemotherapy at least 4 weeks before study start", {"chemotherapy"}),
        ("Has not been off chemotherapy for at least 4 weeks", {"chemotherapy"}),
        ("Have not completed at least 2 cycles of chemotherapy", set()),
        ("Have not received chemotherapy", set()),
    ],
)
def test_who_has_not_stopped_a_therapy_is_kept_out_and_not_who_has_had_none(sentence: str, excluded: set[str]) -> None:
    assert found_keys([r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]) == excluded


@pytest.mark.parametrize(
    ("lead", "rows", "days"),
    [
        ("Minimum distance to the following asthma medications:", ("Short-acting beta 2-agonists: 8 hours", "steroids: 4 weeks"), [1, 28]),
        ("No following treatment of", ("systemic corticosteroid 4 weeks", "oral antihistamine 1 week"), [28, 7]),
        (
            "Fulfillment of washout criteria by not using any of the medications listed below for the specified times prior to Day 0:",
            ("Parenteral corticosteroids for 4 weeks;", "Cetirizine (Zyrtec) for 6 days;"),
            [28, 6],
        ),
    ],
)
def test_rows_of_a_therapy_and_a_time_stand_below_the_bullet_before_them(lead: str, rows: tuple[str, ...], days: list[int]) -> None:
    """NCT01449435, NCT02271620, NCT00001909."""
    rules = therapy_rules(f"{IN}:\n\n" + "".join(f"* {line}\n" for line in (lead, *rows, "Age over 6 years")))
    assert [(r.polarity, r.window and r.window.days) for r in rules] == [(EXCLUDES, d) for d in days]


@pytest.mark.parametrize(
    ("section", "sentence", "window"),
    [
        (OUT, "Intake of glucocorticoids for more than three weeks in the preceding six months", (None, 6)),
        (OUT, "Allergen specific immunotherapy treatment for a period longer than 3 months within the last 5 years.", (None, 60)),
        (OUT, "Have received antibiotics lasting over 1 week within 28 days prior to first dose", (28, None)),
        (OUT, "Current or recent (within previous 6 months) use of omalizumab or dupilumab.", (None, 6)),
        (OUT, "Patients currently or recently (in the preceding 4 weeks) treated with systemic immunosuppressive agents", (28, None)),
        (OUT, "Any immunosuppressive drug use within 3 months prior to screening (azathioprine, rituximab)", (None, 3)),
        (OUT, "Received any of the following treatments within 4 weeks before baseline: Treatment with ciclosporin, azathioprine", (28, None)),
        (OUT, "Antibiotic use, systemic/oral/intramuscular, for any cause/diagnosis within 2 weeks of baseline", (14, None)),
        (OUT, "Patients who have received Gram-negative bacteria antimicrobials within 14 days of randomization.", (14, None)),
        (OUT, "Recipient of blood transfusion in 3 months prior to blood drawing.", (None, 3)),
        (OUT, "Received any biological agent within 16 weeks prior to administration (or 5 half-lives, selecting the longer time)", (112, None)),
        (OUT, "Biologic treatments within the past five half-lives (if known) or within the past 12 weeks, whichever is longer.", (84, None)),
        (OUT, "Steroids (IV) of more than two days for an indication other than asthma within 30 days of screening.", (30, None)),
    ],
)
def test_windows_beside_other_times(section: str, sentence: str, window: tuple[int | None, int | None]) -> None:
    """
    NCT01621321, NCT00932607, NCT05417321, NCT03835767, NCT01803763, NCT02194530, NCT05641558, NCT06437171, NCT04191148, NCT04774484,
    NCT06294288, NCT06492902, NCT06934200.
    """
    rules = [r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert rules
    assert all(r.window is not None and (r.window.days, r.window.months) == window for r in rules)


def test_a_use_after_or_needs_no_time_of_the_ill_before_it() -> None:
    """NCT06852573."""
    text = f"{OUT}:\n\n* History of bleeding within 30 days prior to screening or need for long-term treatment with anticoagulants\n"
    assert [(found_keys([r]), r.window) for r in therapy_rules(text)] == [({"anticoagulant"}, None)]


def test_one_course_is_not_counted_as_the_courses_before_it() -> None:
    """NCT07170540."""
    text = f"{OUT}:\n\n* 2 or more systemic corticosteroid courses within 6 months or one course of systemic corticosteroids within 3 months\n"
    assert [r.lines and r.lines.maximum for r in therapy_rules(text)] == [1, None]


@pytest.mark.parametrize(
    ("sentence", "window"),
    [
        ("Current use of Xolair", None),
        ("Use of omalizumab during the 4 months prior to the screening visit.", 4),
        ("Previous treatment with omalizumab within one year prior to signing the informed consent.", 12),
        ("Regular use of probiotics, prebiotics, or omalizumab within 6 months prior to screening.", 6),
    ],
)
def test_users_of_the_trials_own_drug_are_excluded(sentence: str, window: int | None) -> None:
    """NCT00162773, NCT01912872, NCT04944602, NCT07115342."""
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n", ("omalizumab",))
    assert [(r.polarity, r.window and r.window.months) for r in rules if "omalizumab" in found_keys([r])] == [(EXCLUDES, window)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Have received immuno-suppressive treatment.",
        "Immunosuppressants taken at any time in the past",
        "Patients who have ever been treated with immunosuppressants",
    ],
)
def test_what_was_ever_received_is_prior_therapy(sentence: str) -> None:
    """NCT00258778, NCT02676765."""
    assert [r.role for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")] == [PRIOR]


@pytest.mark.parametrize(
    "sentence",
    [
        "Are willing to forego other forms of experimental treatment during the study.",
        "Have been instructed and agreed to not take any probiotic containing products",
        "Parents do not plan to give probiotics to the subject during the trial",
        "Not having received immunotherapy in the previous 5 years.",
    ],
)
def test_what_is_given_up_for_the_trial_is_not_asked_for(sentence: str) -> None:
    """NCT03669861, NCT01653652, NCT05003804, NCT06782217."""
    assert [r.polarity for r in therapy_rules(f"{IN}:\n\n* {sentence}\n")] == [EXCLUDES]
@pytest.mark.parametrize("lead", ["Treatment within 4 weeks with:", "In the last 4 weeks:"])
def test_a_time_alone_introduces_what_stands_below(lead: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {lead}\n\n  * chemotherapy\n")
    assert rule.window is not None and rule.window.days == 28


@pytest.mark.parametrize(
    ("sentence", "timed"),
    [
        ("Within 28 days before enrolment: chemotherapy; tyrosine kinase inhibitors", True),
        ("Within 28 days before enrolment: serious infection; tyrosine kinase inhibitors", True),
        ("Within 28 days before enrolment: chemotherapy; prior tyrosine kinase inhibitors at any time", False),
    ],
)
def test_a_time_before_a_colon_is_that_of_all_behind_semicolons(sentence: str, timed: bool) -> None:
    rules = [r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if "tyrosine-kinase-inhibitor" in found_keys([r])]
    assert [r.window is not None for r in rules] == [timed]


@pytest.mark.parametrize("sentence", ["Prior chemotherapy: none", "Prior chemotherapy - none", "Previous treatment: none with chemotherapy"])
def test_none_behind_a_label_denies_it(sentence: str) -> None:
    (rule,) = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if "chemotherapy" in found_keys([r])]
    assert rule.polarity is EXCLUDES


def test_an_amount_or_more_before_entry_is_a_wash_out() -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* Last chemotherapy dose 28 days or more before enrollment\n")
    assert (rule.polarity, rule.window is not None and not rule.window.within) == (EXCLUDES, True)


@pytest.mark.parametrize(
    "sentence",
    [
        "Current or recent (within 28 days prior to initiation of study treatment) use of systemic chemotherapy",
        "Prior (within 28 days) chemotherapy",
    ],
)
def test_brackets_behind_recent_tell_the_time_of_what_comes(sentence: str) -> None:
    """NCT06784947."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rule.role is PRIOR
    assert rule.window is not None
    assert (rule.window.days, rule.window.within) == (28, True)


def test_a_time_right_before_a_therapy_is_its_own() -> None:
    sentence = "Prior therapy is allowed with the following washouts: ≥3 weeks chemotherapy, ≥2 weeks TKI"
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert {(key, r.window.days) for r in rules if r.window for key in found_keys([r])} >= {
        ("chemotherapy", 21),
        ("tyrosine-kinase-inhibitor", 14),
    }


def test_a_last_therapy_longer_ago_than_a_time() -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* Last dose of chemotherapy > 4 weeks\n")
    assert rule.window is not None
    assert (rule.polarity, rule.window.days, rule.window.within) == (EXCLUDES, 28, False)


@pytest.mark.parametrize(
    "lead",
    [
        "Subjects must meet all of the following to be eligible:",
        "Patients with all of the following are eligible for the study:",
        "Eligible patients have:",
    ],
)
def test_what_is_asked_of_all_who_are_eligible_is_not_permitted(lead: str) -> None:
    """Leads of the kind of "patients are eligible if they meet all of the following:"."""
    rules = therapy_rules(f"{IN}:\n\n* {lead}\n\n  * No prior doxorubicin\n  * Not taking warfarin\n")
    assert found_keys([r for r in rules if r.polarity is EXCLUDES]) == {"doxorubicin", "warfarin"}


def test_eligible_patients_who_must_not_have_what_follows_are_kept_out_by_it() -> None:
    """A heading of the kind of "Patients must not have any of the following:"."""
    rules = therapy_rules("Eligible patients must not have any of the following:\n\n1. Prior doxorubicin\n2. Warfarin\n")
    assert {r.polarity for r in rules} == {EXCLUDES}


def test_a_list_that_is_not_exhaustive_is_not_turned_round() -> None:
    """A lead whose negation is of the list."""
    rules = therapy_rules(f"{OUT}:\n\n* The following is not an exhaustive list of exclusions:\n\n  * Prior doxorubicin\n  * Warfarin\n")
    assert {r.polarity for r in rules} == {EXCLUDES}


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("No concurrent medications that alter QTc interval", "qt-prolonging-drug"),
        ("No drugs with an effect on the QT interval", "qt-prolonging-drug"),
        ("Must avoid agents that increase gastric-pH", "gastric-acid-reducer"),
    ],
)
def test_drugs_are_told_by_what_they_act_on_whatever_the_verb(words: str, key: str) -> None:
    """NCT00390117, NCT00324220."""
    assert key in found_keys([r for r in therapy_rules(f"{IN}:\n\n* {words}\n") if r.polarity is EXCLUDES])


def test_the_end_of_the_last_therapy_has_a_time() -> None:
    """A sentence of the kind of "the interval since the last therapy is at least 4 weeks"."""
    (rule,) = therapy_rules(f"{IN}:\n\n* The end of the last systemic therapy ≥ 4 weeks\n")
    assert rule.window is not None
    assert (rule.polarity, rule.window.days, rule.window.within) == (EXCLUDES, 28, False)


def test_newly_diagnosed_or_recurrent_disease_may_have_been_treated() -> None:
    """A sentence of the kind of "previously untreated or relapsed disease"."""
    assert not [r for r in therapy_rules(f"{IN}:\n\n* Newly diagnosed or recurrent glioblastoma\n") if r.polarity is EXCLUDES]
    assert [r for r in therapy_rules(f"{IN}:\n\n* Untreated recurrent or metastatic melanoma\n") if r.polarity is EXCLUDES]


def test_immuno_shares_the_noun_behind_it() -> None:
    """A list of the kind of "chemo- or immunotherapy"."""
    assert {"immunotherapy", "chemotherapy"} <= found_keys(therapy_rules(f"{OUT}:\n\n* Immuno- or chemotherapy within 4 weeks\n"))


@pytest.mark.parametrize(
    "sentence",
    [
        "Heart failure after anthracyclines",
        "Myelodysplastic syndrome following prior chemotherapy",
        "Refusal of chemotherapy",
    ],
)
def test_a_disease_after_a_therapy_and_its_refusal_are_not_the_therapy(sentence: str) -> None:
    text = f"{OUT}:\n\n* {sentence}\n"
    trial = Trial("NCT00000000", "", RecordSource("test", "v2-json", ""), eligibility_text=text, conditions=("Melanoma",))
    rules = read(trial, Names.of(Knowledge.load())).rules
    assert not [r for r in rules if r.role in (Role.PRIOR_THERAPY, Role.CONCOMITANT)]


@pytest.mark.parametrize(
    "sentence", ["Has received or is expected to receive chemotherapy", "Have received, or are planned to receive, chemotherapy"]
)
def test_what_was_received_or_will_be_was_received(sentence: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rule.role is Role.PRIOR_THERAPY
def test_enzyme_inducers_are_those_of_any_enzyme() -> None:
    """NCT01045421."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Treatment with clinically significant enzyme inducers within 14 days prior to the first dose\n")
    assert [(m.enzyme, m.role) for m in rule.mentions] == [("cyp", "inducer")]
    assert not therapy_rules(f"{OUT}:\n\n* Use of non-enzyme-inducing drugs\n")


def test_antibodies_told_by_their_origin_are_not_all_antibodies() -> None:
    """NCT02465983."""
    rules = therapy_rules(f"{OUT}:\n\n* Previous experimental therapy with SS1 moiety, murine or chimeric antibodies\n")
    assert [r.doubts for r in rules if "monoclonal-antibody" in found_keys([r])] == [("kinds that it does not name",)]


def test_what_is_excepted_of_reasons_ends_before_the_next_therapy() -> None:
    """NCT00079937."""
    text = f"{OUT}:\n\n* Patients who received systemic corticosteroids for reasons other than asthma, methotrexate, gold salts or cyclosporin\n"
    assert {"methotrexate", "gold-compound", "ciclosporin"} <= found_keys([r for r in therapy_rules(text) if r.polarity is EXCLUDES])


def test_an_exception_with_a_condition_leaves_the_time_to_the_whole() -> None:
    """NCT03280537."""
    text = f"{OUT}:\n\n* Treatment with systemic corticosteroids, except when used for nasal polyposis, within 2 months prior to screening\n"
    assert [r.window and r.window.months for r in therapy_rules(text)] == [2]


@pytest.mark.parametrize(
    ("section", "sentence", "key"),
    [
        (OUT, "Patients with allergy symptoms can be included if patients can manage without antihistamines", "antihistamine"),
        (OUT, "Conditions rendering the treatment of anaphylactic reactions difficult (treatment with β-blockers)", "beta-blocker"),
        (OUT, "Medications that may reduce the effectiveness of rescue treatments for anaphylaxis (e.g. beta-blockers)", "beta-blocker"),
        (OUT, "Taking systemic interferon (local interferon α for the treatment of HPV is allowed) or treated with systemic chemotherapy", "chemotherapy"),
        (IN, "Exclusion Criteria:The presence of severe asthma, previously received allergen immunotherapy and other contraindications of it", "allergen-immunotherapy"),
        (IN, "HIV-1 infected antiretroviral therapy (ART)-naive men or women aged 18 years or greater", "antiretroviral"),
        (IN, "No chemotherapy is allowed within 4 weeks before enrollment", "chemotherapy"),
        (OUT, "Patients who did not respond favorably to previous dupilumab treatment", "dupilumab"),
        (OUT, "Patients who have been systematically treated with hormones or immunosuppressants within two weeks", "corticosteroid"),
        (OUT, "Hormone therapy at a dose of 20 mg prednisone within 2 weeks", "systemic-corticosteroid"),
        (OUT, "Administration of immunoglobulins and/or any blood products within the three months", "immunoglobulin-product"),
        (OUT, "Nasal vasoconstrictors within 1 week", "decongestant"),
    ],
)
def test_therapies_that_other_words_hid_are_excluded(section: str, sentence: str, key: str) -> None:
    """
    NCT02017626, NCT02423707, NCT03682965, NCT03599908, NCT01795846, NCT05896748, NCT01238263, NCT04783389, NCT05529836, NCT06480136,
    NCT03999970, NCT01485523.
    """
    assert key in found_keys([r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if r.polarity is EXCLUDES])


@pytest.mark.parametrize(
    "sentence",
    [
        "Serum immunoglobulin G below 400 mg/dL",
        "Abnormal serum immunoglobulins",
        "Known allergy to carboplatin",
        "Allergy to any drug, including itraconazole",
    ],
)
def test_antibodies_of_the_blood_and_allergies_are_not_ruled_on(sentence: str) -> None:
    assert not therapy_rules(f"{OUT}:\n\n* {sentence}\n")


def test_rows_behind_a_label_in_one_line_have_their_times() -> None:
    """NCT00784485."""
    text = f"{OUT}:\n\n* The use of the following medications will exclude subjects: Oral steroids- 6 months; Theophylline- 2 weeks\n"
    assert [r.window and (r.window.days, r.window.months) for r in therapy_rules(text)] == [(None, 6), (14, None)]


def test_what_came_of_a_drug_is_not_that_of_its_use_before() -> None:
    """NCT04684524."""
    text = f"{OUT}:\n\n* Treatment with dupilumab within 12 months, or discontinued dupilumab use due to adverse event.\n"
    assert [r.outcomes for r in therapy_rules(text)] == [(), ("intolerance",)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Patients already treated with omalizumab",
        "Patients who had been treated with omalizumab",
        "Receiving or received omalizumab",
        "Treatment with omalizumab at any time.",
    ],
)
def test_what_was_had_whenever_is_prior_therapy(sentence: str) -> None:
    """NCT00454051, NCT06035328, NCT02676765, NCT05850520."""
    assert [r.role for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")] == [PRIOR]


def test_times_of_kinds_without_a_name() -> None:
    """NCT00949078."""
    text = f"{OUT}:\n\n* Use of antihistamines (within 3 days for short acting and 5 days for long acting) prior to the screening\n"
    assert [r.window and r.window.days for r in therapy_rules(text)] == [5]


def test_a_length_of_use_behind_an_exception_is_not_its_time() -> None:
    """NCT03907397."""
    text = f"{OUT}:\n\n* Use of systemic steroids for indications other than asthma for > 3 weeks within the past 6 months\n"
    assert [r.window and r.window.months for r in therapy_rules(text)] == [6]


@pytest.mark.parametrize(
    "sentence",
    [
        "Regular ongoing use of NSAIDs for a chronic condition (NSAIDs may act as a co-factor for asthma)",
        "NSAIDs for more than 15 days, hepatitis",
        "Patients on dupilumab for conditions other than eczema (eg, asthma, rhinosinusitis)",
    ],
)
def test_remarks_and_examples_are_not_what_a_drug_is_for(sentence: str) -> None:
    """NCT03648320, NCT04810572, NCT06369467."""
    assert [r.conditions for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")] == [()]


def test_a_list_that_is_not_only_limited_to_a_drug_is_open() -> None:
    """NCT04413942."""
    assert not therapy_rules(f"{OUT}:\n\n* Any cell-depleting agents, not only limited to rituximab\n")[0].closed_list


def test_use_or_abuse_of_a_drug_is_use_of_it() -> None:
    """NCT05093478."""
    assert found_keys(therapy_rules(f"{OUT}:\n\n* Use or abuse of nasal decongestants.\n")) == {"decongestant"}
    assert not therapy_rules(f"{OUT}:\n\n* Abuse of opioids.\n")


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        (IN, "During prior lymphoma therapy, patients must not have experienced documented infections"),  # NCT06854159
        (IN, "INR ≤ 1.5. This applies only to patients who do not receive therapeutic anticoagulation"),  # NCT06854159
        (IN, "Patients with no prior systemic therapy are eligible provided they are not candidates for interleukin-2"),  # NCT00301067
        (IN, "Previously untreated patients are eligible provided they are ineligible for cisplatin"),
        (IN, "Patients who have not received prior chemotherapy are eligible if they are not suitable for it"),
        (OUT, "Primary refractory multiple myeloma (failed to generate at least a minimal response to any prior therapy)"),  # NCT07391657
        (OUT, "POEMS syndrome (polyneuropathy, organomegaly, endocrinopathy, monoclonal protein, and skin changes)"),  # NCT05730036
        (OUT, "Participants have had prior treatment with protocol-prohibited anticancer therapies"),  # NCT06130553
        (OUT, "Persistent toxicities (Grade ≥ 2; per NCI CTCAE version 5 from previous anticancer therapy"),  # NCT03592472
    ],
)
def test_a_therapy_that_only_tells_of_something_else_keeps_nobody_out(section: str, sentence: str) -> None:
    """An event under it, another way in, a disease that did not respond, a protein, a list that is not given."""
    assert not [r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]


@pytest.mark.parametrize(
    "sentence",
    [
        "Prior exposure to any approved or investigational treatments directed against a clonal plasma cell disorder",  # NCT07393282
        "Prior treatments directed against multiple myeloma",
        "Any prior therapy for Monoclonal Gammopathy of Renal Significance (MGRS), or MM",  # NCT07428369
    ],
)
def test_therapy_against_the_disease_that_is_told_is_any(sentence: str) -> None:
    """Of the cancer that the trial takes, whoever approved it."""
    assert "systemic-anticancer-therapy" in found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n"))


def test_a_class_with_some_of_it_below_is_ruled_on_itself() -> None:
    """NCT00316953."""
    text = f"{IN}:\n\n* No concurrent antithrombotic or antiplatelet agents, including any of the following:\n\n  * Ibuprofen\n"
    assert {"antithrombotic", "antiplatelet", "ibuprofen"} <= found_keys(therapy_rules(text))


def test_investigational_drugs_biologics_or_devices_are_all_investigational() -> None:
    """NCT07036133."""
    listed = therapy_rules(f"{OUT}:\n\n* Any investigational drugs, biologics, or devices within 30 days prior to study treatment\n")
    assert "biologic-therapy" not in found_keys(listed)


def test_drugs_are_told_by_the_targets_that_they_inhibit() -> None:
    """NCT00730821, NCT03592472."""
    assert found_keys(therapy_rules(f"{OUT}:\n\n* Treatment with an EGFR- or HER2 inhibiting drug within 4 weeks\n"))
    text = f"{IN}:\n\n* No prior vascular endothelial growth factor (VEGF) tyrosine kinase inhibitor\n"
    assert found_keys(therapy_rules(text)) == {"vegfr-tyrosine-kinase-inhibitor"}


def test_an_equivalent_may_be_told_by_its_effect() -> None:
    """NCT06854159."""
    text = f"{OUT}:\n\n* Corticosteroids with more than 10 mg per day of prednisone or anti-inflammatory equivalent\n"
    assert "systemic-corticosteroid" in found_keys(therapy_rules(text))


@pytest.mark.parametrize("words", ["radiotherapy, chemotherapy, or immunotherapy", "chemotherapy"])
def test_more_than_a_time_since_prior_and_no_concurrent_therapy_times_all_of_it(words: str) -> None:
    """NCT00301067."""
    (rule,) = therapy_rules(f"{IN}:\n\n* More than 4 weeks since prior and no concurrent {words}\n")
    assert rule.window is not None
    assert (rule.polarity, rule.window.days, rule.window.within) == (EXCLUDES, 28, False)


@pytest.mark.parametrize(
    "sentence",
    [
        "For subjects who received chemotherapy, at least 21 days must have elapsed since the last dose",
        "For patients who received chemotherapy, a washout period of at least 21 days is required before the first dose of study drug",
    ],
)
def test_a_therapy_that_tells_of_whom_a_time_is_asked_has_that_time(sentence: str) -> None:
    """Sentences of the kind of NCT03556228."""
    (rule,) = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert rule.window is not None
    assert (found_keys([rule]), rule.window.days, rule.window.within) == ({"chemotherapy"}, 21, False)


def test_alterations_that_have_a_therapy_are_no_therapy() -> None:
    """NCT06130553."""
    sentence = "Tumor has no known actionable alterations for which locally approved/available targeted therapies exist"
    assert not therapy_rules(f"{IN}:\n\n* {sentence}\n")


def test_what_a_drug_is_said_to_be_is_not_ruled_on_beside_it() -> None:
    """NCT00314782."""
    sentence = "Dexamethasone is a known inducer of CYP2D6 and CYP3A4 but is not considered exclusionary"
    assert not [r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if any(m.kind == "pk" for m in r.mentions)]


def test_a_definition_speaks_of_what_it_defines() -> None:
    """NCT00431054."""
    sentence = "History of high-dose chemotherapy, defined as the intensity of a chemotherapeutic agent beyond standard of care"
    assert "chemotherapy" not in found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n"))



@pytest.mark.parametrize(
    "sentence",
    [
        "Diseases with a contraindication for the use of adrenaline (e.g. hyperthyroidism, glaucoma)",
        "Any disease that prohibits the use of adrenaline (e.g., hyperthyroidism)",
        "Post-bronchodilator FEV1 less than 50% predicted",
        "A greater than 18% increase in FEV1 after bronchodilator treatment",
        "Any condition that would interfere with evaluation of the investigational product",
        "Previous reaction to omalizumab",
        "Intolerance of or severe allergic reaction to previous immunotherapy (SCIT, oral immunotherapy)",
        "Inability or unwillingness to take folic acid or vitamin B12 supplementation",
        "Immunosuppressive states such as uncontrolled diabetes mellitus",
        "Has donated plasma within four weeks before vaccination",
    ],
)
def test_events_tests_and_the_study_itself_are_no_use_of_a_drug(sentence: str) -> None:
    """NCT04912076, NCT01634958, NCT02049294, NCT01968278, NCT01544348, NCT01781637, NCT01966224, NCT01742767, NCT02440009, NCT02996448."""
    assert not therapy_rules(f"{OUT}:\n\n* {sentence}\n")


@pytest.mark.parametrize("sentence", ["Unwilling to discontinue omeprazole", "Unable to switch from omeprazole"])
def test_who_will_not_stop_a_drug_is_on_it(sentence: str) -> None:
    """NCT05138757."""
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == {"omeprazole"}


@pytest.mark.parametrize(
    ("sentence", "excludes"),
    [
        ("Received LABA/LAMA combination therapy for at least 3 months prior to enrollment", False),
        ("Participants treated with emicizumab according to the label for at least 8 weeks prior to screening", False),
        ("Consistent (daily) use of an intranasal steroid for at least 4 weeks prior to screening", False),
        ("No use of corticosteroids for at least 4 weeks prior to screening", True),
        ("Patients must not have received corticosteroids for at least 4 weeks prior to enrollment", True),
        ("Patients receiving prednisone must have discontinued it for at least 4 weeks before screening", True),
    ],
)
def test_for_how_long_a_required_drug_was_had_is_no_washout(sentence: str, excludes: bool) -> None:
    """NCT07160322, NCT05878938, NCT05575037."""
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert rules and {r.polarity is Polarity.EXCLUDES for r in rules} == {excludes}


@pytest.mark.parametrize(
    ("sentence", "key"),
    [
        ("Current users of oral, intramuscular, or intravenous corticosteroids", "systemic-corticosteroid"),
        ("Oral, inhaled or intravenous corticosteroids within 4 weeks", "corticosteroid"),
        ("Previous nasal or sinus surgery", "sinonasal-surgery"),
        ("Recent eye surgery", "eye-surgery"),
        ("Previous thoracic or abdominal surgery", "surgery"),
        ("Received live or attenuated vaccine within 3 months", "live-vaccine"),
        ("COVID-19 vaccination within 1 week of planned start", "covid-19-vaccine"),
    ],
)
def test_routes_parts_and_kinds_say_which(sentence: str, key: str) -> None:
    """NCT03181009, NCT02388997, NCT02836067, NCT05802355, NCT07372287, NCT05590585."""
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == {key}
def test_a_heading_may_run_into_its_first_criterion_without_a_colon() -> None:
    """NCT06130553."""
    text = "Inclusion Criteria (All Modules) Participants are adults.\n\nExclusion Criteria (All Modules) Participants have anaemia.\n\n"
    (rule,) = therapy_rules(text + "Prior pembrolizumab\n")
    assert rule.polarity is EXCLUDES
    (*_, last) = eligibility("Additional Exclusion Criteria (Cohort B only): Patients have anaemia\n\n* Prior pembrolizumab\n").criteria
    assert last.scope == ("Cohort B only",)


def test_what_is_had_besides_is_not_denied() -> None:
    """NCT06130553."""
    for sentence in ("Tumor has no EGFR alteration, and the participant has received prior systemic therapy", "No mutation and has received X"):
        assert not [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert [r for r in therapy_rules(f"{IN}:\n\n* Must not have metastases or have received prior chemotherapy\n") if r.polarity is EXCLUDES]

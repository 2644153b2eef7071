"""What the reader makes of real sentences: one construct a case, with the trial that the sentence was read in."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from criteria_world import ALLOWS, CURRENT, EXCLUDES, IN, OUT, PRIOR, REQUIRES, found_keys, therapy_rules

from kg.criteria.times.durations import HOW_LONG
from kg.records import Modality, Polarity, Role


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
    Case("NCT05326516", OUT, "Biologics: within 28 days or 5 half-lives, whichever is longer, since the completion of therapy with a biologic agent.",
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
         window=(28, None, None, ""), within=True, doubt=HOW_LONG),
    Case("NCT06696768", OUT, "Severe infections within 28 days, including hospitalization for complications of infection. This includes receipt of "
         "oral or IV antibiotics within 14 days prior to registration", role=CURRENT, keys=keys("antibiotic"),
         window=(14, None, None, ""), within=True),
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


@pytest.mark.parametrize(
    "sentence",
    [
        "Participants have no remaining treatment options, including immune checkpoint inhibitors",
        "Had no available curative treatment options (such as HSCT or chemotherapy)",  # NCT04835519
        "Patients without available standard therapy, including chemotherapy and BRAF inhibitors",
    ],
)
def test_treatment_that_there_is_none_of_was_not_denied(sentence: str) -> None:
    assert not [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]


def test_a_remark_in_square_brackets_is_a_sentence_of_its_own() -> None:
    """NCT04363164."""
    sentence = "Patients receiving anticoagulation therapy with warfarin are not eligible. [Patients on enoxaparin eligible for study.]"
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert [found_keys([r]) for r in rules if r.polarity is EXCLUDES] == [{"warfarin"}]


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


def test_a_sure_ban_behind_a_doubtful_one_says_more() -> None:
    rules = therapy_rules(f"{IN}:\n\n* Newly diagnosed, MGMT-unmethylated; resected; no prior therapy apart from surgery and steroids\n")
    assert [bool(r.doubts) for r in rules] == [True, False]


@pytest.mark.parametrize(
    ("section", "sentence", "keys"),
    [
        (IN, "No prior docetaxel or ramucirumab; bevacizumab \u2265 28 days", [{"docetaxel", "ramucirumab"}, {"bevacizumab"}]),
        (
            OUT,
            "Must not have had any anti-EGFR in the last 4 months; prior BRAF inhibitor excluded; oxaliplatin < 12 months",
            [{"egfr-inhibitor"}, {"braf-inhibitor"}, {"oxaliplatin"}],
        ),
        (OUT, "NSAIDs cannot be held 2 days before treatment; prior bevacizumab", [{"nsaid"}, {"bevacizumab"}]),
    ],
)
def test_behind_a_semicolon_stands_a_therapy_with_its_own_time_or_verb(section: str, sentence: str, keys: list[set[str]]) -> None:
    assert [found_keys([r]) for r in therapy_rules(f"{section}:\n\n* {sentence}\n")] == keys


def test_who_goes_on_with_what_was_begun_is_told_of_in_one_clause() -> None:
    """NCT06149481."""
    sentence = "Participants who have had appropriate antibiotics initiated but are still completing the treatment course are eligible."
    assert {r.polarity for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")} <= {ALLOWS}


def test_a_list_with_any_therapy_at_large_contradicts_a_trial_of_treated_patients() -> None:
    """NCT06303505: no kind of it can be meant for good."""
    text = (
        f"{IN}:\n\n* Participants who have exhausted the standard of care treatment\n\n{OUT}:\n\n"
        "* Any systemic anti-cancer therapy, radiotherapy (except for local radiation therapy), hormonal therapy, or immunotherapy.\n"
    )
    rules = [r for r in therapy_rules(text) if r.polarity is EXCLUDES]
    assert len(rules) > 1 and all(r.doubts == ("the trial takes patients who were treated",) for r in rules)


def test_a_sentence_that_defines_a_therapy_rules_as_the_one_before_it() -> None:
    """NCT05996107, NCT05078931."""
    text = "Patients must not receive any additional anti-cancer therapy during study therapy. Anti-cancer therapies include chemotherapy."
    assert {r.role for r in therapy_rules(f"{OUT}:\n\n* {text}\n")} == {CURRENT}
    text = "Has received a live vaccine within 30 days prior to the first dose. Examples of live vaccines include, but are not limited to, BCG."
    assert {r.window and r.window.days for r in therapy_rules(f"{OUT}:\n\n* {text}\n")} == {30}


def test_who_was_treated_for_advanced_disease_had_some_therapy() -> None:
    """Made up: other texts write "have been treated for metastatic disease"."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Patients previously treated for metastatic disease\n")
    assert (rule.role, rule.settings) == (PRIOR, ("metastatic",))


def test_and_who_goes_on_with_the_same_patients() -> None:
    """NCT05922501."""
    sentence = (
        "Allogeneic stem cell transplant <12 months prior to initiation of study treatment and who have not discontinued immunosuppressive"
        " treatment for at least four weeks prior to initiation of study treatment."
    )
    rules = {key: rule for rule in therapy_rules(f"{OUT}:\n\n* {sentence}\n") for key in found_keys([rule])}
    assert rules["allogeneic-stem-cell-transplant"].binds_if == ""
    assert rules["immunosuppressant"].binds_if.startswith("allogeneic stem cell transplant")


def test_to_have_no_wash_out_is_a_permission() -> None:
    """NCT03516708."""
    sentence = "Patients who go off warfarin and have INR within normal limits have no washout period."
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rule.polarity is ALLOWS


def test_a_sentence_ends_behind_a_limit_with_a_decimal() -> None:
    """NCT07189871."""
    text = "Participants taking warfarin must be on a stable dose that gives an INR < 3.5. Among those on other anticoagulants, PT must be in range."
    assert found_keys(therapy_rules(f"{IN}:\n\n* {text}\n")) == {"warfarin"}


@pytest.mark.parametrize(
    "sentence",
    [
        "subjects who haven't accepted any systemic therapy before",  # NCT05994131
        "Patients that aren\u2019t treated with any systemic therapy before",
        "Prior systemic therapy isn't allowed",
        "Patients can't have received prior systemic therapy",
    ],
)
def test_contracted_negations_deny(sentence: str) -> None:
    rule = therapy_rules(f"{IN}:\n\n* {sentence}\n")[0]
    assert rule.polarity is EXCLUDES and rule.quote == sentence
    assert {m.key for m in rule.mentions} == {"systemic-anticancer-therapy"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Patients must have had no prior systemic therapy for the current cancer diagnosis",  # NCT03067181
        "Patients must have no prior systemic therapy",
    ],
)
def test_what_patients_must_not_have_had_keeps_out_in_an_exclusion_too(sentence: str) -> None:
    assert {r.polarity for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")} == {EXCLUDES}


def test_what_is_permitted_in_one_form_and_forbidden_in_another_is_not_left_out_of_the_others() -> None:
    sentence = "Gemcitabine as radiosensitiser is allowed; gemcitabine or other chemotherapy for metastatic disease is not."
    rule = next(r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if r.polarity is EXCLUDES)
    assert {m.key for m in rule.mentions} == {"gemcitabine", "chemotherapy"} and not rule.carveouts


def test_who_progressed_while_receiving_a_therapy_had_it() -> None:
    for sentence in ("Objective disease progression while receiving platinum chemotherapy", "Progressive disease while taking imatinib"):
        (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
        assert (rule.polarity, rule.role, rule.outcomes) == (EXCLUDES, PRIOR, ("progression",))


def test_the_naive_come_beside_those_with_few_lines() -> None:
    rules = therapy_rules(f"{IN}:\n\n* Chemotherapy-naive or no more than one prior chemotherapy regimen\n")
    assert [(r.polarity, r.lines and r.lines.maximum) for r in rules] == [(ALLOWS, None), (EXCLUDES, 1)]


def test_how_many_therapies_there_may_be_frees_from_no_wash_out() -> None:
    """NCT06805617: what is excepted from the permission keeps out."""
    sentence = (
        "At least 2 weeks must have elapsed since the end of prior chemotherapy. Any number of prior therapies is permitted except receipt"
        " of a prior oral VEGFR TKI or anti-PD-1 therapy, but prior therapy is not required for participation."
    )
    rules = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert [({m.key for m in r.mentions}, r.window and r.window.days, r.carveouts) for r in rules] == [
        ({"chemotherapy"}, 14, ()),
        ({"vegfr-tyrosine-kinase-inhibitor", "pd-1-inhibitor"}, None, ()),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        # NCT06549465
        "Receiving anti-coagulants or anti-platelet drugs (e.g., aspirin or NSAIDs) who cannot discontinue use if platelet count decreases to <50,000",
        "Anticoagulants or aspirin that cannot be stopped when platelets fall below 50,000",
    ],
)
def test_drugs_that_cannot_be_stopped_in_a_case_are_kept_out_in_that_case(sentence: str) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rules and all(r.binds_if.startswith(("if platelet", "when platelet")) for r in rules)


@pytest.mark.parametrize("verb", ["may not be interrupted", "cannot be interrupted", "may not be stopped"])
def test_an_exclusion_of_what_may_not_be_stopped_keeps_out(verb: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Proton pump inhibitors {verb}\n")
    assert rule.polarity is EXCLUDES


@pytest.mark.parametrize(
    ("sentence", "modality"),
    [
        ("If concomitant medication can not be discontinued, please notify and confirm with the PI prior to enrollment.", Modality.CAUTION),
        ("If these cannot be stopped, contact the study chair before enrollment.", Modality.APPROVAL),
        ("If these cannot be stopped, the patient is not eligible.", Modality.MUST_NOT),
    ],
)
def test_who_asks_where_a_drug_cannot_be_stopped_may_come(sentence: str, modality: Modality) -> None:
    """NCT04410796."""
    rules = therapy_rules(f"{OUT}:\n\n* Any concomitant medication known to prolong the QT interval. {sentence}\n")
    assert {r.modality for r in rules} == {modality}


@pytest.mark.parametrize(
    ("sentences", "excluded"),
    [
        # NCT06632977
        (
            "No cytotoxic agent within 4 weeks of registration. Treatment with any kinase inhibitor within 2 weeks of registration."
            " Treatment with enzalutamide within 4 weeks of registration.",
            {"chemotherapy", "kinase-inhibitor", "enzalutamide"},
        ),
        (
            "Patients must not have received chemotherapy within 3 weeks of registration. Immunotherapy within 4 weeks of registration.",
            {"chemotherapy", "immunotherapy"},
        ),
        ("Treatment with enzalutamide within 4 weeks of registration.", set()),
        (
            "No chemotherapy within 4 weeks of registration. Patients must have received enzalutamide within 4 weeks of registration.",
            {"chemotherapy"},
        ),
    ],
)
def test_a_sentence_that_only_tells_a_time_shares_the_no_before_it(sentences: str, excluded: set[str]) -> None:
    assert found_keys([r for r in therapy_rules(f"{IN}:\n\n* {sentences}\n") if r.polarity is EXCLUDES]) == excluded


@pytest.mark.parametrize(
    ("section", "sentence", "keys"),
    [
        (IN, "No azoles, may take statins", {"azole-antifungal"}),
        (IN, "No omeprazole; aspirin ok", {"omeprazole"}),
        (IN, "Permitted are statins and PPIs, not permitted are azoles and macrolides", {"azole-antifungal", "macrolide"}),
        (IN, "OK to take statins, not ok to take PPIs", {"proton-pump-inhibitor"}),
        (OUT, "Although warfarin is prohibited, aspirin can be used", {"warfarin"}),
        (OUT, "Any antiplatelet therapy, with the following exceptions: - aspirin; - clopidogrel", {"antiplatelet"}),
        (OUT, "Prohibited unless agreed with the medical monitor: warfarin, phenytoin", {"warfarin", "phenytoin"}),
    ],
)
def test_what_is_permitted_in_the_same_breath_is_no_part_of_what_is_forbidden(section: str, sentence: str, keys: set[str]) -> None:
    assert found_keys([r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]) == keys


def test_who_needs_what_must_be_avoided_may_come_in_exceptional_cases() -> None:
    text = "Strong CYP3A4 inhibitors must be avoided. In exceptional cases, they may be used after discussion with the sponsor"
    (rule,) = therapy_rules(f"{OUT}:\n\n* {text}\n")
    assert rule.modality is Modality.APPROVAL


@pytest.mark.parametrize(
    "sentence",
    [
        "At least 21 days since systemic therapy; endocrine therapy may be given until the day of randomization",
        "At least 3 weeks since chemotherapy or TKIs; endocrine therapy is permitted",
    ],
)
def test_what_is_permitted_behind_the_time_of_another_is_none_of_it(sentence: str) -> None:
    banned, freed = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert (banned.polarity, freed.polarity, found_keys([freed])) == (EXCLUDES, ALLOWS, {"endocrine-therapy"})
    assert "endocrine-therapy" not in found_keys([banned])


@pytest.mark.parametrize(
    "sentence",
    [
        "Anticoagulants: heparins: allowed; warfarin: not allowed; DOACs: discuss with sponsor",
        "LMWH is acceptable, warfarin is not acceptable, and DOACs require approval",
        "LMWH - allowed; warfarin - prohibited; direct oral anticoagulants - permitted after discussion with the sponsor",
    ],
)
def test_each_of_a_row_has_its_own_verb(sentence: str) -> None:
    rules = [r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert [(found_keys([r]), r.modality) for r in rules] == [({"warfarin"}, Modality.MUST_NOT), ({"doac"}, Modality.APPROVAL)]


@pytest.mark.parametrize(
    "sentence",
    [
        "This criterion does not apply to inhaled steroids.",
        "This restriction is not applicable to inhaled steroids.",
        "The wash-out period also does not apply to patients on inhaled steroids.",
    ],
)
def test_what_a_criterion_does_not_apply_to_is_free(sentence: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Immunosuppressants within 7 days. {sentence}\n")
    assert [(c.effect, [m.key for m in c.mentions]) for c in rule.carveouts] == [("allows", ["inhaled-corticosteroid"])]


def test_that_a_criterion_does_not_apply_to_a_part_frees_no_drug() -> None:
    """NCT05911841."""
    text = "Recent treatment with small molecules. This doesn't apply for subset of participants who must have been exposed to biologics."
    (rule,) = therapy_rules(f"{OUT}:\n\n* {text}\n")
    assert rule.carveouts == ()


@pytest.mark.parametrize(
    ("sentence", "freed"),
    [
        ("mRNA and replication-deficient adenoviral vaccines are not considered live attenuated.", set()),  # NCT05950945
        ("Vaccines (e.g., against COVID-19) are allowed at any appropriate time.", set()),
        ("The COVID-19 vaccine is not a live vaccine.", {"covid-19-vaccine"}),
        ("mRNA vaccines are not live vaccines.", {"inactivated-vaccine"}),
    ],
)
def test_vaccines_at_large_that_are_permitted_free_no_live_ones(sentence: str, freed: set[str]) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* Live vaccines within 30 days. {sentence}\n")
    (rule,) = [r for r in rules if r.polarity is EXCLUDES]
    assert {m.key for c in rule.carveouts for m in c.mentions} == freed


def test_patients_on_what_is_listed_may_enrol() -> None:
    text = (
        "Patients receiving inhaled steroids for COPD, low-dose corticosteroids for adrenal insufficiency, or topical steroids may enroll."
    )
    rules = therapy_rules(f"{OUT}:\n\n* Systemic immunosuppressants. {text}\n")
    assert [found_keys([r]) for r in rules if r.polarity is EXCLUDES] == [{"immunosuppressant"}]


def test_what_was_not_stopped_is_told_below() -> None:
    text = "* Patients who have not discontinued:\n  * warfarin at least 7 days before enrolment\n"
    (rule,) = therapy_rules(f"{OUT}:\n\n{text}")
    assert rule.window is not None and (rule.polarity, rule.window.days) == (EXCLUDES, 7)


def test_inducers_at_the_front_of_a_sentence_are_of_the_enzyme_before() -> None:
    text = "CYP3A4 inhibitors and inducers are prohibited. Inducers must be stopped at least 14 days, and strong inhibitors at least 7 days, before."
    times = [r.window.days for r in therapy_rules(f"{OUT}:\n\n* {text}\n") if r.window is not None]
    assert times == [14, 7]


@pytest.mark.parametrize(
    "examples",
    [
        "This includes chemotherapy and interferon",
        "Examples include chemotherapy and interferon",
        "Examples of such therapies are chemotherapy and interferon",
        "These include, but are not limited to, chemotherapy and interferon",
        "For example, chemotherapy or interferon",
    ],
)
def test_a_sentence_of_examples_goes_on_with_the_one_before(examples: str) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* Prior anticancer therapy within 14 days. {examples}.\n")
    assert found_keys(rules) == {"anticancer-therapy", "chemotherapy", "interferon"}
    assert {r.window.days for r in rules if r.window} == {14} and all(r.window for r in rules)


@pytest.mark.parametrize(
    "sentence",
    [
        ". For nitrosoureas, the interval is 6 weeks.",
        ". The interval is 6 weeks for nitrosoureas.",
        ". For nitrosoureas this period is extended to 6 weeks.",
        ". For nitrosoureas, at least 6 weeks must have elapsed.",
        ". If the last chemotherapy was a nitrosourea, 6 weeks must have passed.",
        " (the washout for nitrosoureas is 6 weeks).",
        " (for nitrosoureas it is 6 weeks).",
    ],
)
def test_the_interval_of_some_is_their_time(sentence: str) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* Chemotherapy within 3 weeks of day 1{sentence}\n")
    days = {key: r.window.days for r in rules if r.window is not None for key in found_keys([r])}
    assert all(r.window is not None for r in rules)
    told = {m.key: c.window.days for r in rules for c in r.carveouts if c.window is not None for m in c.mentions}
    assert days["chemotherapy"] == 21 and {**days, **told}["nitrosourea"] == 42


def test_a_sentence_may_end_in_a_further_number() -> None:
    """NCT04410796, of CYP3A4."""
    rules = therapy_rules(f"{OUT}:\n\n* Strong inducers of CYP3A4/5. Patients should try to avoid herbal supplements.\n")
    assert [r.modality.value for r in rules] == ["must_not", "should_avoid"]


def test_neither_of_two_is_permitted() -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* Neither warfarin nor aspirin are allowed during the study\n")
    assert (rule.polarity, found_keys([rule])) == (EXCLUDES, {"warfarin", "aspirin"})


def test_incl_and_excl_are_spelled_out() -> None:
    """NCT04643574 and NCT02942264, with "including"."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Antitumor therapy (incl. chemotherapy, excl. hormonal therapy) within 4 weeks\n")
    assert found_keys([rule]) == {"anticancer-therapy", "chemotherapy"}
    assert [m.key for c in rule.carveouts for m in c.mentions] == ["endocrine-therapy"]

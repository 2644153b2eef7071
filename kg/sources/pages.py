"""Saved page texts: which page it is, and the trial it tells of."""

from __future__ import annotations

from kg.errors import BadInput, BadRecord
from kg.records import RecordSource, Trial
from kg.sources.classic_page import SECTIONS, study_from_classic_page
from kg.sources.registry_page import HEADINGS, study_from_registry_page
from kg.sources.v2_json import read_study

__all__ = ["page_format", "read_page"]

_ENOUGH = 3
"""Headings that a text must share with a kind of page to be one."""


def page_format(text: str) -> str:
    """ "classic-page" (ClinicalTrials.gov before 2023), "registry-page" (a third-party registry), or '' when the text is neither.

    >>> page_format("Status and phase\\n\\nCompleted\\n\\nConditions\\n\\nSarcoma\\n\\nIdentifiers\\n\\nNCT01206140")
    'registry-page'
    >>> page_format("A letter.")
    ''
    """
    lines = {" ".join(line.split()) for line in text.replace("\u00a0", " ").splitlines()}
    classic = sum(any(form.fullmatch(line) for line in lines) for form in SECTIONS.values())
    classic += sum(
        any(line.startswith(label) for line in lines) for label in ("Recruitment Status :", "Study Type :", "Ages Eligible for Study:")
    )
    registry = sum(heading in lines for heading in HEADINGS)
    if max(classic, registry) < _ENOUGH:
        return ""
    return "classic-page" if classic >= registry else "registry-page"


def read_page(text: str, source: RecordSource) -> Trial:
    """The trial that a saved page tells of. Labels that the page lacks leave their fields empty.

    Arguments:
        text: the page's text, as copied or saved.
        source: where it came from.
    Raises:
        BadInput: the text is no page of a kind known here.
        BadRecord: the page names no NCT number.
    """
    form = page_format(text)
    if not form:
        raise BadInput(
            f"{source.name}: the text is neither a classic ClinicalTrials.gov page nor a registry page of a trial; give one of them"
        )
    study = study_from_classic_page(text) if form == "classic-page" else study_from_registry_page(text)
    if "nctId" not in study["protocolSection"]["identificationModule"]:
        raise BadRecord("the page names no NCT number; copy the part with the identifier too")
    return read_study(study, source)

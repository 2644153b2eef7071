"""Texts of the PDQ register, whose lists stand in one line: "PRIOR CONCURRENT THERAPY: Chemotherapy: No prior taxanes At least 4 weeks since …"."""  # noqa: E501

from __future__ import annotations

import re

_SECTION = re.compile(
    r"(?:DISEASE CHARACTERISTICS|PATIENT CHARACTERISTICS|PRIOR[ /]CONCURRENT THERAPY)\s*:"
    r"|--(?:Disease Characteristics|Patient Characteristics|Prior/Concurrent Therapy)--"
)
_LABELS = (
    r"Age|Sex|Menopausal status|Performance status|Life expectancy|Hematopoietic|Hepatic|Renal|Cardiovascular|Pulmonary|Neurologic|"
    r"Immunologic|Gastrointestinal|Other|Biologic therapy|Chemotherapy|Endocrine therapy|Radiotherapy|Surgery"
)
_OPENERS = (
    r"No|Not|None|At least|At most|Up to|More than|Greater than|Less than|Prior|Previous|Previously|Concurrent|Recovered|Fully|See|Must|"
    r"May|Maintained|Any|Only|One|Failed|Patients|Recurrent|Relapsed|Refractory|Progressive|Measurable|Histologically|Received|Completed|"
    r"Other|Fertile|Negative|Able|Newly|Eligible|Ineligible|Stable|Adjuvant|Palliative|Corticosteroids|Bisphosphonates|Intolerant"
)
_CUT = re.compile(
    rf"\s+(?=(?:{_LABELS})\s?:)|(?<=[a-z0-9)%])(?<!\bor)(?<!\band)(?<!\bof)(?<!\bwith)(?<!\bfor)(?<!\bthe)(?<!\bto)\s+(?=(?:{_OPENERS})\b)"
    rf"|(?<=[a-z0-9)%])(?<!\b[Pp]rior)(?<!oncurrent)(?<!\bor)(?<!\band)(?<!\bof)(?<!\bwith)(?<!\bfor)(?<!\bthe)(?<!\bto)(?<!\bno)(?<!\bNo)\s+"
    rf"(?=[A-Z][a-z-]+(?:\s+[a-z][\w,/-]*){{0,6}}?\s+(?:not\s+)?(?:allowed|permitted|must)\b)"
    r"|(?:(?<=\ballowed)|(?<=\bpermitted))\s+(?=[A-Z][a-z])"
)
_WRAPPED = re.compile(r"(?:\n(?![ \t]*(?:[-*\u2022]\s|\d{1,2}[.)]\s))[ \t]*\S[^\n]*)*")
"""The lines behind a line, up to an empty one or a bullet."""
_LABEL = re.compile(rf"(?:{_LABELS})\s?:\s*")
_OF_ITS_LABEL = re.compile(
    r"(?:None|Not (?:allowed|permitted)|Allowed|Permitted)(?:\s+(?:within|in|prior|since|except)\b.*?)?\s*", re.DOTALL
)
"""Words that say nothing without the label before them: "Chemotherapy: None within 4 weeks"."""


def paragraph_end(text: str, start: int, end: int) -> int:
    """Where the paragraph ends that a line of such a register at text[start:end] begins, as its writer wrapped it; `end` for any other.

    >>> text = "PRIOR CONCURRENT THERAPY: Chemotherapy: No\\nprior taxanes"
    >>> text[: paragraph_end(text, 0, 42)] == text
    True
    """
    section = _SECTION.search(text, start, end)
    wrapped = _WRAPPED.match(text, end) if section and text[section.end() : end].strip() else None
    return wrapped.end() if wrapped else end


def items(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The headings and items of a line of such a register at text[start:end]; none for any other line.

    >>> line = "PRIOR CONCURRENT THERAPY: Chemotherapy: No prior taxanes At least 4 weeks since surgery"
    >>> [line[a:b] for a, b in items(line, 0, len(line))]
    ['PRIOR CONCURRENT THERAPY:', 'Chemotherapy:', 'No prior taxanes', 'At least 4 weeks since surgery']
    """
    found: list[tuple[int, int]] = []
    sections = list(_SECTION.finditer(text, start, end))
    if not any(text[s.end() : end].strip() for s in sections):
        return []
    found.append((start, sections[0].start()))
    for number, section in enumerate(sections):
        found.append((section.start(), section.end()))
        last = sections[number + 1].start() if number + 1 < len(sections) else end
        at = section.end()
        for cut in [*(m.end() for m in _CUT.finditer(text, section.end(), last)), last]:
            label = _LABEL.match(text, at, cut)
            if label and not _OF_ITS_LABEL.fullmatch(text, label.end(), cut):
                found.append((at, label.end()))
                at = label.end()
            found.append((at, cut))
            at = cut
    trimmed = [(a + len(text[a:b]) - len(text[a:b].lstrip()), a + len(text[a:b].rstrip())) for a, b in found]
    return [(a, b) for a, b in trimmed if a < b]

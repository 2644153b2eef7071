"""Eligibility text → criteria: headings, bullets of any mark and depth, wrapped lines, paragraphs, inline enumerations; all with offsets."""  # noqa: E501

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from kg.criteria.layout.blocks import LONG_LINE, Block, blocks_of
from kg.criteria.layout.enumerations import LONGEST_WORD, OPENS_LIST, enumerated
from kg.criteria.layout.flat_lists import with_rows_below
from kg.criteria.layout.scope import (
    criterion_scope,
    front_scope,
    is_another,
)
from kg.records import Criterion, Section

_SENTENCE_END = re.compile(r"[.!?]\s+(?=[\w(\"'\u2265\u2264<>])|(?<=[a-z][a-z)])\.(?=[A-Z][a-z]+[\s,])")
"""Behind a word a full stop may lack its blank: "the first dose.Radiotherapy within …"."""
_RUN_ON = re.compile(
    r"(?<=[a-z0-9)])(?<!\bor)(?<!\band)(?<!\bof)(?<!\bwith)(?<!\bfor)(?<!\bthe)(?<!\bin)(?<!\bto)\s+"
    r"(?=(?:(?:Prior|Previous) (?:or [a-z]+ )?(?:treatment|therapy|use|exposure|radiotherapy|chemotherapy)|Continuation of|Major surgery|Radiotherapy with|Cytotoxic chemotherapy|Any (?:cytotoxic|prior)"  # noqa: E501
    r"|(?:Topical|Inhaled|Intra-?nasal|Physiologic\w*|Replacement|Low[- ]dose)\b[^.;:()]{3,90}"
    r"\b(?:is|are|may be)\s+(?:allowed|permitted|acceptable)"
    r"|(?<!\ball )(?<!\bany )(?<!only )(?<!eligible )(?<!those )(?:Patients|Subjects|Participants)\s+"
    r"(?:who|on|taking|receiving|participating|treated|with|using)\b(?:[^.;:()]|\([^()]*\)){3,160}?\b(?:is|are|may be|will be)\s+"
    r"(?:also\s+)?(?:allowed|permitted|acceptable|eligible)|For (?:the )?(?:Part|Cohort|Arm|Phase|Group|Module)s? [A-Z0-9])\b)"
)
"""Where a list lost its line breaks: a capital in the midst of a sentence opens the next item."""
_RUNS_ON = re.compile(
    r"Prior |Previous |Continuation |Major |Radiotherapy |Cytotoxic |Any |Topical |Inhaled |Intra|Physiologic|Replacement |Low|For "
    r"|(?:Patients|Subjects|Participants) (?:who|on|taking|receiving|participating|treated|with|using)\b"
)
"""Found in what `_RUN_ON` finds: looking for this is quicker."""
_ENDS_SENTENCE = re.compile(r"[\w)\]%\"']")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|eg|ie|vs|approx|incl|excl|etc|nos?|dr|st|cf|resp|max|min|ca|al|figs?|inc|ltd|wt|subsp|sp|\w)|(?:^|\s)\d{1,2})$",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"(?:\b(?:days?|cycles?|weeks?|grades?|stages?|phase|part|cohort|arm|visit|dose|level|score|class|types?|status|ecog|ps|to|or|than|of|is|hepatitis|vitamin|c\d{1,2}d)"
    r"|[\u2264\u2265<>=])\s*(?:(?:[-\u2212\u2013]\s?)?(?:\d+\.)?\d{1,2}|[a-z])$|\b[a-z]{2,}-\d{1,2}$",
    re.IGNORECASE,
)
"""A number or letter of the word before it ("day 1", "INR < 3.5", "hepatitis B", "CTLA-4"): the stop behind it ends the sentence."""
_OPENS_LIST = re.compile(rf":\s*-?\s*$|{OPENS_LIST}", re.IGNORECASE)


@lru_cache(maxsize=256)
def _mark_class(mark: str) -> str:
    core = mark.strip("().\\ ")
    if core.replace(".", "").isdigit():
        return "number" + "." * core.count(".")
    return "letter" if core.isalpha() and core != "o" else core


def sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Sentence spans of text[start:end]; abbreviations such as "e.g." end none.

    >>> sentences("No azoles. Topical use (e.g. creams) is fine.", 0, 44)
    [(0, 10), (11, 44)]
    """
    spans = []
    ends = list(_SENTENCE_END.finditer(text, start, end))
    if not text[start + 1 : end].islower() and _RUNS_ON.search(text, start + 1, end):
        ends = sorted([*ends, *_RUN_ON.finditer(text, start, end)], key=lambda m: m.start())
    if not ends:
        return [(start, end)] if start < end else []
    for match in ends:
        if match[0].isspace():
            spans.append((start, match.start()))
            start = match.end()
            continue
        last = match.start() - 1
        at = max(start, last - LONGEST_WORD)
        if last < 0 or not _ENDS_SENTENCE.match(text, last):
            continue
        if _ABBREVIATION.search(text, at, last + 1) and not _COUNT.search(text, at, last + 1):
            continue
        spans.append((start, match.start() + 1))
        start = match.end()
    if start < end:
        spans.append((start, end))
    return spans


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def segment(text: str) -> tuple[Criterion, ...]:
    """The criteria of an eligibility text in order, nested by `parent`.

    Text before an "Exclusion Criteria" heading that has no heading of its own counts as inclusion: registries strip the first heading.
    Bullets may be any mark; a deeper indent, or another kind of mark at the same indent, opens a level.

    >>> [(c.section.value, c.depth, c.text) for c in segment("Exclusion Criteria:\\n\\n* Steroids:\\n\\n  * dexamethasone")]
    [('exclusion', 0, 'Steroids:'), ('exclusion', 1, 'dexamethasone')]
    """
    blocks = blocks_of(text)
    if any(b.section is Section.EXCLUSION for b in blocks) and not any(b.section is Section.INCLUSION for b in blocks):
        for block in blocks:
            if block.section is not Section.UNSTATED:
                break
            block.section = Section.INCLUSION
    criteria: list[Criterion] = []
    stack: list[tuple[int, str, int]] = []  # (indent, kind of mark, order)
    where: tuple[Section, str] | None = None
    for block in blocks:
        if where != (block.section, block.heading):
            stack, where = [], (block.section, block.heading)
        kind = _mark_class(block.mark) if block.mark else ""
        if block.mark:
            while stack and (
                stack[-1][0] > block.indent
                or (stack[-1][0] == block.indent and stack[-1][1] != kind and any(k == kind and i == block.indent for i, k, _ in stack))
            ):
                stack.pop()
            if stack and stack[-1][0] == block.indent and stack[-1][1] == kind:
                stack.pop()
            elif stack and stack[-1][0] == block.indent and stack[-1][1] == "" and not text[block.start - 1 : block.start].isalpha():
                lead = criteria[stack[-1][2]].text
                if not lead.endswith(":"):
                    stack.pop()
        else:
            while stack and (stack[-1][0] >= block.indent):
                stack.pop()
        parent = stack[-1][2] if stack else None
        order = len(criteria)
        parts = enumerated(text, block.start, block.end, block.mark)
        if not parts and not block.mark and len(block.pieces) == 1 and block.end - block.start > 200:
            spans = sentences(text, block.start, block.end)
            told = front_scope(text[slice(*spans[0])])  # of whom the first sentence is, the others are
            for number, (start, end) in enumerate(spans):
                made = _criterion(text, start, end, block, len(stack), parent, len(criteria))
                goes_on = number > 0 and not is_another(" ".join(told), made.scope, made.text)
                criteria.append(replace(made, scope=made.scope + tuple(t for t in told if goes_on and t not in made.scope)))
        elif parts:
            above: int | None = None
            for number, (start, end) in enumerate(parts):
                start, end = _trim(text, start, end)
                if start == end:
                    continue
                depth, over = (len(stack), parent) if above is None else (len(stack) + 1, above)
                criteria.append(_criterion(text, start, end, block, depth, over, len(criteria)))
                if (
                    number == 0
                    and len(parts) > 2
                    and (_OPENS_LIST.search(text, start, end) or (end - start < LONG_LINE and criterion_scope(text[start:end])))
                ):
                    above = criteria[-1].order
        else:
            criteria.append(_criterion(text, block.start, block.end, block, len(stack), parent, order))
        stack.append((block.indent, kind, order))
    return with_rows_below(criteria)


def _criterion(text: str, start: int, end: int, block: Block, depth: int, parent: int | None, order: int) -> Criterion:
    start, end = _trim(text, start, end)
    words = text[start:end]
    scope = block.heading_scope + criterion_scope(words)
    return Criterion(order, start, end, words, block.section, depth, parent, block.heading, scope)

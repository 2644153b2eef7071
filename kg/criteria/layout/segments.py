"""Eligibility text → criteria: headings, bullets of any mark and depth, wrapped lines, paragraphs, inline enumerations; all with offsets."""  # noqa: E501

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache

from kg.criteria.layout.enumerations import LONGEST_WORD, OPENS_LIST, enumerated
from kg.criteria.layout.flat_lists import opens_rows, with_rows_below
from kg.criteria.layout.heading_scope import is_of_all, qualifies, scope_of_heading
from kg.criteria.layout.headings import COLONS, heading_section, heads_a_section, is_neutral, lists_ills, opens_list
from kg.criteria.layout.registers import items, paragraph_end
from kg.criteria.layout.scope import (
    criterion_scope,
    front_scope,
    heads_part,
    is_another,
    is_part,
    opens_with_part,
)
from kg.records import Criterion, Section

_BULLET = re.compile(
    r"(?P<mark>[*\u2022\u25cf\u25e6\u00b7\u2023\u25aa\u25a0\u25ba\u2013\u2014\u00a7\u00b0\u2212+o-](?=\s)|[*\u2022\u25cf\u25e6\u00b7\u25aa\u25a0]+(?=\w)|-(?=[A-Z])"
    r"|\(?(?:\d{1,3}(?:\.\d{1,2})*|[a-zA-Z]|[ivxIVX]{1,5})\\?[.)](?=\s)|\(?\d{1,2}[.)](?=[A-Za-z])|\d{1,2}(?:\.\d{1,2}){1,3}(?=\s)|\\[-*+.](?=\s))\s*"
)
_INLINE_HEADING = re.compile(
    r"(?<=\s)((?:Key |Main )?(?:Inclusion|Exclusion|INCLUSION|EXCLUSION)\s+(?:Criteria|CRITERIA)\s*[:\uff1a]?)(?=\s|$)"
)
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
_FRONT_HEADING = re.compile(
    r"((?:key |main |additional )?(inclusion|exclusion)\s+criteria(?:\s+\([^()]{1,40}\))?)"
    r"(?:\s*(?:[:\uff1a]\s*|-\s+)(?=\S)|\s+(?=(?:participants?|patients?|subjects?)\s+(?:are|have|has|must|who|with|meeting|require|aged)\b))",
    re.IGNORECASE,
)
"""A heading with the first criterion behind it in its line: behind a colon, or as "Exclusion Criteria (All Parts) Patients have …"."""
_ON_PATIENTS = re.compile(r"(?:patients|participants|subjects|eligibility)\b", re.IGNORECASE)
_TORN = (" of", " with", " to", " from", " by", " than", " the")
"""How a bullet ends whose sentence goes on in the one beside it: "inducers of" / "CYP3A4 within 7 days"."""
_ASKS = re.compile(r"\b(?:must|required?|willing|able to|adequate|signed|agree)\b", re.IGNORECASE)
_STATES = re.compile(r"\b(must|has|have|is|are)\b")
_LONGEST_PART = 160
"""A line that names a part and stands above a section heading is no longer than this."""
_OPENS_LIST = re.compile(rf":\s*-?\s*$|{OPENS_LIST}", re.IGNORECASE)
_LONG_LINE = 60
"""A line this long may have been wrapped by its writer: the next one can go on with it."""


@dataclass(slots=True)
class _Block:
    """A criterion in the making."""

    start: int
    end: int
    indent: int
    mark: str
    section: Section
    heading: str
    heading_scope: tuple[str, ...]
    pieces: list[tuple[int, int]] = field(default_factory=list)


@lru_cache(maxsize=256)
def _mark_class(mark: str) -> str:
    core = mark.strip("().\\ ")
    if core.replace(".", "").isdigit():
        return "number" + "." * core.count(".")
    return "letter" if core.isalpha() and core != "o" else core


def _next(text: str, spans: list[tuple[int, int]]) -> tuple[int, int]:
    """The first of some lines that holds anything; an empty one where none does."""
    return next((span for span in spans if text[span[0] : span[1]].strip()), (0, 0))


def _indent(text: str, spans: list[tuple[int, int]]) -> int:
    """The indent of the first of some lines that holds anything."""
    start, end = _next(text, spans)
    return end - start - len(text[start:end].lstrip())


def _is_bullet(text: str, spans: list[tuple[int, int]]) -> bool:
    """Whether the first of some lines that holds anything is a bullet."""
    start, end = _next(text, spans)
    return _BULLET.match(text[start:end].lstrip()) is not None


def _is_section(text: str, spans: list[tuple[int, int]]) -> bool:
    """Whether the first of some lines that holds anything heads a section by its own name."""
    start, end = _next(text, spans)
    opened = heading_section(text[start:end].strip())
    return opened is not None and opened[1]


def _blocks(text: str) -> list[_Block]:
    blocks: list[_Block] = []
    section, heading = Section.UNSTATED, ""
    heading_scope: tuple[str, ...] = ()
    part: tuple[str, ...] = ()  # that stands above section headings: "Cohorts 1-3", "Inclusion Criteria:" …, "Exclusion Criteria:" …
    before: tuple[Section, str, tuple[str, ...]] | None = None
    around: tuple[int, int, str, tuple[str, ...]] | None = None
    # of a heading within a bullet: how far it is indented, how many blocks are before it, and what it stands below
    gap = True
    lines = _lines(text)
    for number, (start, end) in enumerate(lines):
        line = text[start:end]
        stripped = line.strip()
        if not stripped:
            gap = True
            continue
        begin = start + len(line) - len(line.lstrip())
        finish = start + len(line.rstrip())
        indent = begin - start
        found = _BULLET.match(text, begin, finish)
        mark = found["mark"] if found and found.end() < finish else ""
        body = found.end() if mark and found else begin
        if around and mark and indent < around[0]:
            if len(blocks) > around[1]:  # else it heads what follows, and is indented by mistake
                heading, heading_scope = around[2:]
            around = None
        opened = heading_section(text[body:finish])
        if opened is None and gap and not mark and text[finish - 1].isalpha() and _is_bullet(text, lines[number + 1 :]):
            opened = opens_list(text[body:finish])
        if opened and heads_a_section(text[body:finish], mark, opened[1], bool(mark) and _indent(text, lines[number + 1 :]) > indent):
            before = None if opened[1] or mark or not lists_ills(stripped) else (section, heading, heading_scope)
            part = () if is_of_all(stripped) else part
            section, heading_scope = opened[0], scope_of_heading(stripped) or part
            heading, around = text[body:finish], None
            gap = True
            continue
        inner = text[body:finish]
        if before and gap and not mark and _ON_PATIENTS.match(inner):
            (section, heading, heading_scope), before = before, None
        front = _FRONT_HEADING.match(inner)
        if front:
            section, heading, heading_scope = Section(front[2].lower()), front[1], scope_of_heading(front[1])
            body += front.end()
            mark = mark or "*"
        elif not mark and inner.endswith(COLONS) and len(inner.split()) <= 8 and (gap or indent == 0) and not _STATES.search(inner):
            around = around or ((indent, len(blocks), heading, heading_scope) if indent else None)
            heading = inner
            heading_scope = scope_of_heading(inner)
            gap = True
            continue
        elif not mark and len(inner) < 80 and (is_part(inner) or (gap and heads_part(inner) and _is_bullet(text, lines[number + 1 :]))):
            around = around or ((indent, len(blocks), heading, heading_scope) if indent else None)
            heading, heading_scope = inner, scope_of_heading(inner)
            part = heading_scope if _is_section(text, lines[number + 1 :]) else ()
            continue
        elif not mark and gap and len(inner) < _LONGEST_PART and opens_with_part(inner) and _is_section(text, lines[number + 1 :]):
            heading, heading_scope = inner, scope_of_heading(inner)
            part = heading_scope
            continue
        last = blocks[-1] if blocks else None
        # The sentence of a bullet that breaks off goes on behind an empty line, too.
        broken = inner[:1].islower() and last is not None and last.mark != "" and text[last.end - 1].isalpha()
        torn = (
            last is not None
            and bool(mark)
            and not gap
            and not mark.isalnum()
            and (last.mark, last.indent, last.section) == (mark, indent, section)
            and text.endswith(_TORN, last.start, last.end)
            and not opens_rows(text[last.start : last.end])
        )
        wraps = torn or (
            not mark
            and last is not None
            and last.section == section
            and (broken or not gap)
            and (
                inner[:1].islower()
                or inner[:1] in "(,;\u2265\u2264<>=&/"
                or (last.end - last.pieces[-1][0] >= _LONG_LINE and text[last.end - 1] not in ".;:")
            )
        )
        if wraps and last is not None:
            last.end = finish
            last.pieces.append((begin, finish))
        else:
            blocks.append(_Block(body, finish, indent, mark, section, heading, heading_scope, [(body, finish)]))
        gap = False
    _turn_neutral(text, blocks)
    return blocks


def _turn_neutral(text: str, blocks: list[_Block]) -> None:
    """Where a text has no heading of exclusions, "Eligibility criteria" behind its inclusion criteria heads them, if nothing there is asked for."""  # noqa: E501
    listed = [block for block in blocks if block.section is not Section.UNSTATED]
    after = [block for block in listed if is_neutral(block.heading)]
    if not after or is_neutral(listed[0].heading) or any(block.section is Section.EXCLUSION for block in blocks):
        return
    if not any(_ASKS.search(text, block.start, block.end) for block in after):
        for block in after:
            block.section = Section.EXCLUSION


def _names_criteria(line: str) -> bool:
    return "riteria" in line or "RITERIA" in line


def _lines(text: str) -> list[tuple[int, int]]:
    """Lines as (start, end), cut also before a section heading that stands in the middle of a line."""
    spans: list[tuple[int, int]] = []
    done = 0
    for match in re.finditer(r"[^\n\r\u2028\u2029\u0085\v\f]+|\n\s*\n", text):
        if match.start() < done:
            continue
        if match.group().isspace():
            spans.append((match.start(), match.start()))
            continue
        start = match.start()
        for inline in _INLINE_HEADING.finditer(match.group()) if _names_criteria(match.group()) else ():
            at = match.start() + inline.start(1)
            if text[start:at].strip(" *-\t") and not qualifies(text[start:at]):
                spans.append((start, at))
                start = at
            tail = match.start() + inline.end(1)
            if inline.group(1).endswith(COLONS) and text[tail : match.end()].strip():
                spans.append((start, tail))
                start = tail
        done = paragraph_end(text, start, match.end()) if ":" in match.group() else match.end()
        listed = items(text, start, done) if ":" in match.group() else []
        # What lies between two items of a list in one line ends the first like an empty line.
        spans += [span for item in listed for span in (item, (item[1], item[1]))] or [(start, match.end())]
    return spans


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
    blocks = _blocks(text)
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
                    and (_OPENS_LIST.search(text, start, end) or (end - start < _LONG_LINE and criterion_scope(text[start:end])))
                ):
                    above = criteria[-1].order
        else:
            criteria.append(_criterion(text, block.start, block.end, block, len(stack), parent, order))
        stack.append((block.indent, kind, order))
    return with_rows_below(criteria)


def _criterion(text: str, start: int, end: int, block: _Block, depth: int, parent: int | None, order: int) -> Criterion:
    start, end = _trim(text, start, end)
    words = text[start:end]
    scope = block.heading_scope + criterion_scope(words)
    return Criterion(order, start, end, words, block.section, depth, parent, block.heading, scope)

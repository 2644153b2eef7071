"""Where a sentence falls into clauses that say something of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence

import ahocorasick

from kg.criteria.clauses.elsewhere import ELSEWHERE
from kg.criteria.words.first_letters import quick
from kg.criteria.words.patterns import pattern

_WASHED_OUT = r"(?!(?:have|has|had) not (?:yet )?\w+(?: [\w-]+){0,3} wash|(?:must|should) have (?:elapsed|passed|lapsed)\b)"
"""What follows belongs to the therapy before it ("and has not completed a wash-out of 4 weeks") or to the time ("must have elapsed")."""
_VERB_OF_IT = (
    r"(?!(?:must|should)(?: not)? have (?:ended|finished|ceased|stopped|occurred)\b"
    r"|(?:must|should|may)(?: not)? (?:have been|be) (?:\w+ly )?"
    r"(?:discontinued|stopped|completed|finished|ended|ceased|terminated|withheld|suspended|given|administered|initiated|started|used|taken"
    r"|tapered|(?:(?:at least|more than) )?\d+ (?:days|weeks|months)))"
)
"""Behind a comma, the verb of the therapy before it: "prior therapy, including X, must have been stopped"."""
_ENDED = ("completed", "finished", "ended", "concluded", "stopped", "discontinued")
_LEAST = ("at least", "more than")
"""Behind what is denied, and words for the end of another therapy, that has a time of its own: "no X, and Y completed at least …"."""
_WAITED = ("at least ", "more than ")
_VERBS_OF_LEAVE = ("allowed", "permitted", "acceptable", "prohibited", "forbidden")
_ENDS_IN_VERB = "|".join(f"(?<={verb})" for verb in _VERBS_OF_LEAVE)
"""Before a comma: the verb of one therapy, behind which the next has its own ("X is allowed, Y is not allowed, Z must be discussed")."""
_MAY_CUT = r"[;,]|\s+(?:but|however|although|though|whereas|and|or|with|note:|nb:|n\.b\.|of note|these|such|-\s)|(?:and|or|plus)\s"
"""One look at what every break begins with rules most places out, where each of its forms would be tried."""
_BREAK = quick(
    rf"(?={_MAY_CUT})"
    r"(?P<cut>;(?! \((?![a-z0-9]{1,3}\))| (?:except(?:ing)?|apart from|with the exception of) )"
    r"|(?<!\bup to)\s+(?:(?<!thing )(?<!least (?:one|two) )(?<!least \d )but(?:,(?=\s+(?:if|when|where)\b))?"
    r"|however|although|(?<!even )(?<!as )though|whereas)\s+"
    rf"{_WASHED_OUT}"
    r"(?!not limited|not |only|are not|is not|(?:are|is) (?:still|now|currently) "
    r"|no (?:more|later|longer|greater) than \d+ ?(?:day|week|month|mg))"
    rf"|(?:,\s+{_VERB_OF_IT}|(?<!\bprior )(?<!\bprevious )(?:\band|(?<!\bnaive )(?<!\bmay )(?<!\breceived )\bor|\bplus)\s+){_WASHED_OUT}(?=(?:no(?! (?:more|less|fewer|later|earlier|longer) than \d+ (?:day|week|month))|must not|may not|may have|(?:must|should) have|(?:must|should) be|should not|(?:at least|more than) \d+\s+\w+ (?:must |should )?(?:have|has|since)|have not|has not|who ha(?:ve|s) not|not have) )"  # noqa: E501
    r"|,\s+(?=(?:if|when|where)\s+(?:clinically\s+|medically\s+)?(?:necessary|needed|required)\s*,?\s+(?!(?:it|they|this|these|the|patients?|subjects?)\b)"
    r"[\w-]+(?:\s+[\w/-]+){0,5}\s+(?:may|can|could|should)\b)"
    r"|,\s+(?=(?:and\s+)?(?:strong|potent|moderate|weak)(?:\s+(?:ones|inhibitors|inducers))?\s+(?:with\s+caution\b"
    r"|(?:(?:are|is|to be|(?:must|should|may|can) be)\s+)?(?:not\s+)?"
    r"(?:used\s+with|permitted|allowed|prohibited|forbidden|excluded|acceptable|avoided)\b))"
    rf"|(?:{_ENDS_IN_VERB}),\s+(?:(?:and|but|while)\s+)?(?=(?!(?:if|when|where|which|who|that|provided|unless|except|as|but|and|or|in|for)\b)"
    r"[\w-]+(?:\s+[\w/()-]+){0,4}?\s+(?:(?:is|are)\s+(?:not\s+)?(?:allowed|permitted|acceptable|prohibited|forbidden|excluded|ok)\b"
    r"|requires?\s+(?:prior\s+)?(?:approval|discussion|consultation)\b|(?:should|must)\s+be\s+(?:avoided|discussed|approved|stopped|discontinued)\b))"
    r"|,\s+(?=(?:those\s+on\s+)?(?:higher|larger)\s+(?:doses?|ones|amounts?)\s+(?:is|are|will|may|must)\b)"
    r"|,\s+(?=may (?:take|use|receive|be (?:on|taking|using|receiving)) \w|not (?:(?:permitted|allowed) are|ok to) )"
    r"|,\s+(?=(?:none|neither)\s+of\s+(?:which|these|them)\s|which\s+(?:may|must|can|could|should)\s+not\s+(?:have\s+)?(?:contain|includ))"
    r"|\s+(?:and\s+(?=without\s+(?:any\s+)?(?:prior|previous)\s)|(?=note:|nb:|n\.b\.|of note, ))"
    r"|,?\s+(?:(?P<ended>(?:and|(?<!therapy )(?<!treatment )(?<!treated )with(?! (?:the )?exception))\s+)"
    r"(?=(?:[\w()/-]+\s+){1,6}?(?:\([^()]{3,30}\)\s+)?"
    rf"(?:(?:must|should)\s+have\s+(?:been\s+)?)?(?:{'|'.join(_ENDED)})\s+(?:{'|'.join(_LEAST)}))"
    r"|or\s+(?=(?:inadequate|insufficient|incomplete)\s+(?:[\w-]+\s+){0,2}wash)"
    r"|(?=(?:these|such) (?:(?<!\bof these )(?<!\bof such )patients|drugs|agents|medications)))"
    r"|\s-\s(?=[a-z])(?!(?:none|nil|whichever|the (?:short|long|less|great|earli|lat)er)\b))"
)
_PART = r"(?:part|cohort|arm|phase|group|module)s?"
_OPENS = re.compile(
    r"\s*(?:(?:within|for|in|during|at least)\s+[^,;]{0,20}?\b(?:days?|weeks?|months?|years?|hours?)\b[^,;:]{0,80}"
    rf"|(?:for|in)\s+(?:the\s+)?{_PART}\s+[a-z0-9]{{1,3}}\b"
    rf"(?:[\s,/&]+(?:(?:and|or)\s+)?(?:{_PART}\s+)?[a-z0-9]{{1,3}}\b){{0,6}}(?:\s+(?:only|patients|participants|subjects)){{0,2}})"
)
"""What a sentence may open with, that belongs to what follows: "within 2 weeks before cell therapy, have not …", "for part 2, no …"."""
_IF_TAKEN = re.compile(
    r"\s*if\s+(?:(?:the|patients?|participants?|subjects?|they|is|are|currently|already)\s+)*(?:on|taking|receiving|using)\s[^,;:]{1,60}"
)
_IF_HAD = re.compile(
    r"(?:^|[,;:])\s*(?:if|when|where|for|in (?:the )?case)\s[^,;:]{0,80}"
    r"\b(?:received|had|treated|given|prior|previous|after)\b[^,;:]{0,80}$"
    r"|^\s*(?:for|in (?:the )?case of)\s+(?!patients|subjects|participants|those|all\b|part\b|cohort|arm\b|phase)[^,;:]{3,60}$"
)
"""Before a time it tells of what that is: "if the patient received X, at least 28 days must have passed since the last infusion"."""
_ALL_OTHERS = pattern("narrowing: all others")
_EXCEPTS = re.compile(
    r"\s*(?:(?:with\s+)?(?:the\s+)?exception\s+of|except(?:ing)?|other\s+than|apart\s+from|aside\s+from|save\s+for|barring|unless)\s"
)
_MAY_HAVE = "may have "
"""What may have been begins a clause only behind what was not: "have not received X, or may have received one cycle"."""
_MUST_BE = ("must be ", "must have been ")
"""Behind "if taking X, …" these tell of X."""
_MUST_NOT_NEED = ("must not require", "must not be requiring", "must not need", "should not require")
_NONE_HAD = re.compile(r"[^,;]{0,60}?\b(?:no|never|not (?:have )?received|without)\s")
_TIMES = ("days", "weeks", "months", "years")
_AT_MOST = re.compile(
    r"(?:(?:less|fewer) than|at most|within|[<\u2264]=?)\s*\d+\s*(?:days|weeks|months|years)\s+(?:after|since|from|before|prior|ago)\b"
)
"""Behind a time and "but", the longest that it may be: "more than 4 weeks but less than 12 weeks since"."""
_LISTS_EXCEPTIONS = re.compile(r"\b(?:exceptions?|except(?:ing)?(?:\s+for)?)\b[^;.:()]{0,40}(?P<list>:)?")
_GOES_ON = re.compile(
    r";\s*(?:or|and)\s+(?!(?:use|any|prior|previous|received?|receiving|treat\w+|taking|other|current\w*|has|have|who|known"
    r"|patients|participants|subjects|those|participat\w+)\b)"
)
"""Behind "with the exception of X" a semicolon with "or" that begins no matter of its own: what comes is excepted, too."""
_DENIES = re.compile(r"\b(?:no|(?<!can )not|never|without|elapsed|since|off|free of)\b")
"""Words whose list of therapies may go on behind semicolons."""
_TIMES_ALL = re.compile(r"[^:;.]{0,80}\b(?:within|in|during|less than|<)\s[^:;.]{0,20}\b(?:days?|weeks?|months?|years?)\b[^:;.]{0,60}:\s")
"""A label with a time, which is that of all that is listed behind it: "within 28 days before enrolment: chemotherapy; antibodies"."""
_TIME = r"(?:\d+|one|two|three|four|six|eight)\s*(?:days?|weeks?|months?|half[- ]?li\w+)"
_TIMED = rf"(?:(?!\b(?:within|in|during)\s)[^:;.]){{2,80}}?\b{_TIME}\b[^:;.]{{0,30}}"
_ROWS = re.compile(rf"[^:;.]{{3,140}}:\s{_TIMED}(?:;{_TIMED})*")
"""A label, and rows of therapies with their times: "time since the last dose: chemotherapy > 3 weeks; antibodies > 4 weeks"."""
_ROW = re.compile(rf";{_TIMED}(?:[;.]|$)")
_ROW_OF_ITS_OWN = re.compile(rf";[^:;]{{3,100}}:\s+(?:at least|more than)?\s*{_TIME}\b")
"""Behind the time of one therapy the label and time of the next: "antibodies: 21 days since the last; cells: 42 days"."""
_TIME_OF_SOME = re.compile(
    r";\s*(?:(?:and|or)\s+)?(?:(?:this|the)\s+(?:period|interval|time|window|wash-?\s?out(?:\s+period)?)\s+(?:is|should be|must be)\s+)?"
    r"(?:(?:at least|within|less than|more than|[<\u2264]=?)\s*)?"
    rf"{_TIME}(?:\s+or\s+{_TIME})?(?:,?\s+whichever\s[^,;:()]{{3,20}},?|\s*\(whichever\s[^:()]{{3,60}}\))?\s+"
    r"(?:for|in (?:the )?case of|if)\s[^;:]{3,100}(?:[;.]|$)"
    r"|;\s*(?:(?:and|or|but)\s+)?(?:for|in (?:the )?case of)\s[^;:.\d]{3,80}[\s,:](?:at least\s+)?"
    rf"{_TIME}(?:\s+(?:before|prior)\b[^;:]{{0,60}})?(?:[;.]|$)"
)
"""Behind a time the other one of some therapies: "within 2 weeks; 4 weeks for antibodies", "; for antibodies, 4 weeks"."""
OR_HALF_LIVES = re.compile(
    r";\s*or\s+(?:at least\s+|within\s+)?(?:\d+|two|three|four|five)\s*half[- ]?li\w+\s+"
    r"(?P<of>from|since|for|of)\s[^;:.]{3,100}\bwhichever\b"
)
"""Behind a time the half-lives that may stand in its place: "4 weeks from X; or 5 half-lives from antibodies, whichever is shorter"."""
_AMOUNT = re.compile(_TIME)
_OF_WHAT_FOLLOWS = re.compile(rf"{_TIME}|\blines?\b")
"""What is told before its therapy is named: "4 weeks, 3 weeks, and at least 2 weeks must have elapsed since A, B and C, respectively"."""
_SAYS_MORE = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|must|may|should|can|will|no|not|who|interval|require[sd]?|mandatory|receiv\w+|recover\w+|stopped|completed|ended|finished|discontinued|unless|except|allowed|permitted|ok|okay|history|caution|avoid\w*|discuss\w*|consult\w*|contact|prohibited|forbidden|excluded)\b"
)
"""Words of a clause that is more than an item of a list."""
_THERAPY = re.compile(r"\b(?:use of|receipt of|treatment with|any|other)\b[^;.]{0,40}\b(?:therap(?:y|ies)|treatments?|drugs?|agents?)\b")
"""Words of an item of a list for a therapy that bears no name: "use of any systemic anti-myeloma drug therapy"."""
_OWN_MATTER = re.compile(
    r";\s*(?:(?:the\s+)?(?:last|most\s+recent)\s|(?:at\s+least|\u2265|>=)\s*(?:one|two|three|[123])\s+(?!days?|weeks?|months?|years?|half|other)"
    rf"|(?:at\s+least|more\s+than)\s+{_TIME}\s+(?:(?:must|should)\s+have\s+|ha(?:ve|s)\s+)?(?:since|from|after|elapsed|passed)\b"
    rf"|[\w-]+(?:\s+[\w-]+)?:?\s+(?:at\s+least|more\s+than)\s+{_TIME}\s*(?:[;.,]|$)"
    r"|(?:(?:and|for|in)\s+){0,2}(?:[\w/-]+\s+){0,3}(?:cohort|arm|part|phase|group|stratum)s?\b[^:;.,]{0,20}[:,]\s)"
)
"""Behind what is denied it begins what must have ended, what is asked for, or what is so of a part: "no prior TKI; last X 4 weeks ago;
at least one Y; Cohort B: Z"."""
_AT_ANY_TIME = re.compile(r"\b(?:prior|previous(?:ly)?|ever|any time)\b")
_DASH = re.compile(
    r"\s-\s(?:within\s+\d"
    r"|(?:all\s+)?(?:patients?|participants?|subjects?|must|should|may|can|at least|to be|use|used|using|only|with caution|caution"
    r"|avoid\w*|stop\w*|discontinu\w+|switch|hold|monitor\w*|discuss\w*|consult\w*|contact|not|(?:\w+\s+)?levels?"
    r"|(?:permitted|allowed|acceptable|ok|prohibited|forbidden|excluded)(?!\s*(?:-|drugs?\b|medic\w+|agents?\b)))\b)"
)
_TIME_BEHIND = re.compile(r"(?:(?:with)?in|during|over)\s+(?:the\s+)?(?:(?:last|past|previous|preceding|prior)\s+)?\d|less than \d")
"""Behind a dash the time of what stands before it."""
_VERB_ALONE = re.compile(
    r"\s*(?:(?:also|strictly|not|always)\s+)*(?:permitted|allowed|acceptable|prohibited|forbidden|disallowed|excluded)"
    r"(?:\s+(?:drugs?|medications?|medicines?|agents?|treatments?|therap(?:y|ies)))?"
)
"""Before a dash, what holds for all behind it: "permitted - statins, PPIs"."""
_TOPIC_WORD = r"(?!(?:is|are|has|have|had|must|no|not|who|may|should)\b)[\w/(),.'-]+"
_TOPIC = re.compile(rf"(?:[\w\s-]{{3,40}}:\s+)?{_TOPIC_WORD}(?:\s+{_TOPIC_WORD}){{0,13}}\s*")
"""What the sentence behind a dash is about: "monoclonal antibody treatment - patients must have received the last dose …"."""
_BREAKERS = (
    ";",
    ", if n",
    ", if required",
    ", higher ",
    ", larger ",
    ", those on ",
    ", when n",
    " but ",
    " but, ",
    " however ",
    " though ",
    " whereas ",
    "note:",
    "nb:",
    "n.b.",
    " - ",
    "of note, ",
    *(f"{these} {ones}" for these in ("these", "such") for ones in ("patients", "drugs", "agents", "medications")),
    "although ",
    "while ",
    ", may ",
    ", not ",
    ", strong ",
    ", potent ",
    ", moderate ",
    *(f"{verb}, " for verb in _VERBS_OF_LEAVE),
    ", weak ",
    ", and strong ",
    " of which ",
    ", which ",
    "and without ",
    "or inadequate ",
    "or insufficient ",
    "or incomplete ",
    *(f" {ended} {least}" for ended in _ENDED for least in _LEAST),
)
_ANY_BREAKER = ahocorasick.Automaton()
for _breaker in _BREAKERS:
    _ANY_BREAKER.add_word(_breaker, True)
_ANY_BREAKER.make_automaton()
_VERBS = (" no ", " must ", " may ", " should not ", " at least ", " more than ", "have not ", " has not ", "not have ")
_JOINED_VERB = re.compile(r"(?:,|and|or|plus) (?:no|must|may|should|at|more|who|have|has|not) ")
"""A sentence without breaker or joined verb is one clause: looking for them is quicker than for `_BREAK`."""
_MAY = "may "
_CONCEDED = re.compile(
    r"(?:although|though|while|whereas)\s[^,;:]{5,120}\b(?:prohibited|excluded|permitted|allowed|forbidden|used|taken|given|caution)(?=,\s)"
)
"""What a sentence concedes before it says what matters: "although strong ones are prohibited, moderate ones may be used"."""
_OR_TO = ("; or to ", "; and to ", "; or any ")
_HARMED = re.compile(r"\b(?:allerg|hypersensitiv|intoleran|reactions?\b|contra-?indicat|sensitivit)")
"""Behind a semicolon an allergy goes on with what it is to: "allergy to excipients; or to X"."""


def may_break(sentence: str) -> bool:
    """Whether a sentence, or one of several, may be more than one clause."""
    if next(_ANY_BREAKER.iter(sentence), None) is not None:
        return True
    for word in _VERBS:
        if word in sentence:
            return _JOINED_VERB.search(sentence) is not None
    return False


def cut_sentence(lower: str, start: int, end: int, parens: tuple[tuple[int, int], ...], therapies: Sequence[int]) -> list[tuple[int, int]]:
    """The clauses of a sentence, as (start, end).

    Arguments:
        lower: lower-case normal form.
        start, end: where the sentence stands in it.
        parens: where its parentheses open and close.
        therapies: where its therapies begin.
    """
    spans = []
    at = start
    conceded = _CONCEDED.match(lower, start, end)
    if conceded is not None:
        spans.append((start, conceded.end()))
        at = conceded.end()
    for match in _BREAK.finditer(lower, start, end) if may_break(lower[start:end]) else ():
        if match.start() <= at or any(s < match.start() < e for s, e in parens):
            continue
        if _OPENS.fullmatch(lower, at, match.start()) and not (
            match.group() == ";" and _of_its_own(lower, at, match.start(), end, therapies)
        ):
            continue
        if ELSEWHERE.match(lower, match.start(), end) is not None:
            continue
        if lower.startswith(_MUST_NOT_NEED, match.end()) and "toxicit" in lower[at : match.start()]:
            continue  # "must have recovered from toxicities and must not require steroids": against them
        if match.group().strip() in (";", "-") and _among_exceptions(lower, start, match.start(), parens):
            continue
        if match.group() == ";" and (
            _goes_on(lower, at, match.start(), end, therapies)
            or (lower.startswith(_OR_TO, match.start()) and _HARMED.search(lower, at, match.start()) is not None)
        ):
            continue
        if lower.startswith(_MAY, match.end()) and match.group().startswith(",") and not _DENIES.search(lower, at, match.start()):
            continue  # "patients on X, who are stable, may receive Y"
        if at == start and match.group().startswith(",") and _EXCEPTS.match(lower, at):
            continue  # "with the exception of X, no Y"
        if match["ended"] and not _NONE_HAD.match(lower, at, match.start()):
            continue  # "recovered from surgery and radiotherapy completed at least 4 weeks ago"
        if lower.startswith(_MAY_HAVE, match.end()) and _DENIES.search(lower, at, match.start()) is None:
            continue
        if lower.startswith(_WAITED, match.end()) and (
            _IF_HAD.search(lower[at : match.start()])
            or (_OF_WHAT_FOLLOWS.search(lower, at, match.start()) and not any(at <= t < match.start() for t in therapies))
        ):
            continue
        if lower.endswith(_TIMES, at, match.start()) and _AT_MOST.match(lower, match.end()):
            continue
        if at == start and lower.startswith(_MUST_BE, match.end()) and _IF_TAKEN.fullmatch(lower, at, match.start()):
            continue
        if match.group().strip() == "-" and _VERB_ALONE.fullmatch(lower, at, match.start()):
            continue
        if match.group().strip() == "-" and _TIME_BEHIND.match(lower, match.end()):
            continue  # "patients who have had X - within 4 weeks before entry"
        opened = at == start or lower.endswith(";", start, at)
        if opened and _DASH.match(lower, match.start()) and _TOPIC.fullmatch(lower, at + lower.startswith(" ", at), match.start()):
            continue
        spans.append((at, match.start()))
        at = match.end()
    if at < end:
        spans.append((at, end))
    return spans


def trim(lower: str, start: int, end: int) -> tuple[int, int]:
    """A span without the blanks at its ends, and the commas before it."""
    while start < end and lower[start] in " ,":
        start += 1
    while end > start and lower[end - 1] == " ":
        end -= 1
    return start, end


def _among_exceptions(lower: str, start: int, semicolon: int, parens: tuple[tuple[int, int], ...]) -> bool:
    """Whether a semicolon only parts what is excepted: "with these exceptions: X; Y"."""
    opened = [m for m in _LISTS_EXCEPTIONS.finditer(lower, start, semicolon) if not any(a < m.start() < b for a, b in parens)]
    return bool(opened) and (opened[-1]["list"] is not None or _GOES_ON.match(lower, semicolon) is not None)


def _of_its_own(lower: str, at: int, semicolon: int, end: int, therapies: Sequence[int]) -> bool:
    """Whether a therapy has its time before a semicolon, and another its verb behind: "4 weeks since chemotherapy; X may go on"."""
    until = lower.find(";", semicolon + 1, end)
    until = end if until < 0 else until
    ahead, behind = any(at <= t < semicolon for t in therapies), any(semicolon < t < until for t in therapies)
    return ahead and behind and _SAYS_MORE.search(lower, semicolon, until) is not None


def _goes_on(lower: str, at: int, semicolon: int, end: int, therapies: Sequence[int]) -> bool:
    """Whether a semicolon only parts what is denied or timed: "no prior MEK inhibitors; mTOR inhibitors", "4 weeks since X; Y"."""
    if (_ROWS.fullmatch(lower, at, semicolon) and _ROW.match(lower, semicolon, end)) or _ALL_OTHERS.match(lower, semicolon):
        return True
    if (_TIME_OF_SOME.match(lower, semicolon, end) or OR_HALF_LIVES.match(lower, semicolon, end)) and _AMOUNT.search(lower, at, semicolon):
        return True
    timed = _TIMES_ALL.match(lower, at, semicolon)
    own_row = _AMOUNT.search(lower, at, semicolon) and _ROW_OF_ITS_OWN.match(lower, semicolon, end)
    if own_row or (not timed and _OWN_MATTER.match(lower, semicolon)):
        return False
    if not timed and not (_DENIES.search(lower, at, semicolon) and any(at <= therapy < semicolon for therapy in therapies)):
        return False
    until = lower.find(";", semicolon + 1, end)
    until = end if until < 0 else until
    if timed and _TIMES_ALL.match(lower, semicolon + 1, until):
        return False  # "within 6 weeks: A, B; within 4 weeks: C"
    more = _SAYS_MORE.search(lower, semicolon, until) or (timed and _AT_ANY_TIME.search(lower, semicolon, until))
    named = any(semicolon < therapy < until for therapy in therapies)
    return (named or (timed is not None and _THERAPY.search(lower, semicolon, until) is not None)) and not more

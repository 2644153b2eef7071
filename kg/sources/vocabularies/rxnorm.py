"""RxNorm in the Rich Release Format: ingredients with their brands, salts, UNII, SNOMED CT and ATC codes; products with their ingredients.

Columns and meanings as in section 12 of RxNorm's technical documentation: fields end with `|`; a row of RXNREL reads "RXCUI2 RELA RXCUI1".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path

from kg.errors import BadInput
from kg.records import Source
from kg.sources.vocabularies.records import Concept, Vocabulary
from kg.sources.vocabularies.rxnorm_products import Products

__all__ = ["read"]

CONSO, REL, SAT = "RXNCONSO.RRF", "RXNREL.RRF", "RXNSAT.RRF"
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    CONSO: tuple("RXCUI LAT TS LUI STT SUI ISPREF RXAUI SAUI SCUI SDUI SAB TTY CODE STR SRL SUPPRESS CVF".split()),
    REL: tuple("RXCUI1 RXAUI1 STYPE1 REL RXCUI2 RXAUI2 STYPE2 RELA RUI SRUI SAB SL DIR RG SUPPRESS CVF".split()),
    SAT: tuple("RXCUI LUI SUI RXAUI STYPE CODE ATUI SATUI ATN SAB ATV SUPPRESS CVF".split()),
}
_RELEASED = re.compile(r"RxNorm_(?:full|weekly)(?:_prescribe)?_(\d{8})", re.IGNORECASE)
_README = re.compile(r"Readme_(?:Full|Weekly)(?:_Prescribe)?_(\d{8})\.txt", re.IGNORECASE)
_UNII = re.compile(r"[A-Z0-9]{10}")
_LIVE = "N"
"""The value of SUPPRESS for rows that are in use."""
_FORMS = {"BN": "brand", "PIN": "salt"}
"""Kinds of products whose names are names of their one ingredient, and kinds of names."""


@dataclass(slots=True)
class _Ingredient:
    name: str = ""
    names: list[tuple[str, str]] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    atc: list[str] = field(default_factory=list)


def read(folder: Path) -> Vocabulary:
    """The release in a folder.

    Raises:
        BadInput: no RXNCONSO.RRF there, or a row that has not the format's columns.
    """
    place = folder if (folder / CONSO).exists() else folder / "rrf"
    if not (place / CONSO).exists():
        raise BadInput(f"{folder}: holds neither {CONSO} nor rrf/{CONSO}; give the folder of a RxNorm release")
    version = _version(folder)
    source = Source(
        f"rxnorm-{version or 'unknown'}",
        "RxNorm, U.S. National Library of Medicine" + (f", release {version}" if version else ""),
        "https://www.nlm.nih.gov/research/umls/rxnorm/",
        version,
        licence="see the release",
        licence_url="https://www.nlm.nih.gov/research/umls/rxnorm/docs/termsofservice.html",
    )
    return Vocabulary(source, _concepts(place))


def _version(folder: Path) -> str:
    """The release's date, as the release's own files or folders say it (MMDDYYYY → YYYY-MM-DD)."""
    names = [item.name for place in (folder, folder.parent) for item in place.iterdir() if _README.fullmatch(item.name)]
    for found in (_README.fullmatch(names[0]) if names else None, _RELEASED.search(str(folder.resolve()))):
        if found:
            return f"{found[1][4:]}-{found[1][:2]}-{found[1][2:4]}"
    return ""


def _rows(file: Path, *wanted: str) -> Iterator[tuple[str, ...]]:
    """The wanted cells of each row: a full release has millions, of which few matter."""
    columns = _COLUMNS[file.name]
    pick = itemgetter(*map(columns.index, wanted))
    try:
        with file.open(encoding="utf-8", newline="\n") as lines:
            for number, line in enumerate(lines, 1):
                cells = line.rstrip("\r\n").split("|")
                if len(cells) != len(columns) + 1 or cells[-1]:
                    expected = f"{len(columns)} expected; this is no {file.name} of RxNorm"
                    raise BadInput(f"{file}:{number}: {len(cells) - 1} fields that end with '|', {expected}")
                yield pick(cells)
    except UnicodeDecodeError as error:
        raise BadInput(f"{file}: not UTF-8 (byte {error.start}); take the file as RxNorm released it") from None
    except OSError as error:
        raise BadInput(f"{file}: cannot be read: {error.strerror}") from error


def _concepts(place: Path) -> Iterator[Concept]:
    ingredients: dict[str, _Ingredient] = {}
    products = Products()
    groups: dict[str, str] = {}  # ATC code of a group → its name
    others: list[tuple[str, str, str, str]] = []  # RXCUI, vocabulary, its code, its name
    for number, language, vocabulary, kind, code, name, suppress in _rows(place / CONSO, *"RXCUI LAT SAB TTY CODE STR SUPPRESS".split()):
        if language != "ENG":
            continue
        if vocabulary == "RXNORM":
            products.add(number, kind, name, live=suppress == _LIVE)
        if suppress != _LIVE:
            continue
        match vocabulary, kind:
            case "RXNORM", "IN":
                ingredients.setdefault(number, _Ingredient()).name = name
            case ("RXNORM", "SY" | "TMSY") | ("MTHSPL", "SU") | ("ATC", "IN"):
                others.append((number, vocabulary, code, name))
            case "SNOMEDCT_US", _:
                others.append((number, vocabulary, code, ""))
            case "ATC", _:
                groups[code] = name
            case _:
                pass
    for number, vocabulary, code, name in others:
        ingredient = ingredients.get(number)
        if ingredient is None:
            continue
        if vocabulary == "SNOMEDCT_US":
            # its names end with a tag, as in "Imatinib (substance)"
            ingredient.codes.append(f"snomedct:{code}")
            continue
        ingredient.names.append((name, "synonym"))
        if vocabulary == "MTHSPL" and _UNII.fullmatch(code):
            ingredient.codes.append(f"unii:{code}")
        elif vocabulary == "ATC":
            ingredient.atc.append(code)
    known = {number: ingredient.name for number, ingredient in ingredients.items() if ingredient.name}
    _add_relations(place, products)
    for number, (kind, name) in products.names.items():
        parts = products.ingredients(number, known) if kind in _FORMS else ()
        if len(parts) == 1:  # a brand of two ingredients is a combination
            ingredients[parts[0]].names.append((name, _FORMS[kind]))
    _add_attributes(place, ingredients)
    for number, ingredient in ingredients.items():
        if ingredient.name:
            yield Concept(
                tuple(dict.fromkeys([f"rxnorm:{number}", *ingredient.codes, *(f"atc:{code}" for code in ingredient.atc)])),
                tuple(dict.fromkeys([(ingredient.name, "synonym"), *ingredient.names])),
                tuple(dict.fromkeys(series for code in ingredient.atc if (series := _groups_of(code, groups)))),
                f"RXCUI {number}",
            )
    yield from products.concepts(known)


def _groups_of(code: str, groups: Mapping[str, str]) -> tuple[str, ...]:
    """The names of an ATC code's groups, the narrowest first."""
    return tuple(groups[code[:size]] for size in (5, 4) if code[:size] in groups)


def _add_relations(place: Path, products: Products) -> None:
    if not (place / REL).exists():
        return
    for part, whole, relation, vocabulary, suppress in _rows(place / REL, *"RXCUI1 RXCUI2 RELA SAB SUPPRESS".split()):
        if vocabulary == "RXNORM" and suppress in ("", _LIVE):
            products.relate(whole, relation, part)


def _add_attributes(place: Path, ingredients: Mapping[str, _Ingredient]) -> None:
    """ATC codes that stand as attributes only."""
    if not (place / SAT).exists():
        return
    for number, code, attribute, value in _rows(place / SAT, "RXCUI", "CODE", "ATN", "ATV"):
        if attribute == "ATC_LEVEL" and value == "5" and (ingredient := ingredients.get(number)) and code not in ingredient.atc:
            ingredient.atc.append(code)

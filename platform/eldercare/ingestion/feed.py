"""Feeds: which column of a partner's file is which field, which word stands for which term, and how days are written."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from difflib import get_close_matches
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from eldercare.ingestion.person_row import BY_NAME, Part
from eldercare.kit.errors import InvalidInput
from eldercare.kit.term import Term
from eldercare.registry.source import CollectionMethod

PACKAGED = "people"
KEYS = ("name", "extends", "system", "method", "columns", "vocabulary", "dates", "empty", "defaults")
METHODS = (CollectionMethod.IMPORT, CollectionMethod.BIG_DATA_MATCH)
ROC = "ROC"
"""In `dates`: years of the Republic of China, such as 34.3.12 or 民國34年3月12日."""

ROC_YEAR, ROC_DAY = 1911, re.compile(r"(?:民[国國])?(\d{1,3})[年./-](\d{1,2})[月./-](\d{1,2})日?")


@dataclass(frozen=True)
class Feed:
    """How files of one partner are read; words and headers stand in the form that `plain` gives them."""

    name: str
    system: str | None
    method: CollectionMethod
    columns: Mapping[str, str]
    vocabulary: Mapping[str, Mapping[str, str]]
    dates: tuple[str, ...]
    empty: frozenset[str]
    defaults: Mapping[str, str]

    def digest(self) -> str:
        """SHA-256 of all that it says: two feeds that read alike have the same."""
        told = asdict(self) | {"empty": sorted(self.empty)}
        return sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def term(self, part: Part, word: str) -> Term | None:
        """The term that a word stands for: by the feed's vocabulary, else by its code or label."""
        kind = part.kind
        assert not isinstance(kind, str)
        code = self.vocabulary.get(part.name, {}).get(plain(word))
        return kind[code] if code is not None else _labels(kind).get(plain(word))

    def day(self, text: str) -> date | None:
        """The day that a text names in one of the feed's forms."""
        for form in self.dates:
            if (found := _roc(text) if form == ROC else _day(text, form)) is not None:
                return found
        return None


class Unknown(NamedTuple):
    """A column that the feed does not know, with the known header most like it."""

    header: str
    nearest: str | None


def plain(text: str) -> str:
    """A header or word without what differs between files that mean the same.

    >>> plain("姓　名*（必填）"), plain("Birth_Date ")
    ('姓名', 'birthdate')
    """
    wide = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"\(.*?\)|[\s_*:.\-]", "", wide) or wide.strip()


def places(feed: Feed, header: tuple[str, ...]) -> tuple[dict[str, int], list[Unknown]]:
    """Where each field stands in a file, and the columns nobody knows; two columns for one field are refused."""
    found: dict[str, int] = {}
    unknown = []
    for place, each in enumerate(header):
        field = feed.columns.get(plain(each))
        if field is None:
            if each:
                unknown.append(Unknown(each, _nearest(each, feed)))
            continue
        if field in found:
            raise InvalidInput(
                "COLUMN_TWICE",
                f"The columns {header[found[field]]!r} and {each!r} both are {field} ({BY_NAME[field].zh}).",
                remedy="Remove one, or name only one of them in a feed of your own.",
                path=(field,),
            )
        found[field] = place
    if "name" not in found:
        raise InvalidInput(
            "COLUMN_MISSING",
            f"No column is the name ({BY_NAME['name'].zh}); there are: {', '.join(each for each in header if each)}.",
            remedy="Say in a feed of your own (--feed) which column it is; the first row must be the header.",
            path=("name",),
        )
    return found, unknown


@cache
def packaged(name: str = PACKAGED) -> Feed:
    """A feed that comes with the product."""
    return _made(yaml.safe_load(packaged_text(name)), name)


def packaged_text(name: str = PACKAGED) -> str:
    """Its file, to start one's own from."""
    return (files("eldercare.ingestion") / "feeds" / f"{name}.yaml").read_text("utf-8")


def read_feed(path: Path) -> Feed:
    """A feed of one's own from a YAML file; `InvalidInput` names what is wrong in it."""
    try:
        said = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput("FEED_FILE", f"The feed {path} cannot be read: {error}.", remedy="Check the path.") from None
    except yaml.YAMLError as error:
        raise InvalidInput("FEED_FILE", f"The feed {path} is no YAML: {error}.", remedy="Correct it there.") from None
    if not isinstance(said, dict):
        raise InvalidInput(
            "FEED_FILE", f"The feed {path} says nothing.", remedy="See docs/ingestion.md for an example."
        )
    return _made(said, path.stem)


def _made(said: Mapping[str, Any], name: str) -> Feed:
    _known(said, KEYS, "keys of a feed")
    above = packaged(str(said["extends"])) if said.get("extends") else None
    columns = dict(above.columns if above else {}) | _columns(said.get("columns") or {})
    vocabulary = {field: dict(words) for field, words in (above.vocabulary if above else {}).items()}
    for field, words in _vocabulary(said.get("vocabulary") or {}):
        vocabulary[field] = vocabulary.get(field, {}) | words
    method = CollectionMethod.IMPORT if above is None else above.method
    if "method" in said:
        _known([said["method"]], METHODS, "methods of a feed")
        method = CollectionMethod[said["method"]]
    defaults = {str(field): str(word) for field, word in (said.get("defaults") or {}).items()}
    _known(defaults, BY_NAME, "fields")
    empty = frozenset(plain(str(word)) for word in said.get("empty") or ())
    return Feed(
        name=str(said.get("name") or name)[:80],
        system=said.get("system") or (above.system if above else None),
        method=method,
        columns=columns,
        vocabulary=vocabulary,
        dates=tuple(said.get("dates") or (above.dates if above else ("%Y-%m-%d",))),
        empty=empty | (above.empty if above else frozenset()),
        defaults={**(above.defaults if above else {}), **defaults},
    )


def _columns(said: Mapping[str, Any]) -> dict[str, str]:
    _known(said, BY_NAME, "fields")
    return {
        plain(str(header)): field
        for field, headers in said.items()
        for header in (headers if isinstance(headers, list) else [headers])
    }


def _vocabulary(said: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    _known(said, BY_NAME, "fields")
    for field, words in said.items():
        kind = BY_NAME[field].kind
        if not isinstance(kind, str):
            _known(words.values(), [term.value for term in kind], f"terms of {field}")
        yield field, {plain(str(word)): str(code) for word, code in words.items()}


def _known(said: Any, known: Any, what: str) -> None:
    names = sorted(str(each) for each in known)
    for each in said:
        if str(each) not in names:
            near = get_close_matches(str(each), names, n=1, cutoff=0.5)
            raise InvalidInput(
                "FEED_UNKNOWN",
                f"{each!r} is none of the {what}.",
                remedy=f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(names)}.",
                path=(str(each),),
            )


def _nearest(header: str, feed: Feed) -> str | None:
    near = get_close_matches(plain(header), list(feed.columns), n=1, cutoff=0.5)
    return near[0] if near else None


@cache
def _labels(kind: type[Term]) -> dict[str, Term]:
    return {plain(word): term for term in kind for word in (term.en, term.zh, term.value)}


def _day(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text, form).date()
    except ValueError:
        return None


def _roc(text: str) -> date | None:
    found = ROC_DAY.fullmatch(text)
    try:
        return date(int(found[1]) + ROC_YEAR, int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None

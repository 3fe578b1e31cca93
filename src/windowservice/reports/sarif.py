"""SARIF 2.1.0: what was found, by which rule and where, as pages for reviewing code and their lists of alerts read it.

It knows nothing of what it writes: a problem of a pack and a finding of an audit are a `Result` each.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, TextIO, TypeAlias
from urllib.parse import quote

import attrs

from windowservice.clean import for_json, for_line

__all__ = ["Descriptor", "Level", "Result", "sarif_document", "write_sarif"]

Level: TypeAlias = Literal["error", "warning", "note", "none"]
"""How grave a result is; ``none`` of one that is no problem."""
SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


@attrs.frozen(kw_only=True)
class Descriptor:
    """A rule by which something was found.

    Attributes:
        id: its name, unique in the document.
        title: what it finds or asks, in one sentence.
        help: what to do about it.
        level: how grave its results are, if they do not say.
        properties: what else is said of it, as plain values.
    """

    id: str
    title: str
    help: str = ""
    level: Level = "warning"
    properties: Mapping[str, Any] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Result:
    """One thing that was found.

    Attributes:
        rule: the id of its descriptor.
        level: how grave it is.
        message: what was found, in one line.
        file: the file, as a path with ``/``, relative to where the command is run; empty if it stands in none.
        line: the line in the file, from 1; 0 if nobody knows.
        place: what it is about, by its full name: a key of a document, or a record; empty if nothing is named.
        kind: what sort of thing `place` is.
        key: what tells the result from others of its rule, whatever the message says; without it file, place and
            message do.
        properties: what else is said of it, as plain values.
    """

    rule: str
    level: Level
    message: str
    file: str = ""
    line: int = 0
    place: str = ""
    kind: str = "member"
    key: str = ""
    properties: Mapping[str, Any] = attrs.field(factory=dict)


def sarif_document(
    rules: Iterable[Descriptor], results: Iterable[Result], *, version: str = "",
    properties: Mapping[str, Any] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return a document of one run as plain values.

    Args:
        rules: the rules that were asked, whether they found something or not.
        results: what was found; each names one of the rules.
        version: the version of the library.
        properties: what is said of the run, such as as of when it was judged.
    """
    described = list({rule.id: rule for rule in rules}.values())
    places = {rule.id: number for number, rule in enumerate(described)}
    driver: dict[str, Any] = {"name": "windowservice", "rules": list(map(_rule, described))}
    run: dict[str, Any] = {
        "tool": {"driver": driver | ({"version": version} if version else {})},
        "columnKind": "unicodeCodePoints",
        "results": [_result(result, places[result.rule]) for result in results],
    }
    run |= {"properties": dict(properties)} if properties else {}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def write_sarif(
    rules: Iterable[Descriptor], results: Iterable[Result], out: TextIO, *, version: str = "",
    properties: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Write a document of one run; the arguments are those of `sarif_document`."""
    document = sarif_document(rules, results, version=version, properties=properties)
    out.write(f"{for_json(json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1))}\n")


def _rule(rule: Descriptor) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": rule.id,
        "shortDescription": {"text": for_line(rule.title)},
        "defaultConfiguration": {"level": rule.level},
    }
    said |= {"help": {"text": for_line(rule.help)}} if rule.help else {}
    return said | ({"properties": dict(rule.properties)} if rule.properties else {})


def _result(result: Result, number: int) -> dict[str, Any]:
    said: dict[str, Any] = {
        "ruleId": result.rule,
        "ruleIndex": number,
        "level": result.level,
        "kind": "pass" if result.level == "none" else "fail",
        "message": {"text": for_line(result.message)},
        "partialFingerprints": {"windowservice/v1": _fingerprint(result)},
    }
    location: dict[str, Any] = {}
    if result.file:
        location["physicalLocation"] = {"artifactLocation": {"uri": quote(result.file.replace("\\", "/"), safe="/")}}
        if result.line:
            location["physicalLocation"]["region"] = {"startLine": result.line}
    if result.place:
        location["logicalLocations"] = [{"fullyQualifiedName": for_line(result.place), "kind": result.kind}]
    said |= {"locations": [location]} if location else {}
    return said | ({"properties": dict(result.properties)} if result.properties else {})


def _fingerprint(result: Result) -> str:
    """Return by what a result is known again in the next run: not by its line, which moves."""
    said = [result.rule, result.key] if result.key else [result.rule, result.file, result.place, result.message]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]

"""A document in SARIF has what the standard asks for, tells a result again, and lets nothing steer who reads it."""

from __future__ import annotations

import io
import json
from typing import Any, Final

import attrs
import jsonschema
import pytest

from windowservice.reports.sarif import Descriptor, Result, sarif_document, write_sarif

TEXT: Final = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
LEVEL: Final = {"enum": ["none", "note", "warning", "error"]}
RULE: Final = {
    "type": "object", "required": ["id"], "additionalProperties": False,
    "properties": {
        "id": {"type": "string"}, "shortDescription": TEXT, "help": TEXT, "properties": {"type": "object"},
        "defaultConfiguration": {"type": "object", "properties": {"level": LEVEL}},
    },
}  # fmt: skip
LOCATION: Final = {
    "type": "object", "additionalProperties": False,
    "properties": {
        "physicalLocation": {
            "type": "object", "required": ["artifactLocation"], "additionalProperties": False,
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "properties": {"uri": {"type": "string", "pattern": r"^[A-Za-z0-9._~%/:@!$&'()*+,;=-]+$"}},
                },
                "region": {"type": "object", "properties": {"startLine": {"type": "integer", "minimum": 1}}},
            },
        },
        "logicalLocations": {
            "type": "array", "minItems": 1,
            "items": {"type": "object", "properties": {"fullyQualifiedName": {"type": "string"},
                                                       "kind": {"type": "string"}}},
        },
    },
}  # fmt: skip
RESULT: Final = {
    "type": "object", "required": ["message"], "additionalProperties": False,
    "properties": {
        "ruleId": {"type": "string"}, "ruleIndex": {"type": "integer", "minimum": 0}, "level": LEVEL,
        "kind": {"enum": ["notApplicable", "pass", "fail", "review", "open", "informational"]}, "message": TEXT,
        "locations": {"type": "array", "items": LOCATION}, "properties": {"type": "object"},
        "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}  # fmt: skip
SARIF: Final = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object", "required": ["version", "runs"], "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string"}, "version": {"const": "2.1.0"},
        "runs": {"type": "array", "minItems": 1, "items": {
            "type": "object", "required": ["tool"], "additionalProperties": False,
            "properties": {
                "tool": {"type": "object", "required": ["driver"], "properties": {"driver": {
                    "type": "object", "required": ["name"], "additionalProperties": False,
                    "properties": {
                        "name": {"type": "string"}, "version": {"type": "string"}, "informationUri": {"type": "string"},
                        "rules": {"type": "array", "uniqueItems": True, "items": RULE},
                    },
                }}},
                "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                "results": {"type": "array", "items": RESULT}, "properties": {"type": "object"},
            },
        }},
    },
}  # fmt: skip
"""What the standard asks of those parts of a document that we write; others are not written."""

RULES: Final = (
    Descriptor(id="late", title="Answered in time", help="Answer sooner", level="error", properties={"basis": "own"}),
    Descriptor(id="idle", title="Read by a rule", level="note"),
)


def _found(**said: Any) -> Result:
    return Result(**({"rule": "late", "level": "error", "message": "late by 1 hour"} | said))


def valid(document: Any) -> Any:
    """Return a document that has what the standard asks for."""
    jsonschema.validate(document, SARIF)
    return document


@pytest.mark.parametrize(
    "result",
    [
        _found(),
        _found(file="my packs/值班.toml", line=3, place="rules.late.require"),
        _found(level="none", rule="idle", place="R-1", kind="object", properties={"severity": "minor"}),
    ],
)
def test_each_result_is_of_the_standard(result: Result) -> None:
    """Whatever a result says or leaves out, the document has the required structure and names its rule by place."""
    run = valid(sarif_document(RULES, [result], version="1.0", properties={"as_of": "2018-05-04"}))["runs"][0]
    (told,) = run["results"]
    assert run["tool"]["driver"]["rules"][told["ruleIndex"]]["id"] == told["ruleId"] == result.rule


def test_without_results_a_document_says_what_was_asked() -> None:
    """An empty list of results, not none: an analysis that ran and found nothing."""
    assert valid(sarif_document(RULES, []))["runs"][0]["results"] == []


def test_a_result_is_known_again_when_lines_move() -> None:
    """The fingerprint stays when only the line changes, and when a key is given whatever the message says."""

    def mark(result: Result) -> str:
        return str(sarif_document(RULES, [result])["runs"][0]["results"][0]["partialFingerprints"])

    here = _found(file="a.toml", line=3, place="rules.late")
    assert mark(here) == mark(attrs.evolve(here, line=9)) != mark(attrs.evolve(here, place="rules.other"))
    assert mark(_found(key="R-1")) == mark(_found(key="R-1", message="late by 2 hours")) != mark(_found(key="R-2"))


def test_nothing_in_a_document_steers_who_reads_it() -> None:
    """Escape codes and marks of direction are escaped in what is written, and the document stays JSON."""
    out = io.StringIO()
    write_sarif(RULES, [_found(message="late\x1b[2J\u202e", place="R\x00\n")], out)
    assert "\x1b" not in out.getvalue()
    assert "\u202e" not in out.getvalue()
    assert valid(json.loads(out.getvalue()))["runs"][0]["results"][0]["message"]["text"] == "late\\x1b[2J\\u202e"

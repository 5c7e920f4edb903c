"""Hooks for Schemathesis: most of what it makes up is led to a picture, or is wrong in one way only.

Parameters of a query depend on each other in ways that OpenAPI cannot say, and a query of sixty random ones breaks some
rule nearly always. So of a valid query a few parameters stay, with what they need beside them, and of one that is wrong
on purpose the wrong ones: then that is why it is refused. Every tenth goes out as it was made.

The check of its own: negative_data_rejection lets a wrong value pass where another one of the query is right.
"""
import json
import os
import random
import re

import schemathesis
from schemathesis.generation.meta import CoverageScenario

SOURCES = json.loads(os.environ["SOURCES"])
with open(os.environ["QUERY_SCHEMA"], encoding="utf-8") as file:
    PROPERTIES = json.load(file)["properties"]
NEEDS = {name: schema["dependsOn"] for name, schema in PROPERTIES.items() if "dependsOn" in schema}
COLOURS = [name for name, schema in PROPERTIES.items() if schema.get("format") == "colour"]
FACTS = ["json", "blurhash", "thumbhash", "lqip", "color"]
SIZES = ["w", "h", "cw", "ch"]
# Made up they are refused: another key, a signature that is none, a time that is over, a preset that there is not.
REFUSED = {"k", "s", "exp", "p"}
# Ways to be wrong that stay wrong when they are written into an address, as a number for a text would not.
WRONG = {
    CoverageScenario.VALUE_ABOVE_MAXIMUM,
    CoverageScenario.VALUE_BELOW_MINIMUM,
    CoverageScenario.STRING_BELOW_MIN_LENGTH,
    CoverageScenario.INVALID_ENUM_VALUE,
    CoverageScenario.INVALID_PATTERN,
    CoverageScenario.MISSING_PARAMETER,
    CoverageScenario.DUPLICATE_PARAMETER,
}


def scenario(case):
    return getattr(case.meta.phase.data, "scenario", None) if case.meta else None


def complete(query, chance):
    """Makes a query that the schema allows one that is answered with a picture, mostly."""
    for name in list(query):
        if name in NEEDS:
            other, _, value = NEEDS[name].split(" or ")[0].partition("=")
            if value:
                query[other] = value
            else:
                query.setdefault(other, PROPERTIES[other].get("enum", [10])[0])
        if name in COLOURS and re.fullmatch("[A-Za-z]+", str(query[name])):
            query[name] = "red"
    for name in SIZES:
        # Seldom one that makes a result too large.
        if str(query.get(name)).isdigit() and int(query[name]) > 300 and chance.random() < 0.9:
            query[name] = int(query[name]) % 300 + 1
    if "mark" in query:
        query["mark"] = "logo"
    if "default" in query:
        query["default"] = chance.choice(["1", SOURCES[0]])
    if query.get("f") not in FACTS and not any(name in query for name in SIZES):
        query["w"] = chance.randint(1, 200)


@schemathesis.hook
def before_call(context, case, kwargs):
    query, meta = case.query, case.meta
    if meta is None or not isinstance(query, dict):
        return
    chance = random.Random(json.dumps(query, sort_keys=True, default=str))
    data = meta.phase.data
    about = {data.parameter, *(mutation.parameter for mutation in data.mutations)}
    if "u" in query and "u" not in about:
        query["u"] = chance.choice(SOURCES)
    other_method = scenario(case) == CoverageScenario.UNSPECIFIED_HTTP_METHOD
    # All other methods have one query: as it was made, its signature could be refused before each of them.
    if chance.random() < 0.1 and not other_method:
        return
    wrong = meta.generation.mode.is_negative and not other_method
    others = [name for name in query if name not in {"u", *about, *REFUSED}]
    kept = {"u", *about, *([] if wrong else chance.sample(others, min(len(others), 3)))}
    for name in list(query):
        if name not in kept or (name in REFUSED and not wrong):
            del query[name]
    if not wrong:
        complete(query, chance)
    elif not about & set(SIZES):
        query["w"] = 40


@schemathesis.check
def wrong_is_refused(context, response, case):
    if scenario(case) in WRONG and case.method != "OPTIONS":
        assert response.status_code in (400, 401), f"{response.status_code} for {case.meta.phase.data.description}"

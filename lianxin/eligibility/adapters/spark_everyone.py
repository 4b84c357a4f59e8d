"""Finds with Apache Spark what fits each of many people, in files that stay sealed until an executor reads them.

The driver seals the facts as everywhere; only then they are JSON, which Spark reads by itself.
Executors open a file in memory with Spark's own AES-GCM, by the run's key and the file's name, and
need nothing of ours but the folder. The key travels in the query over Spark's encrypted
connections; what executors put on disk (shuffles, spills) Spark encrypts with a key of its own.
Where a cluster does not do that, `sealed_session` refuses before anything is exported.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import msgspec
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812  (as everybody calls it)

from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.adapters.bulk import BulkError
from lianxin.eligibility.adapters.sought import (
    FITS,
    NUMBER,
    UNION,
    WITHOUT,
    Found,
    Sought,
    bits_of,
    is_of_law,
    plan_for,
)
from lianxin.eligibility.adapters.spark_engine import TYPES, session, settled
from lianxin.eligibility.adapters.workspace import Workspace
from lianxin.eligibility.rules.printing import Printer

AT_ONCE = 16  # files of one job: enough for many cores, few enough for the memory of the driver
SEALED = {
    "spark.authenticate": "true",
    "spark.network.crypto.enabled": "true",
    "spark.io.encryption.enabled": "true",
    "spark.eventLog.enabled": "false",
    "spark.ui.enabled": "false",
    # A plan put into words (in an error, say) shows no key.
    "spark.sql.redaction.string.regex": "(?i)[0-9a-f]{64}",
}
_FILE = "__file"


@contextmanager
def sealed_session(master: str) -> Iterator[SparkSession]:
    """Start Spark so that what it is told stays between driver and executors.

    Raises:
        BulkError: the master cannot be reached in that way; the message says what it needs.
    """
    if master.startswith("sc://"):
        raise BulkError("Members' facts go to a Spark master, not through Spark Connect: its server would hold the key.")  # fmt: skip
    try:
        with session(master, SEALED) as spark:
            set_up = spark.sparkContext.getConf()
            if lacking := [name for name, value in SEALED.items() if set_up.get(name) != value]:
                raise BulkError(f"Spark runs already without {', '.join(lacking)}: members' facts are not given to it.")  # fmt: skip
            yield spark
    except (Py4JError, PySparkException) as error:
        raise BulkError(_reason(error)) from None


def _reason(error: Exception) -> str:
    """Say what failed; never the query, which holds the key."""
    if "spark.authenticate.secret" in str(error):
        return "This master needs spark.authenticate.secret (in spark-defaults.conf of SPARK_CONF_DIR, for the driver, the master and each worker): without it members' facts would travel in the open."
    kind = type(error).__name__
    thrown = getattr(error, "java_exception", None)
    return f"Spark failed ({kind}{f', {thrown.getClass().getName()}' if thrown else ''}); its own log says where."  # fmt: skip


class SparkFinder:
    """Finds on the executors of a session, some files at a time."""

    def __init__(self, spark: SparkSession) -> None:
        self.spark = spark
        self._people: dict[str, int] = {}

    def keep(self, workspace: Workspace, name: str, columns: Mapping[str, Sequence[object]], unions: Sequence[str], without: Sequence[int] = ()) -> None:  # fmt: skip
        self._people[name] = len(unions)
        workspace.keep(name, to_json(columns, unions, without))

    def find(self, workspace: Workspace, names: Sequence[str], policies: Sequence[Sought], as_of: dt.date) -> Iterator[tuple[str, Found]]:  # fmt: skip
        for start in range(0, len(names), AT_ONCE):
            some = names[start : start + AT_ONCE]
            try:
                found = _found(self._opened(workspace, some, policies), policies, as_of)
            except (Py4JError, PySparkException) as error:
                raise BulkError(_reason(error)) from None
            for name in some:
                workspace.drop(name)
                # What cannot be read Spark passes over in silence (aloud it would quote it in a log).
                if sum(numbers[0] for numbers in found[name].counts.values()) != self._people.pop(
                    name
                ):
                    raise BulkError(f"Spark read other people in {name} than were sealed into it.")
                yield name, found[name]

    def _opened(self, workspace: Workspace, names: Sequence[str], policies: Sequence[Sought]) -> DataFrame:  # fmt: skip
        """Open sealed files on the executors: rows of the file's name, and the facts of one person."""
        paths = [(workspace.folder / name).as_uri() for name in names]
        files = self.spark.read.format("binaryFile").load(paths)
        name = F.element_at(F.split("path", "/"), -1)
        bound = F.concat(F.lit(f"{workspace.folder.name}/"), name)
        plain = F.aes_decrypt(F.col("content"), F.lit(bytearray(workspace.key)), F.lit("GCM"), F.lit("DEFAULT"), bound)  # fmt: skip
        people = F.from_json(plain.cast("string"), _shape(policies), {"mode": "PERMISSIVE"})
        return files.select(name.alias(_FILE), F.inline(people))


def to_json(columns: Mapping[str, Sequence[object]], unions: Sequence[str], without: Sequence[int] = ()) -> bytes:  # fmt: skip
    """Write facts, one list a fact, as numbered people; what is not known is left out."""
    refused = without or [0] * len(unions)
    people: list[dict[str, object]] = [{NUMBER: at, UNION: union, WITHOUT: refused[at]} for at, union in enumerate(unions)]  # fmt: skip
    for name, values in columns.items():
        for person, value in zip(people, values, strict=True):
            if value is not None:
                person[name] = value
    return msgspec.json.encode(people)


def _shape(policies: Sequence[Sought]) -> str:
    known = yaml_files.vocabulary()
    names = {name for one in policies for name in one.names if name not in one.law}
    facts = ", ".join(f"`{name}`: {TYPES[known[name].kind]}" for name in sorted(names))
    return f"array<struct<{NUMBER}: INT, {UNION}: STRING, {WITHOUT}: INT, {facts}>>"


def _found(people: DataFrame, policies: Sequence[Sought], as_of: dt.date) -> dict[str, Found]:
    """Ask every policy about every row, and bring back only what is found and the counts."""
    conditions = (each for at, one in enumerate(policies) for each in _conditions(at, one, as_of))
    asked = people.selectExpr("*", *conditions)
    bits = bits_of(policies)
    asked = asked.selectExpr("*", *(each for at, one in enumerate(policies) for each in _whole(at, one, bits[one.purpose])))  # fmt: skip
    asked = settled(asked, plan_for(policies), "w{}", "g{}")
    answers = (each for at, one in enumerate(policies) for each in _answers(at, one))
    answered = asked.selectExpr(f"`{_FILE}`", NUMBER, UNION, *answers).persist()
    try:
        return _brought(answered, len(policies))
    finally:
        answered.unpersist(blocking=True)


def _brought(answered: DataFrame, policies: int) -> dict[str, Found]:
    rows: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    counts: dict[str, dict[str, list[int]]] = defaultdict(dict)
    sums = (F.sum(F.col(f"{sign}{at}").cast("int")) for at in range(policies) for sign in "fu")
    for file, union, *numbers in answered.groupBy(_FILE, UNION).agg(F.count("*"), *sums).collect():
        counts[file][union] = numbers
    verdicts = ", ".join(f"named_struct('at', {at}, 'verdict', v{at})" for at in range(policies))
    kept = f"inline(filter(array({verdicts}), each -> each.verdict IS NOT NULL))"
    for file, number, at, verdict in answered.selectExpr(f"`{_FILE}`", NUMBER, kept).collect():
        rows[file].append((number, at, verdict))
    found = {file: Found(rows[file], held) for file, held in counts.items()}
    return defaultdict(lambda: Found([], {}), found)


def _conditions(at: int, one: Sought, as_of: dt.date) -> Iterator[str]:
    printer = Printer("spark", as_of, one.law)
    for number, condition in enumerate(one.conditions):
        yield f"CAST({printer.write(condition.node)} AS BOOLEAN) AS c{at}_{number}"
    if one.granted is not None:
        yield f"CAST({printer.write(one.granted)} AS BOOLEAN) AS h{at}"


def _whole(at: int, one: Sought, bit: int) -> Iterator[str]:
    """Its answer by itself, and whether it was granted; neither where it does not hold for her."""
    elsewhere = "".join(f" AND NOT {_covers(each)}" for each in one.nearer)
    holds = f"({_covers(one.region)} AND ({WITHOUT} & {bit}) = 0{elsewhere})"
    whole = " AND ".join(f"c{at}_{number}" for number in range(len(one.conditions)))
    yield f"({holds} AND {whole}) AS w{at}"
    if one.granted is not None:
        yield f"({holds} AND h{at}) AS g{at}"


def _answers(at: int, one: Sought) -> Iterator[str]:
    """Whether it fits, whether it is unknown, and the verdict, as `polars_everyone` has them."""
    asked = [f"c{at}_{number}" for number in range(len(one.conditions))]
    fits, unknown = f"coalesce(w{at}, FALSE)", f"(w{at} IS NULL)"
    gaps = [(name, f"({asked[number]} IS NULL AND {_is_missing(name, one)})") for number, name in one.gaps]  # fmt: skip
    missing = {name: " OR ".join(gap for own, gap in gaps if own == name) for name, _gap in gaps}
    count = " + ".join(f"CAST(({each}) AS INT)" for each in missing.values()) or "0"
    speaks = " OR ".join(
        f"coalesce({answer}, FALSE)"
        for answer, condition in zip(asked, one.conditions, strict=True)
        if condition.is_told
    )
    nearly = f"({unknown} AND ({count}) = 1 AND ({speaks or 'FALSE'}))"
    places = "".join(f" WHEN {nearly} AND {gap} THEN {place}" for place, (name, gap) in enumerate(gaps, 1) if not is_of_law(name))  # fmt: skip
    yield f"{fits} AS f{at}"
    yield f"{unknown} AS u{at}"
    yield f"CASE WHEN {fits} THEN {FITS}{places} END AS v{at}"


def _is_missing(name: str, one: Sought) -> str:
    if name in one.law:
        return "TRUE" if one.law[name] is None else "FALSE"
    return f"`{name}` IS NULL"


def _covers(region: str) -> str:
    if region == "*":
        return "TRUE"
    own = Printer("spark", dt.date.min).text
    return f"({UNION} = {own(region)} OR startswith({UNION}, {own(f'{region}-')}))"

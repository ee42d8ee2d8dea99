"""Runs GoldenTables.java and publishes what it made. Run: python java_tables.py [CASE...]"""

import json
import os
import pathlib
import subprocess
import sys

import pyspark
from publish import HERE, ROOT, fresh, publish

WRITER = "java"

if __name__ == "__main__":
    wanted = sys.argv[1:]
    if not wanted:
        fresh(WRITER, "").rmdir()
    for name in wanted:
        fresh(WRITER, name).rmdir()
    # Hadoop and Jackson are among Spark's own jars; commons-lang3 must come before the one there.
    sets = [os.environ["CRANNOG_JAVA_JARS"], os.environ["CRANNOG_SPARK_JARS"]]
    sets.append(str(pathlib.Path(pyspark.__file__).parent / "jars"))
    subprocess.run(
        [
            "java",
            "-Duser.timezone=UTC",
            "-cp",
            ":".join(f"{s}/*" for s in sets),
            HERE / "GoldenTables.java",
            f"file://{ROOT}/{WRITER}",
            *wanted,
        ],
        check=True,
    )
    for path in sorted((ROOT / WRITER).glob("*.reads.json")):
        name = path.name.removesuffix(".reads.json")
        if wanted and name not in wanted:
            continue
        made = json.loads(path.read_text())
        publish(WRITER, name, made["about"], made["metadata"], made["reads"])

"""Runs GoldenTables.java and publishes what it made. Run: python java_tables.py [CASE...]"""

import json
import pathlib
import subprocess
import sys

from publish import HERE, ROOT, fresh, publish

WRITER = "java"
PEERS = pathlib.Path.home() / ".cache/crannog/peers"

if __name__ == "__main__":
    wanted = sys.argv[1:]
    if not wanted:
        fresh(WRITER, "").rmdir()
    for name in wanted:
        fresh(WRITER, name).rmdir()
    spark_jars = next((PEERS / "spark").glob("lib/python3*/site-packages/pyspark/jars"))
    subprocess.run(
        [
            "java",
            "-Duser.timezone=UTC",
            "-cp",
            f"{PEERS}/java-jars/*:{PEERS}/jars/*:{spark_jars}/*",
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

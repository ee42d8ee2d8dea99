"""Runs GoldenTables.java and publishes what it made. Run: make.sh java [CASE...]"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

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
    class_path = ":".join(f"{s}/*" for s in sets)
    classes = tempfile.mkdtemp()
    sources = sorted(HERE.glob("*.java"))
    subprocess.run(["javac", "-nowarn", "-cp", class_path, "-d", classes, *sources], check=True)
    program = ["java", "-Duser.timezone=UTC", "-cp", f"{classes}:{class_path}", "GoldenTables"]
    subprocess.run([*program, f"file://{ROOT}/{WRITER}", *wanted], check=True)
    shutil.rmtree(classes)
    for path in sorted((ROOT / WRITER).glob("*.reads.json")):
        name = path.name.removesuffix(".reads.json")
        if wanted and name not in wanted:
            continue
        made = json.loads(path.read_text())
        publish(WRITER, name, made["about"], made["metadata"], made["reads"])

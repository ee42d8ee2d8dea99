"""The lake that the SQL files make, and what lies in its warehouse afterwards."""

import gzip
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1] / "golden")]
import canonical  # noqa: E402
import program  # noqa: E402
import scripts  # noqa: E402


class Written:
    """Runs every block in a lake over a plain-directory warehouse; remembers which failed."""

    def __init__(self, directory):
        self.warehouse = directory / "warehouse"
        self.warehouse.mkdir()
        self.lake = program.Lake(directory / "lake", self.warehouse)
        self.failures = {}
        self._read = {}
        self.lake.run("CREATE SCHEMA proof")
        for block in scripts.blocks():
            path = directory / f"{block.table}.sql"
            path.write_text(block.text)
            try:
                self.lake.run_file(path)
            except program.Failed as failed:
                self.failures[block.table] = str(failed)

    def metadata_path(self, table):
        """The table's newest metadata file, found as a user without us would: by looking."""
        found = [
            p
            for p in self.warehouse.glob("**/metadata/*.metadata.json")
            if re.fullmatch(f"{table}([-_][0-9a-f-]+)?", p.parent.parent.name)
        ]
        if not found and table == "renamed":  # a rename moves no file
            return self.metadata_path("before_rename")
        assert found, f"no metadata file of {table} under {self.warehouse}"
        return max(found, key=lambda p: self._age(load(p)))

    @staticmethod
    def _age(metadata):
        return (metadata["last-updated-ms"], len(metadata.get("metadata-log", [])))

    def rows(self, table, schema, version=None):
        """What the program itself answers, as canonical rows; asked once."""
        key = (table, version)
        if key not in self._read:
            at = f" AT (VERSION => {version})" if version is not None else ""
            (answer,) = self.lake.run(canonical.select(schema, f"proof.{table}{at}"))
            self._read[key] = canonical.rows(schema, (json.loads(r["j"]) for r in answer))
        return self._read[key]


def load(path):
    data = pathlib.Path(path).read_bytes()
    return json.loads(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)


def schema_of(metadata, schema_id=None):
    wanted = metadata["current-schema-id"] if schema_id is None else schema_id
    return next(s for s in metadata["schemas"] if s["schema-id"] == wanted)

"""The golden tables in the tree: what each is, where it must lie to be read, what its rows are."""

import dataclasses
import gzip
import json
import os
import pathlib
import tarfile

import canonical

HERE = pathlib.Path(__file__).resolve().parent


@dataclasses.dataclass
class Read:
    schema: dict
    rows: list  # canonical lines
    version: int | None = None
    ref: str | None = None


class Case:
    def __init__(self, directory):
        self.directory = directory
        self.name = f"{directory.parent.name}/{directory.name}"
        description = json.loads((directory / "case.json").read_text())
        self.writer = description["writer"]
        self.about = description["about"]
        self.location = pathlib.Path(description["location"])
        self.metadata = self.location / description["metadata"]
        with tarfile.open(directory / "table.tar.xz") as archive:
            data = archive.extractfile(description["metadata"]).read()
        self.table = json.loads(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)
        self._reads = description["reads"]

    def reads(self):
        for r in self._reads:
            rows = canonical.read(self.directory / r["rows"])
            yield Read(self.schema(r["schema-id"]), rows, r.get("version"), r.get("ref"))

    def schema(self, schema_id):
        by_id = {s["schema-id"]: s for s in self.table.get("schemas", [])}
        return by_id.get(schema_id) or self.table["schema"]

    def place(self):
        """Puts the table where its files say that it lies; returns its metadata file.

        Every checkout puts the same bytes there, so tests of two at once do not disturb each other.
        """
        with tarfile.open(self.directory / "table.tar.xz") as archive:
            for member in archive:
                target = self.location / member.name
                if target.exists() and target.stat().st_size == member.size:
                    continue
                target.parent.mkdir(parents=True, exist_ok=True)
                part = target.with_name(f"{target.name}.{os.getpid()}")
                part.write_bytes(archive.extractfile(member).read())
                part.rename(target)
        return self.metadata


def all_cases():
    return [Case(p.parent) for p in sorted(HERE.glob("*/*/case.json"))]

"""Moves a finished table from its place under ROOT into the tree, with its expected rows."""

import gzip
import io
import json
import pathlib
import shutil
import sys
import tarfile

HERE = pathlib.Path(__file__).resolve().parent
GOLDEN = HERE.parent
# Iceberg stores absolute locations, so every golden table lives here while it is read.
ROOT = pathlib.Path("/tmp/crannog-golden")

sys.path.insert(0, str(GOLDEN))
import canonical  # noqa: E402


def metadata_of(path):
    data = pathlib.Path(path).read_bytes()
    return json.loads(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)


def schema_of(metadata, schema_id):
    for schema in metadata.get("schemas", []):
        if schema["schema-id"] == schema_id:
            return schema
    return metadata["schema"]


def fresh(writer, case):
    """An empty working directory for the case."""
    place = ROOT / writer / case
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    return place


def publish(writer, case, about, metadata_path, reads):
    """`reads`: dictionaries with "rows" (dictionaries by column), "schema-id", and at most one of
    "version" (snapshot id) and "ref"; the one with neither is the current state."""
    place, out = ROOT / writer / case, GOLDEN / writer / case
    metadata_path = pathlib.Path(str(metadata_path).removeprefix("file:").replace("///", "/"))
    shutil.rmtree(out, ignore_errors=True)
    drop_leftovers(place, metadata_path)
    pack(place, out / "table.tar.xz")
    metadata = metadata_of(metadata_path)
    listed = []
    for n, read in enumerate(reads):
        schema = schema_of(metadata, read["schema-id"])
        name = f"rows-{n}.jsonl"
        canonical.write(out / name, canonical.rows(schema, read["rows"]))
        listed.append({k: v for k, v in read.items() if k != "rows"} | {"rows": name})
    description = {
        "writer": writer,
        "about": about,
        "location": str(place),
        "metadata": str(metadata_path.relative_to(place)),
        "reads": listed,
    }
    (out / "case.json").write_text(json.dumps(description, indent=1) + "\n")
    print(f"{writer}/{case}: {len(listed)} reads, {sum(len(r['rows']) for r in reads)} rows")


def pack(place, archive):
    """The files of a table, by their paths inside it; no checksums of Hadoop's, no hints."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive, "w:xz") as out:
        for path in sorted(p for p in place.rglob("*") if p.is_file()):
            if path.name.endswith(".crc") or path.name == "version-hint.text":
                continue
            member = tarfile.TarInfo(str(path.relative_to(place)))
            member.size = path.stat().st_size
            out.addfile(member, io.BytesIO(path.read_bytes()))


def drop_leftovers(place, newest):
    """Old metadata files are in the log only; nobody reads them."""
    for old in place.glob("**/*.metadata.json"):
        if old != newest:
            old.unlink()

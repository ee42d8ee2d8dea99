#!/usr/bin/env python3
"""Files of a plain-directory warehouse cut short, flipped or taken away: readers say which, no
reader dies, and `crannog check` names every file that cannot be what was written.

Environment: CRANNOG_SEED repeats the flipped bits, CRANNOG_FLIPS sets how many of each kind.
"""

import os
import random
import re
import unittest

from case import SEED, Case

FLIPS = int(os.environ.get("CRANNOG_FLIPS") or 6)
ALL = "SELECT count(*) AS n, sum(id) AS ids, sum(v) AS vs, max(p) AS ps FROM s.t;"


class Damage(Case):
    warehouse = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (table,) = (cls.lake.warehouse / "s").glob("t_*")
        metadata = sorted((table / "metadata").glob("*.metadata.json"))[-1]
        lists = re.findall(r'"manifest-list"\s*:\s*"(?:file://)?([^"]+)"', metadata.read_text())
        by_size = sorted((table / "data").glob("*.parquet"), key=lambda file: file.stat().st_size)
        manifests = set((table / "metadata").glob("*.avro"))
        manifests -= set((table / "metadata").glob("snap-*"))
        cls.files = {
            "metadata": metadata,
            "manifest list": metadata.parent / os.path.basename(lists[-1]),
            "manifest": sorted(manifests)[0],
            "data file": by_size[-1],
        }
        cls.expected = cls.lake.rows(ALL)

    def damaged(self, file, content, test):
        """Runs `test` while the file holds `content` (None: while it is away)."""
        original = file.read_bytes()
        try:
            if content is None:
                file.unlink()
            else:
                file.write_bytes(content)
            test()
        finally:
            file.write_bytes(original)

    def reads_or_names(self, file):
        """Every reader gives the right rows or an error that names the file."""
        done = self.lake.sql(ALL)
        if done.returncode == 0:  # what is planned from memory of the file needs no file
            self.assertEqual(self.lake.rows(ALL), self.expected)
        else:
            self.refused(done, "(CORRUPT|NOT_FOUND|IO)", file.name)

    def check_names(self, file):
        done = self.lake.call("check", "--deep")
        self.refused(done, "CORRUPT", file.name)

    def others_live(self):
        self.assertEqual(self.lake.rows("SELECT count(*) AS n FROM s.other;"), [{"n": 10}])

    def test_cut_short(self):
        for kind, file in self.files.items():
            content = file.read_bytes()
            for size in [0, len(content) // 2, len(content) - 1]:
                def test(file=file):
                    self.reads_or_names(file)
                    self.check_names(file)
                    self.others_live()
                with self.subTest(kind=kind, size=size):
                    self.damaged(file, content[:size], test)
        self.unchanged()

    def test_taken_away(self):
        for kind, file in self.files.items():
            def test(file=file):
                self.reads_or_names(file)
                self.check_names(file)
                self.others_live()
            with self.subTest(kind=kind):
                self.damaged(file, None, test)
        self.unchanged()

    def test_exchanged_for_another_kind(self):
        for kind, file in self.files.items():
            for other, source in self.files.items():
                if kind == other:
                    continue
                def test(file=file):
                    self.reads_or_names(file)
                    self.check_names(file)
                with self.subTest(kind=kind, other=other):
                    self.damaged(file, source.read_bytes(), test)

    def test_flipped_bits(self):
        """A bit in JSON text or in a Parquet page may mean another value; nothing may die of it."""
        rng = random.Random(SEED)
        for kind, file in self.files.items():
            content = file.read_bytes()
            for _ in range(FLIPS):
                bit = rng.randrange(len(content) * 8)
                flipped = bytearray(content)
                flipped[bit // 8] ^= 1 << (bit % 8)

                def test():
                    done = self.lake.sql(ALL)
                    self.assertIn(done.returncode, (0, 1), done.stderr)
                    if done.returncode == 1:
                        self.refused(done, "[A-Z_]+")
                    done = self.lake.call("check", "--deep")
                    self.assertIn(done.returncode, (0, 1), done.stderr)
                    self.others_live()
                with self.subTest(kind=kind, bit=bit, seed=SEED):
                    self.damaged(file, bytes(flipped), test)
        self.unchanged()

    def test_appends_over_a_damaged_table_do_not_hide_it(self):
        """A writer that must read the damaged file fails or leaves the damage visible."""
        file = self.files["metadata"]

        def test():
            done = self.lake.sql("INSERT INTO s.t VALUES (9000, 1, 'x');")
            self.refused(done, "(CORRUPT|NOT_FOUND|IO)", file.name)
        self.damaged(file, b"{", test)
        self.unchanged()


if __name__ == "__main__":
    print(f"seed {SEED} (CRANNOG_SEED)")
    unittest.main()

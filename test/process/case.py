"""A lake that a test may misuse, and what every refusal must look like."""

import os
import random
import unittest

import lake as lakes

SEED = int(os.environ.get("CRANNOG_SEED") or random.SystemRandom().randrange(1 << 32))
SETUP = """CREATE SCHEMA s;
CREATE TABLE s.t (id BIGINT NOT NULL, v INTEGER, p VARCHAR);
INSERT INTO s.t SELECT i, i % 7, md5(i::VARCHAR) FROM range(5000) r(i);
INSERT INTO s.t VALUES (5000, 1, 'last');
CREATE TABLE s.other AS SELECT i AS id FROM range(10) r(i);
CREATE BRANCH dev FROM main;
"""
STATE = ("SELECT count(*) AS n, sum(id) AS ids, sum(v) AS vs, md5(string_agg(p, ',' ORDER BY id)) "
         "AS ps FROM s.t; SELECT count(*) AS n FROM s.other; "
         "SHOW BRANCHES;")


class Case(unittest.TestCase):
    """One lake per test class; each test must leave it as it was."""

    warehouse = False

    @classmethod
    def setUpClass(cls):
        cls.folder = lakes.fresh_folder()
        cls.folder.chmod(0o755)
        cls.addClassCleanup(lakes.remove, cls.folder)
        cls.lake = lakes.Lake(cls.folder / "lake",
                              cls.folder / "warehouse" if cls.warehouse else None)
        cls.lake.rows(SETUP)
        cls.before = cls.lake.rows(STATE)

    def unchanged(self):
        self.assertEqual(self.lake.rows(STATE), self.before, "something changed")

    def changed_on_purpose(self):
        type(self).before = self.lake.rows(STATE)

    def refused(self, done, code, *words, exit_code=1):
        """`done` failed as `code`, says every one of the words, and changed nothing."""
        self.assertEqual(done.returncode, exit_code, f"{done.args[-2:]}: {done.stderr[:2000]}")
        self.assertRegex(done.stderr, f"(?m)^crannog: {code}: .", str(done.args[-2:]))
        for word in words:
            self.assertIn(word, done.stderr)
        self.assertLess(len(done.stderr), 20000, "a message is for people")
        self.assertNotRegex(done.stderr, r"terminate called|INTERNAL Error|Sanitizer")

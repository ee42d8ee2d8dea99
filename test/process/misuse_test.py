#!/usr/bin/env python3
"""Bad statements, files and arguments: the right exit code, a message that says what was attempted
on what, and nothing changed."""

import subprocess
import unittest

import lake as lakes
from case import Case


class Statements(Case):
    def tearDown(self):
        self.unchanged()

    def test_statements(self):
        for text, code, words in [
            ("selec 1;", "INVALID", ["syntax error", "selec"]),
            ("SELECT nope FROM s.t;", "INVALID", ["nope"]),
            ("SELECT 1 FROM s.nope;", "NOT_FOUND", ["nope"]),
            ("SELECT 1 FROM nope.t;", "NOT_FOUND", ["nope"]),
            ('SELECT 1 FROM "lake@nope".s.t;', "NOT_FOUND", ["nope"]),
            ("INSERT INTO s.nope VALUES (1);", "NOT_FOUND", ["nope"]),
            ("INSERT INTO s.t (id, nope) VALUES (1, 1);", "INVALID", ["nope", '"t"']),
            ("INSERT INTO s.t VALUES (1);", "INVALID", ["t"]),
            ("INSERT INTO s.t VALUES ('abc', 1, 'x');", "INVALID", ["abc"]),
            ("INSERT INTO s.t VALUES (1, 99999999999, 'x');", "INVALID", ["99999999999"]),
            ("INSERT INTO s.t SELECT 'abc', 1, 'x' FROM range(10);", "INVALID", ["abc"]),
            ("INSERT INTO s.t VALUES (6000, 1, 'x'), (NULL, 1, 'x');", "INVALID",
             ["id", "NOT NULL"]),
            ("UPDATE s.t SET id = NULL WHERE v = 5;", "INVALID", ["id", "NOT NULL"]),
            ("MERGE INTO s.t t USING (SELECT 1 AS id) u ON t.id = u.id "
             "WHEN MATCHED THEN UPDATE SET id = NULL;", "INVALID", ["id", "NOT NULL"]),
            ("CREATE TABLE s.t (i INTEGER);", "EXISTS", ["t"]),
            ("CREATE TABLE nope.t (i INTEGER);", "NOT_FOUND", ["nope"]),
            ("CREATE SCHEMA s;", "EXISTS", ["s"]),
            ("CREATE BRANCH dev FROM main;", "EXISTS", ["dev"]),
            ("CREATE BRANCH x FROM nope;", "NOT_FOUND", ["nope"]),
            ("MERGE BRANCH nope INTO main;", "NOT_FOUND", ["nope"]),
            ("USE BRANCH nope;", "NOT_FOUND", ["nope"]),
            ("DROP BRANCH nope;", "NOT_FOUND", ["nope"]),
            ("DROP TABLE s.nope;", "NOT_FOUND", ["nope"]),
            ("ALTER TABLE s.t DROP COLUMN nope;", "[A-Z_]+", ["nope"]),
            ("ALTER TABLE s.t ADD COLUMN v INTEGER;", "[A-Z_]+", ["v"]),
            ("SELECT * FROM s.t AT (VERSION => 12345);", "NOT_FOUND", ["12345"]),
            ("SELECT * FROM s.t AT (VERSION => 'nope');", "NOT_FOUND", ["nope"]),
            ("COPY s.t FROM '/nope/nope.csv';", "NOT_FOUND", ["/nope/nope.csv"]),
            ("COPY s.t TO '/nope/nope.csv';", "(IO|NOT_FOUND|INVALID)", ["/nope/nope.csv"]),
            ("SELECT * FROM read_parquet('/nope.parquet');", "NOT_FOUND", ["/nope.parquet"]),
        ]:
            with self.subTest(text=text):
                self.refused(self.lake.sql(text), code, *words)

    def test_a_failure_ends_the_script(self):
        done = self.lake.sql("SELECT 1 AS a; SELECT nope; CREATE TABLE s.never (i INTEGER);")
        self.refused(done, "INVALID", "nope")
        self.assertEqual(done.stdout, '{"a":1}\n')

    def test_a_failed_transaction_keeps_nothing(self):
        done = self.lake.sql("BEGIN; INSERT INTO s.t VALUES (9000, 1, 'x'); DELETE FROM s.other; "
                             "INSERT INTO s.t VALUES (NULL, 1, 'x'); COMMIT;")
        self.refused(done, "INVALID", "id")

    def test_an_open_transaction_at_the_end_keeps_nothing(self):
        self.lake.sql("BEGIN; DELETE FROM s.t; DELETE FROM s.other;")

    def test_zero_bytes_do_not_cut_a_statement(self):
        self.refused(self.lake.sql("DELETE FROM s.other \0 WHERE id = 1;"), "INVALID")

    def test_text_that_is_no_utf8(self):
        self.refused(self.lake.sql(b"INSERT INTO s.t VALUES (1, 1, '\xff\xfe');"), "INVALID")
        self.refused(self.lake.sql(bytes(range(1, 256)) * 50), "INVALID")

    def test_unclosed_quote(self):
        self.refused(self.lake.sql("DELETE FROM s.t WHERE p = 'abc"), "INVALID", "unterminated")

    def test_huge_statements(self):
        rows = self.lake.rows("SELECT length('" + "y" * 10_000_000 + "') AS n;")
        self.assertEqual(rows, [{"n": 10_000_000}])
        values = ", ".join(f"({i}, '{'x' * 90}')" for i in range(100_000))
        rows = self.lake.rows("CREATE TABLE s.huge (id BIGINT, p VARCHAR); "
                              f"INSERT INTO s.huge VALUES {values}; "
                              "SELECT count(*) AS n, sum(id) AS s FROM s.huge; DROP TABLE s.huge;")
        self.assertEqual(rows, [{"n": 100_000, "s": sum(range(100_000))}])
        self.changed_on_purpose()

    def test_deep_nesting_is_refused(self):
        for deep in ["(" * 100_000 + "1" + ")" * 100_000, "NOT " * 100_000 + "true",
                     "1+" * 100_000 + "1", "[" * 5000 + "1" + "]" * 5000,
                     "(SELECT " * 2000 + "1" + ")" * 2000, "CASE WHEN true THEN " * 5000]:
            with self.subTest(deep=deep[:20]):
                self.refused(self.lake.sql(f"SELECT {deep};"), "INVALID")

    def test_what_can_be_made_can_be_read(self):
        """A deep type is refused when it is made, or read back by the next process."""
        for depth in [10, 60, 200, 3000]:
            name = f"s.deep{depth}"
            made = self.lake.sql(f"CREATE TABLE {name} (a {'STRUCT(a ' * depth}INTEGER"
                                 f"{')' * depth}); INSERT INTO {name} VALUES (NULL);")
            with self.subTest(depth=depth):
                if made.returncode != 0:
                    self.assertRegex(made.stderr, "^crannog: (INVALID|UNSUPPORTED|TOO_LARGE): .")
                else:
                    self.assertEqual(self.lake.rows(f"SELECT count(*) AS n FROM {name};"),
                                     [{"n": 1}])
                self.assertEqual(self.lake.check(), "")
            self.lake.sql(f"DROP TABLE IF EXISTS {name};")
        self.changed_on_purpose()


class Loading(Case):
    def tearDown(self):
        self.unchanged()

    def load(self, content, name="given.csv", table="s.t"):
        path = self.folder / name
        path.write_bytes(content)
        return self.lake.call("load", str(path), table)

    def test_broken_lines(self):
        head, rows = b"id,v,p\n", b"".join(b"%d,1,x\n" % i for i in range(9000))
        for broken, words in [(b"1,zzz,x\n", ["zzz", "v"]), (b"1,2,3,4,5\n", []),
                              (b"1\n", []), (b"1,99999999999,x\n", ["99999999999"]),
                              (b"1,2,\xff\xfe\n", [])]:
            with self.subTest(broken=broken):
                self.refused(self.load(head + rows + broken), "INVALID", "s.t", *words)

    def test_nulls_and_columns(self):
        self.refused(self.load(b"id,v,p\n1,1,x\n,2,x\n"), "INVALID", "s.t", "id", "NOT NULL")
        self.refused(self.load(b"id,v,q\n1,2,x\n"), "INVALID", "s.t", "q")

    def test_files_that_are_no_such_thing(self):
        for name, content in [("given.parquet", b"PAR1 this is no parquet PAR1"),
                              ("short.parquet", b"PA"), ("empty.parquet", b""),
                              ("given.json", b'{"id": 1, "v": [}'), ("binary.csv", b"\0\1\2" * 99)]:
            with self.subTest(name=name):
                self.refused(self.load(content, name), "(INVALID|CORRUPT)")

    def test_missing_file(self):
        self.refused(self.lake.call("load", "/nope/nope.csv", "s.t"), "NOT_FOUND",
                     "/nope/nope.csv", "No such file")

    def test_one_bad_file_of_several_keeps_nothing(self):
        good, bad = self.folder / "good.csv", self.folder / "bad.csv"
        good.write_text("id,v,p\n7000,1,x\n")
        bad.write_text("id,v,p\n7001,what,x\n")
        self.refused(self.lake.call("load", str(good), str(bad), "s.t"), "INVALID", "s.t")


class Arguments(Case):
    def tearDown(self):
        self.unchanged()

    def test_wrong_usage_is_2(self):
        for arguments, word in [
            (["--nope"], "--nope"), (["nope"], "nope"), (["sql", "--nope"], "--nope"),
            (["sql", "--format", "nope", "-c", "SELECT 1"], "nope"),
            (["sql", "--rows-max", "x", "-c", "SELECT 1"], "--rows-max"),
            (["sql", "--format", "parquet", "-c", "SELECT 1"], "parquet"),
            (["export"], "DIR"), (["load"], "required"), (["branch", "nope", "x"], "nope"),
            (["merge"], "required"),
        ]:
            with self.subTest(arguments=arguments):
                self.refused(self.lake.call(*arguments), "INVALID", word, "--help", exit_code=2)

    def test_what_is_not_there_is_1(self):
        for arguments in [["sql", "--on", "nope", "-c", "SELECT 1"], ["merge", "nope"],
                          ["diff", "main", "nope"], ["revert", "nope"], ["log", "nope"]]:
            with self.subTest(arguments=arguments):
                self.refused(self.lake.call(*arguments), "NOT_FOUND", "nope")
        self.refused(self.lake.call("sql", "-f", "/nope.sql"), "NOT_FOUND", "/nope.sql")
        self.refused(self.lake.call("sql", "-c", "SELECT 1", "-o", "/nope/out.csv"),
                     "(IO|NOT_FOUND)", "/nope/out.csv")

    def test_lakes_that_cannot_be(self):
        file = self.folder / "a-file"
        file.write_text("not a lake")
        for path, words in [(file, [str(file)]), (file / "under", [str(file)])]:
            self.refused(lakes.Lake(path).sql("SELECT 1;"), "INVALID", *words)
        self.assertEqual(file.read_text(), "not a lake")
        absent = self.folder / "absent"
        self.refused(lakes.Lake(absent).call("check"), "NOT_FOUND", str(absent))
        self.assertFalse(absent.exists(), "a check makes no lake")

    def test_warehouses_that_cannot_be(self):
        for warehouse in ["s3://bucket/x", "relative/path", "file:relative", "file:///",
                          "http://example.invalid", "nope"]:
            with self.subTest(warehouse=warehouse):
                path = self.folder / "lake-of-a-bad-warehouse"
                done = subprocess.run(
                    [lakes.PROGRAM, "--lake", str(path), "--warehouse", warehouse, "sql", "-c",
                     "SELECT 1"], capture_output=True, text=True, env=lakes.ENVIRONMENT,
                    cwd=self.folder, check=False, timeout=60)
                lakes.remove(path)
                self.refused(done, "(INVALID|UNSUPPORTED)", warehouse)

    def test_another_warehouse_than_before(self):
        other = lakes.Lake(self.lake.path, self.folder / "other")
        self.refused(other.sql("SELECT 1;"), "INVALID", str(self.lake.path), "other")


if __name__ == "__main__":
    unittest.main()

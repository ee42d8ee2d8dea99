#!/usr/bin/env python3
"""What surrounds a process goes wrong: another process, signals, permissions, a full disk, a lake
of another release. Each has its exit code and message, and what was acknowledged stays."""

import os
import resource
import signal
import subprocess
import time
import unittest

import lake as lakes
from case import Case

NOBODY = 65534
SLOW = "SELECT count(*) FROM range(40000000000) r(i), range(10) WHERE i % 7 = 3;"
MANY = "INSERT INTO s.t SELECT i, 1, md5(i::VARCHAR) FROM range(4000000000) r(i);"


class Processes(Case):
    def tearDown(self):
        self.unchanged()

    def start(self, text):
        """A process that has begun its work with `text`."""
        process = subprocess.Popen(self.lake.command("sql", "--format", "jsonl"), text=True,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=lakes.ENVIRONMENT)
        process.stdin.write("SELECT 1 AS begun;" + text)
        process.stdin.close()
        process.stdin = None
        self.assertEqual(process.stdout.readline(), '{"begun":1}\n')
        return process

    def test_a_second_process_is_told_the_first(self):
        first = self.start(SLOW)
        try:
            for command in [("sql", "-c", "SELECT 1"), ("check",), ("branch",), ("log",)]:
                self.refused(self.lake.call(*command), "UNAVAILABLE", str(self.lake.path),
                             f"process {first.pid}", f"kill {first.pid}")
        finally:
            first.kill()
            first.communicate()

    def test_a_dead_process_holds_nothing(self):
        first = self.start(SLOW)
        first.kill()
        first.communicate()
        self.assertEqual(self.lake.rows("SELECT 1 AS a;"), [{"a": 1}])

    def test_interrupt(self):
        for text in [SLOW, MANY]:
            process = self.start(text)
            time.sleep(0.5)
            asked = time.monotonic()
            process.send_signal(signal.SIGINT)
            process.stdout.read()
            errors = process.stderr.read()
            self.assertEqual(process.wait(), 1, errors)
            self.assertLess(time.monotonic() - asked, 5)  # 100 ms on an idle machine
            self.assertIn("stopped by Ctrl-C", errors)
            process.stdout.close()
            process.stderr.close()
        self.assertEqual(self.lake.check(), "")

    def test_terminate(self):
        process = self.start(MANY)
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        process.communicate()
        self.assertNotEqual(process.returncode, 0)
        self.assertEqual(self.lake.check(), "")

    def test_a_reader_that_leaves(self):
        """`crannog sql | head -1`: the pipe breaks, the program ends without a crash."""
        process = self.start("SELECT * FROM range(10000000);")
        process.stdout.close()
        errors = process.stderr.read()
        process.stderr.close()
        self.assertIn(process.wait(), (1, -signal.SIGPIPE), errors)


class OtherReleases(Case):
    def test_formats(self):
        path = self.lake.path / "state" / "FORMAT"
        before = path.read_bytes()
        for content, code, words in [
            (b"crannog state format 2\n9.1.0\ncomplete", "UNSUPPORTED", ["format 2", "9.1.0"]),
            (b"crannog state format 999999999999999999999\n9.1.0\ncomplete", "[A-Z]+", []),
            (b"garbage", "CORRUPT", ["FORMAT"]), (b"", "CORRUPT", ["FORMAT"]),
            (None, "CORRUPT", ["FORMAT"]),
        ]:
            with self.subTest(content=content):
                path.unlink() if content is None else path.write_bytes(content)
                for command in [("sql", "-c", "SELECT 1"), ("check",)]:
                    self.refused(self.lake.call(*command), code, str(self.lake.path), *words)
                if content is not None:
                    self.assertEqual(path.read_bytes(), content, "a refused lake is left alone")
                path.write_bytes(before)
        self.unchanged()


def nobody_can_run():
    """Whether this is root and the program can be started as a user without rights."""
    if os.geteuid() != 0:
        return False
    try:
        done = subprocess.run([lakes.PROGRAM, "--version"], user=NOBODY, group=NOBODY,
                              extra_groups=[], capture_output=True, check=False)
        return done.returncode == 0
    except OSError:
        return False


class Permissions(Case):
    def without_rights(self, *arguments):
        options = {}
        if os.geteuid() == 0:
            options = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        return self.lake.call(*arguments, **options)

    def test_a_lake_that_cannot_be_written(self):
        if os.geteuid() == 0 and not nobody_can_run():
            self.skipTest("root writes anywhere, and no other user can start the program here")
        folders = [self.lake.path, *(p for p in self.lake.path.rglob("*") if p.is_dir())]
        for folder in folders:
            folder.chmod(0o555)
        try:
            for command in [("sql", "-c", "INSERT INTO s.t VALUES (1, 1, 'x')"), ("check",)]:
                self.refused(self.without_rights(*command), "(FORBIDDEN|IO)", str(self.lake.path),
                             "Permission denied")
        finally:
            for folder in folders:
                folder.chmod(0o755)
        self.unchanged()

    def test_a_lake_that_cannot_be_made(self):
        if os.geteuid() == 0 and not nobody_can_run():
            self.skipTest("root writes anywhere, and no other user can start the program here")
        self.folder.chmod(0o555)
        try:
            known, self.lake = self.lake, lakes.Lake(self.folder / "new")
            self.refused(self.without_rights("sql", "-c", "SELECT 1"), "(FORBIDDEN|IO)",
                         str(self.lake.path), "Permission denied")
            self.lake = known
        finally:
            self.folder.chmod(0o755)


class FullDisk(unittest.TestCase):
    """A small disk of its own, which only root can mount; without, a limit on file sizes."""

    def setUp(self):
        self.folder = lakes.fresh_folder()
        self.addCleanup(lakes.remove, self.folder)

    def fill_and_write(self, lake, rounds):
        """Inserts of all sizes until many failed; the rows acknowledged."""
        acknowledged, failed = 0, 0
        for number in range(rounds):
            rows = [1, 100, 30000][number % 3]
            done = lake.sql(f"INSERT INTO s.t SELECT i, md5((i * {number})::VARCHAR) "
                            f"FROM range({rows}) r(i);")
            self.assertIn(done.returncode, (0, 1), done.stderr)
            if done.returncode == 0:
                acknowledged += rows
                continue
            failed += 1
            self.assertRegex(done.stderr, r"^crannog: EXHAUSTED: .*(space left|large)")
        self.assertGreater(failed, 0, "the disk was meant to be too small")
        return acknowledged

    def test_small_disk(self):
        if os.geteuid() != 0:
            self.skipTest("only root can mount a disk of 8 MiB; test_file_size_limit runs instead")
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs",
                                  str(self.folder)], capture_output=True, text=True, check=False)
        if mounted.returncode != 0:
            self.skipTest(f"cannot mount a small disk: {mounted.stderr.strip()}")
        try:
            self.on_a_small_disk()
        finally:
            subprocess.run(["umount", str(self.folder)], check=True)

    def on_a_small_disk(self):
        lake = lakes.Lake(self.folder / "lake")
        lake.rows("CREATE SCHEMA s; CREATE TABLE s.t (i BIGINT, p VARCHAR);")
        acknowledged = self.fill_and_write(lake, 30)
        self.take_the_rest()
        done = lake.sql("INSERT INTO s.t VALUES (1, 'x');")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"^crannog: EXHAUSTED: .*space left")
        (self.folder / "rest").unlink(missing_ok=True)
        self.assertEqual(lake.rows("SELECT count(*) AS n FROM s.t;"), [{"n": acknowledged}])
        self.assertEqual(lake.check(), "")
        lake.rows("INSERT INTO s.t VALUES (1, 'x');")

    def take_the_rest(self):
        """Leaves not a byte of the disk free."""
        try:
            with open(self.folder / "rest", "wb", buffering=0) as rest:
                while rest.write(bytes(4096)):
                    pass
        except OSError:
            pass

    def test_file_size_limit(self):
        """ulimit -f: writes beyond fail with EFBIG once SIGXFSZ is ignored, and kill otherwise."""
        lake = lakes.Lake(self.folder / "lake")
        lake.rows("CREATE SCHEMA s; CREATE TABLE s.t (i BIGINT, p VARCHAR); "
                  "INSERT INTO s.t VALUES (1, 'x');")

        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 18, 1 << 18))
        large = "INSERT INTO s.t SELECT i, md5(i::VARCHAR) FROM range(300000) r(i);"
        for ignored in (True, False):
            done = lake.sql(large, preexec_fn=limit, restore_signals=not ignored)
            self.assertIn(done.returncode, (1, -signal.SIGXFSZ), done.stderr)
            if ignored:
                self.assertEqual(done.returncode, 1)
                self.assertRegex(done.stderr, r"^crannog: (EXHAUSTED|TOO_LARGE|IO): .*too large")
            self.assertEqual(lake.rows("SELECT count(*) AS n FROM s.t;"), [{"n": 1}])
            self.assertEqual(lake.check(), "")


if __name__ == "__main__":
    unittest.main()

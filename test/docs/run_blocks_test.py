"""The block runner itself."""

import os
import tempfile
import unittest

import run_blocks


class Blocks(unittest.TestCase):
    def outcome(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "a.md")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            return run_blocks.main(path, "/bin/true")

    def test_what_is_written_must_come_out(self):
        self.assertEqual(self.outcome("```console\n$ echo one\none\n```\n"), 0)
        self.assertEqual(self.outcome("```console\n$ echo one\ntwo\n```\n"), 1)

    def test_dots_stand_for_anything(self):
        self.assertEqual(self.outcome("```console\n$ seq 3; echo a 5 s\n1\n...\na ... s\n```\n"), 0)
        self.assertEqual(self.outcome("```console\n$ seq 3\n...\n4\n```\n"), 1)

    def test_blocks_share_a_folder(self):
        self.assertEqual(self.outcome("```sh\necho x > f\n```\n```console\n$ cat f\nx\n```\n"), 0)

    def test_a_failing_command_fails(self):
        self.assertEqual(self.outcome("```sh\nfalse\ntrue\n```\n"), 1)

    def test_left_out_with_a_reason(self):
        self.assertEqual(self.outcome("<!-- not run: slow -->\n```sh\nfalse\n```\n"), 0)
        self.assertEqual(
            self.outcome("<!-- not run: slow -->\n\ntext\n```sh\nfalse\n```\n"), 1)

    def test_other_languages_are_left_alone(self):
        self.assertEqual(self.outcome("```\nfalse\n```\n```cpp\nx\n```\n"), 0)


if __name__ == "__main__":
    unittest.main()

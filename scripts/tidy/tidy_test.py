"""The rules of the checker itself: each finds what it is for and leaves good code alone."""

import os
import tempfile
import unittest

import documents
import findings
import folders
import functions
import includes
import text
from tree import Tree, blank

GOOD = {
    "src/CMakeLists.txt": "crannog_folder(base)\ncrannog_folder(io)\ncrannog_folder(wire/s3)\n",
    "src/base/README.md": "# base\n",
    "src/io/README.md": "# io\n",
    "src/base/size.h": "// Sizes.\n#pragma once\n#include <string>\nint Size();\n",
    "src/base/size.cc": '#include "base/size.h"\nint Size() { return 1; }\n',
    "src/io/clock.h": '// Time.\n#pragma once\n#include "base/size.h"\nint Now();\n',
    "src/io/clock.cc": '#include "io/clock.h"\n\n#include <unistd.h>\nint Now() { return 2; }\n',
    "test/io_use.cc": '#include "io/clock.h"\n',
}


class Case(unittest.TestCase):
    def tree(self, changes):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        for path, content in {**GOOD, **changes}.items():
            whole = os.path.join(folder.name, path)
            os.makedirs(os.path.dirname(whole), exist_ok=True)
            with open(whole, "w", encoding="utf-8") as file:
                file.write(content)
        return Tree(folder.name)

    def rules(self, changes):
        tree = self.tree(changes)
        found = [finding for check in (includes.check, text.check, folders.check, documents.check)
                 for finding in check(tree)]
        for finding in found:
            str(finding)  # Every rule has its reason.
        return sorted({(finding.rule, finding.path) for finding in found})


class Rules(Case):
    def test_good_code_passes(self):
        self.assertEqual(self.rules({}), [])

    def test_include_upward(self):
        self.assertIn(("layers", "src/base/size.cc"), self.rules({
            "src/base/size.cc": '#include "base/size.h"\n#include "io/clock.h"\n'}))

    def test_same_layer(self):
        self.assertIn(("layers", "src/io/clock.cc"), self.rules({
            "src/codec/json.h": "// J.\n#pragma once\n",
            "src/io/clock.cc": '#include "io/clock.h"\n#include "codec/json.h"\n'}))

    def test_siblings_of_wire(self):
        self.assertIn(("layers", "src/wire/s3/a.cc"), self.rules({
            "src/wire/trino/b.h": "// B.\n#pragma once\n",
            "src/wire/s3/a.cc": '#include "wire/trino/b.h"\n'}))

    def test_folders_in_a_circle(self):
        self.assertIn(("layers", "src/io/clock.cc"), self.rules({
            "src/io/sim/disk.h": '// D.\n#pragma once\n#include "io/clock.h"\n',
            "src/io/clock.cc": '#include "io/clock.h"\n#include "io/sim/disk.h"\n'}))

    def test_unknown_folder_has_no_layer(self):
        self.assertIn(("layers", "src/odd/a.cc"), self.rules({
            "src/odd/a.cc": '#include "base/size.h"\n'}))

    def test_third_party(self):
        for include in ("<rocksdb/db.h>", "<unknown/lib.h>", "<gtest/gtest.h>", "<duckdb.hpp>"):
            self.assertIn(("third-party", "src/io/clock.cc"), self.rules({
                "src/io/clock.cc": f'#include "io/clock.h"\n#include {include}\n'}), include)

    def test_formatting_library_stays_out_of_headers(self):
        include = '// T.\n#pragma once\n#include <fmt/format.h>\n#include "base/size.h"\n'
        self.assertIn(("third-party", "src/io/clock.h"), self.rules({"src/io/clock.h": include}))
        source = '#include "io/clock.h"\n\n#include <fmt/format.h>\n'
        self.assertEqual(self.rules({"src/io/clock.cc": source}), [])

    def test_include_not_from_src(self):
        self.assertIn(("include-path", "src/io/clock.cc"), self.rules({
            "src/io/clock.cc": '#include "io/clock.h"\n#include "clock2.h"\n'}))

    def test_own_header_first(self):
        self.assertIn(("own-header-first", "src/io/clock.cc"), self.rules({
            "src/io/clock.cc": '#include <string>\n#include "io/clock.h"\n'}))

    def test_header_form(self):
        found = self.rules({"src/io/clock.h":
                            '#include "base/size.h"\nusing namespace std;\nint Now();\n'})
        for rule in ("header-contract", "pragma-once", "using-namespace"):
            self.assertIn((rule, "src/io/clock.h"), found)

    def test_lengths(self):
        body = "  int x = 1;\n" * 69
        found = self.rules({
            "src/io/clock.cc": '#include "io/clock.h"\n' + "int F() {\n" + body + "}\n",
            "src/base/size.cc": '#include "base/size.h"\n' + "// a\n" * 500,
            "src/base/size.h": "// S.\n#pragma once\n#include <string>\n// " + "long " * 20 + "\n"})
        self.assertIn(("function-length", "src/io/clock.cc"), found)
        self.assertIn(("file-length", "src/base/size.cc"), found)
        self.assertIn(("line-length", "src/base/size.h"), found)

    def test_names(self):
        found = self.rules({
            "src/io/file_utils.h": "// F.\n#pragma once\nclass LockManager {};\n",
            "src/io/BigFile.h": "// B.\n#pragma once\n"})
        self.assertIn(("name", "src/io/file_utils.h"), found)
        self.assertIn(("file-name", "src/io/BigFile.h"), found)

    def test_promise(self):
        word = "TO" + "DO"
        source = '#include "io/clock.h"\n// {}\n'
        self.assertIn(("todo", "src/io/clock.cc"),
                      self.rules({"src/io/clock.cc": source.format(word + ": later")}))
        self.assertEqual(
            self.rules({"src/io/clock.cc": source.format(word + "(#7): later")}), [])

    def test_throw(self):
        self.assertIn(("throw", "src/io/clock.cc"), self.rules({
            "src/io/clock.cc": '#include "io/clock.h"\nint Now() { throw 1; }\n'}))

    def test_dead_files(self):
        found = self.rules({"src/io/lost.h": "// L.\n#pragma once\n",
                            "src/table/unbuilt.cc": "int x;\n"})
        self.assertIn(("dead-file", "src/io/lost.h"), found)
        self.assertIn(("dead-file", "src/table"), found)

    def test_parser_wants_fuzzing(self):
        parser = "// P.\n#pragma once\n#include <string>\nint ParseIt(std::string_view text);\n"
        self.assertIn(("fuzz", "src/base/size.h"), self.rules({"src/base/size.h": parser}))
        fuzz = {"src/base/size.h": parser, "test/fuzz/README.md": "# fuzz\n",
                "test/fuzz/size_fuzz.cc": '#include "base/size.h"\n'}
        self.assertIn(("fuzz", "test/fuzz/size_fuzz.cc"), self.rules(fuzz))
        fuzz["test/fuzz/corpus/size/one"] = "1"
        self.assertEqual(self.rules(fuzz), [])

    def test_readme_wanted(self):
        self.assertIn(("readme", "test/model"), self.rules({"test/model/a.cc": "int x;\n"}))

    def test_documents(self):
        found = self.rules({
            "docs/a.md": "[x](gone.md) and [y](#nowhere)\n# Here it is\n[z](#here-it-is)\n",
            "docs/ARCHITECTURE.md": "line\n" * 301})
        self.assertIn(("link", "docs/a.md"), found)
        self.assertIn(("doc-length", "docs/ARCHITECTURE.md"), found)

    def test_ratchet_only_shrinks(self):
        found = [findings.Finding("a.cc", 1, "todo", "x")]
        self.assertEqual(findings.unknown_to({("todo", "a.cc")}, found), [])
        left = findings.unknown_to({("todo", "gone.cc")}, found)
        self.assertEqual([finding.rule for finding in left], ["todo", "known-offender"])


class Functions(unittest.TestCase):
    def named(self, code):
        return [(f.name, f.parameters, f.lines) for f in functions.functions(blank(code))]

    def test_definitions_and_declarations(self):
        self.assertEqual(self.named(
            "namespace a {\nint F(int x, std::map<int, int> y) {\n  if (x) { }\n  return 1;\n}\n"
            "class C {\n  explicit C(int a) : a_{a}, b_{1} {\n  }\n"
            "  bool operator==(const C& o) const { return true; }\n  int a_{0};\n};\n}\n"),
            [("F", 2, 4), ("C", 1, 2), ("operator", 1, 1)])

    def test_comments_and_literals_do_not_count(self):
        self.assertEqual(self.named('// f(a{\nvoid G(/* x, y */) { auto s = "}{(,"; }\n'),
                         [("G", 0, 1)])

    def test_callbacks_in_parameters(self):
        self.assertEqual(self.named("void H(std::function<void(int, int)> f, int n = 1);\n"),
                         [("H", 2, 0)])

    def test_unnamed_parameters_are_not_counted(self):
        self.assertEqual(self.named("int K(A& a, B&, const C*, int n) { return n; }\n"),
                         [("K", 2, 1)])

    def test_values_are_no_functions(self):
        self.assertEqual(self.named("const int kAll[] = {F(1, 2), 3};\nusing X = int(int, int);\n"),
                         [])

    def test_raw_strings(self):
        self.assertEqual(self.named('void I() { auto s = R"(}{ ")"; }\n'), [("I", 0, 1)])


if __name__ == "__main__":
    unittest.main()

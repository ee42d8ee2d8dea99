"""The files of the checkout, read once, and C++ text with its comments and strings blanked."""

import os
import re

SKIPPED = {".git", "build", "__pycache__", "node_modules", "corpus", ".venv", "lake"}

_TOKENS = re.compile(
    r'//[^\n]*|/\*.*?\*/'
    r'|R"(?P<mark>[^(\s]{0,16})\(.*?\)(?P=mark)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'",
    re.DOTALL)


def blank(text):
    """The text with comments removed and literals emptied; every line keeps its number."""

    def spare(match):
        token = match.group(0)
        kept = "\n" * token.count("\n")
        return kept if token.startswith("/") else '""' + kept

    return _TOKENS.sub(spare, text)


class File:
    def __init__(self, root, path):
        self.path = path
        self.folder, self.name = os.path.split(path)
        with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
            self.text = file.read()
        self.lines = self.text.splitlines()
        self._code = None

    @property
    def code(self):
        if self._code is None:
            self._code = blank(self.text)
        return self._code

    @property
    def is_header(self):
        return self.name.endswith(".h")

    @property
    def is_test(self):
        return self.name.endswith("_test.cc")

    @property
    def is_cpp(self):
        return self.name.endswith((".cc", ".h"))

    def includes(self):
        """(line, kind, path) of each #include; kind is the opening character."""
        for number, line in enumerate(self.lines, 1):
            match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
            if match:
                yield number, match.group(1), match.group(2)


class Tree:
    """The whole checkout: files by their path, and the folders."""

    def __init__(self, root):
        self.root = root
        self.files = {}
        self.paths = set()
        for folder, folders, names in os.walk(root):
            folders[:] = sorted(name for name in folders if name not in SKIPPED)
            for name in sorted(names):
                path = os.path.relpath(os.path.join(folder, name), root)
                self.paths.add(path)
                if name.endswith((".cc", ".h", ".py", ".sh", ".md", ".cmake", "CMakeLists.txt")):
                    self.files[path] = File(root, path)

    def cpp(self, *tops):
        """The C++ files under the given top folders (all of src, test, bench when none)."""
        tops = tops or ("src", "test", "bench")
        return [f for f in self.files.values() if f.is_cpp and f.path.split("/")[0] in tops]

    def exists(self, path):
        return os.path.exists(os.path.join(self.root, path))

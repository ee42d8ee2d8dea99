"""Links and lengths of the Markdown files."""

import os
import re

from findings import Finding

LINES_MAX = {"docs/ARCHITECTURE.md": 300, "README.md": 250, "CONTRIBUTING.md": 150}
# A folder's README is a page, not a book.
FOLDER_README_LINES_MAX = 120

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def check(tree):
    findings = []
    for file in tree.files.values():
        if not file.name.endswith(".md"):
            continue
        most = LINES_MAX.get(file.path)
        if most is None and file.name == "README.md" and file.path.startswith("src/"):
            most = FOLDER_README_LINES_MAX
        if most is not None and len(file.lines) > most:
            findings.append(Finding(file.path, most + 1, "doc-length",
                                    f"{len(file.lines)} lines, {most} at most"))
        findings += check_links(tree, file)
    return findings


def check_links(tree, file):
    findings = []
    fenced = False
    for number, line in enumerate(file.lines, 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        if fenced:
            continue
        for target in _LINK.findall(re.sub(r"`[^`]*`", "", line)):
            if re.match(r"[a-z]+:", target):
                continue
            path, _, anchor = target.partition("#")
            whole = os.path.normpath(os.path.join(file.folder, path)) if path else file.path
            if not tree.exists(whole):
                findings.append(Finding(file.path, number, "link", f"{target} does not exist"))
            elif anchor and whole in tree.files and anchor not in anchors(tree.files[whole]):
                findings.append(Finding(file.path, number, "link",
                                        f"{target}: there is no such heading"))
    return findings


def anchors(file):
    """Headings as the usual renderers name them: lower case, no punctuation, dashes for spaces."""
    found = set()
    for line in file.lines:
        match = re.match(r"#+\s+(.*)", line)
        if match:
            words = re.sub(r"[^\w\- ]", "", match.group(1).strip().lower())
            found.add(words.replace(" ", "-"))
    return found

"""Lengths, names, header form, promises: rules that look at one file's own text."""

import re

from findings import Finding
from functions import functions

FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 500
LINE_COLUMNS_MAX = 100
PARAMETERS_MAX = 5
FOLDER_FILES_MAX = 40
VAGUE = {"util", "utils", "utility", "utilities", "helper", "helpers", "common", "misc", "manager"}
PROMISE = "TO" + "DO"


def check(tree):
    findings = []
    for file in tree.files.values():
        findings += check_lines(file)
    for file in tree.cpp():
        findings += check_file_name(file)
        findings += check_class_names(file)
        findings += check_functions(file)
        if file.is_header:
            findings += check_header(file)
    for file in tree.cpp("src"):
        findings += check_throw(file)
    return findings + check_folder_sizes(tree)


def check_lines(file):
    findings = []
    if file.name.endswith(".md"):
        return findings
    if len(file.lines) > FILE_LINES_MAX:
        findings.append(Finding(file.path, FILE_LINES_MAX + 1, "file-length",
                                f"{len(file.lines)} lines, {FILE_LINES_MAX} at most"))
    for number, line in enumerate(file.lines, 1):
        # A long literal or address cannot be broken without harm.
        if len(line) > LINE_COLUMNS_MAX and " " in line.strip()[LINE_COLUMNS_MAX // 2:]:
            findings.append(Finding(file.path, number, "line-length",
                                    f"{len(line)} columns, {LINE_COLUMNS_MAX} at most"))
        if re.search(rf"\b{PROMISE}\b(?!\(#\d+\))", line):
            findings.append(Finding(file.path, number, "todo",
                                    f"{PROMISE} without the number of an issue: {PROMISE}(#12)"))
    return findings


def check_file_name(file):
    stem = file.name.rsplit(".", 1)[0]
    findings = []
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", stem):
        findings.append(Finding(file.path, 1, "file-name", f"{file.name} is not snake_case"))
    if VAGUE & set(stem.split("_") + file.folder.split("/")):
        findings.append(Finding(file.path, 1, "name", f"the name {file.path} says nothing"))
    return findings


def check_class_names(file):
    findings = []
    for match in re.finditer(r"\b(?:class|struct|enum class)\s+(\w+)([^;{]*)", file.code):
        # A DuckDB class that is extended keeps DuckDB's word.
        if re.search(r":\s*public\s+duckdb::", match.group(2)):
            continue
        words = re.findall(r"[A-Z][a-z0-9]+", match.group(1))
        if VAGUE & {word.lower() for word in words}:
            line = file.code.count("\n", 0, match.start()) + 1
            findings.append(Finding(file.path, line, "name",
                                    f"the name {match.group(1)} says nothing"))
    return findings


def check_functions(file):
    findings = []
    for function in functions(file.code):
        if function.lines > FUNCTION_LINES_MAX:
            findings.append(Finding(
                file.path, function.line, "function-length",
                f"{function.name} has {function.lines} lines, {FUNCTION_LINES_MAX} at most"))
        # An override has no say; a definition X::f is counted where it is declared.
        if re.search(r"\boverride\b", function.head) or "::" in function.name:
            continue
        if function.parameters > PARAMETERS_MAX:
            findings.append(Finding(
                file.path, function.line, "parameters",
                f"{function.name} has {function.parameters} parameters, "
                f"{PARAMETERS_MAX} at most"))
    return findings


def check_header(file):
    findings = []
    if not file.text.startswith("//"):
        findings.append(Finding(file.path, 1, "header-contract",
                                "the file does not begin with a comment that says what it is"))
    code = file.code.split()
    if code[:2] != ["#pragma", "once"]:
        findings.append(Finding(file.path, 1, "pragma-once",
                                "#pragma once is not the first thing in the header"))
    for number, line in enumerate(file.code.split("\n"), 1):
        if re.search(r"\busing\s+namespace\b", line):
            findings.append(Finding(file.path, number, "using-namespace",
                                    "using namespace in a header"))
    return findings


def check_throw(file):
    # The engine's callbacks have no other way to report an error to DuckDB.
    if file.folder == "src/sql/engine" or file.folder.startswith("src/sql/engine/"):
        return []
    # CLI11 is told of a wrong option by its own exception, thrown in its own callback.
    return [Finding(file.path, number, "throw", "throw in our own code")
            for number, line in enumerate(file.code.split("\n"), 1)
            if re.search(r"\bthrow\b(?!\s*\(|\s+CLI::)", line)]


def check_folder_sizes(tree):
    counts = {}
    for file in tree.cpp("src"):
        if not file.is_test:
            counts[file.folder] = counts.get(file.folder, 0) + 1
    return [Finding(folder, 1, "folder-size", f"{count} files, {FOLDER_FILES_MAX} at most")
            for folder, count in counts.items() if count > FOLDER_FILES_MAX]

"""Layers, third-party libraries, and how an include is written."""

import os
import re

from findings import Finding

LAYERS = {
    "base": 0, "io": 1, "codec": 1, "net": 2, "state": 2, "auth": 3, "object": 4, "catalog": 5,
    "table": 6, "sql": 7, "stream": 8, "flow": 8, "govern": 8, "wire": 9, "server": 10, "cli": 10,
}
# Their children are strangers to one another: one protocol, one table format each.
CHILDREN_APART = {"wire", "table"}

# What an include of a library begins with -> folders of src/ that may use it.
LIBRARIES = [
    (r"duckdb", ["sql/engine"]),
    (r"rocksdb/", ["state"]),
    (r"boost/(asio|beast)", ["net", "io"]),
    (r"(arrow|google/protobuf|grpc\w*)/", ["net", "codec", "wire"]),
    (r"nlohmann/", ["codec"]),
    (r"openssl/", ["base", "net", "auth", "object", "catalog"]),
    (r"(zlib|zstd|snappy|snappy-c|lz4\w*|lzma)\.h", ["codec", "object"]),
    (r"(isa-l|crc64|crc)\b", ["object"]),
    (r"xxhash\.h", ["base"]),
    (r"(CLI/|histedit\.h)", ["cli"]),
    (r"librdkafka/", ["stream"]),
    (r"fmt/", ["base"]),
]
# The stand-in for std::format (libstdc++ 12 has none): free in sources, kept out of headers.
FREE_IN_SOURCES = r"fmt/"
TESTING = r"(gtest|gmock)/"
# The operating system: behind the seams of io, and where a terminal or a socket is the subject.
SYSTEM = (r"(sys/|linux/|arpa/|netinet/|(unistd|fcntl|poll|dirent|termios|pthread|dlfcn|execinfo|"
          r"signal|sched|netdb|langinfo|wchar|locale|pwd|ftw|glob|aio|liburing|mntent)\.h)")
SYSTEM_FOLDERS = ["base", "io", "net", "cli", "server"]


def within(folder, allowed):
    return any(folder == each or folder.startswith(each + "/") for each in allowed)


def check(tree):
    findings = []
    edges = {}
    for file in tree.cpp("src"):
        folder = file.folder[len("src/"):] if file.folder != "src" else ""
        for line, opening, path in file.includes():
            if opening == '"' and tree.exists("src/" + path):
                findings += check_layer(file, line, folder, os.path.dirname(path))
                if not file.is_test:
                    target = os.path.dirname(path)
                    edges.setdefault((folder, target), (file.path, line))
            else:
                findings += check_library(file, line, folder, opening, path)
        findings += check_own_header(tree, file)
    return findings + check_cycles(edges)


def check_layer(file, line, folder, target):
    top, target_top = folder.split("/")[0], target.split("/")[0]

    def finding(what):
        return [Finding(file.path, line, "layers", what)]

    if target_top not in LAYERS or top not in LAYERS:
        unknown = target_top if target_top not in LAYERS else top
        return finding(f"{unknown}/ has no layer; give it one in scripts/tidy/includes.py")
    if top == target_top:
        mine, theirs = folder.split("/")[1:2], target.split("/")[1:2]
        if top in CHILDREN_APART and mine and theirs and mine != theirs:
            return finding(f"{folder}/ includes its sibling {target}/")
        return []
    if LAYERS[target_top] > LAYERS[top]:
        return finding(f"{top}/ (layer {LAYERS[top]}) includes upward: "
                       f"{target_top}/ (layer {LAYERS[target_top]})")
    if LAYERS[target_top] == LAYERS[top]:
        return finding(f"{top}/ includes {target_top}/ of the same layer {LAYERS[top]}")
    return []


def check_library(file, line, folder, opening, path):
    def finding(rule, what):
        return [Finding(file.path, line, rule, what)]

    for pattern, allowed in LIBRARIES:
        if not re.match(pattern, path):
            continue
        if within(folder, allowed):
            return []
        if re.match(FREE_IN_SOURCES, path) and not file.is_header:
            return []
        return finding("third-party", f"<{path}> is for {', '.join(allowed)} only")
    if re.match(TESTING, path):
        # test_lake.h: what several tests of a folder share.
        if file.is_test or file.name.startswith("test_"):
            return []
        return finding("third-party", f"<{path}> is for tests only")
    if opening == '"':
        return finding("include-path", f'"{path}" is not a path from src/')
    if re.match(SYSTEM, path):
        if within(folder, SYSTEM_FOLDERS) or file.is_test:
            return []
        return finding("third-party", f"<{path}> is for {', '.join(SYSTEM_FOLDERS)} only")
    if "/" in path or "." in path:
        return finding("third-party",
                       f"<{path}> is of no library listed in scripts/tidy/includes.py")
    return []


def check_own_header(tree, file):
    if file.is_header:
        return []
    own = re.sub(r"(_test)?\.cc$", ".h", file.path)
    if own not in tree.files:
        return []
    own = own[len("src/"):]
    includes = list(file.includes())
    if any(path == own for _, _, path in includes) and includes[0][2] != own:
        return [Finding(file.path, includes[0][0], "own-header-first",
                        f'the first include is not "{own}"')]
    if file.is_test or any(path == own for _, _, path in includes):
        return []
    return [Finding(file.path, 1, "own-header-first", f'"{own}" is not included')]


def check_cycles(edges):
    """No two folders need each other, even inside one layer (sql and sql/engine)."""
    findings = []
    graph = {}
    for source, target in edges:
        if source != target:
            graph.setdefault(source, set()).add(target)

    def reaches(start, goal):
        seen, todo = set(), [start]
        while todo:
            node = todo.pop()
            if node == goal:
                return True
            if node not in seen:
                seen.add(node)
                todo += graph.get(node, ())
        return False

    for (source, target), (path, line) in sorted(edges.items()):
        if source != target and reaches(target, source):
            findings.append(Finding(path, line, "layers",
                                    f"{source}/ and {target}/ include each other"))
    return findings

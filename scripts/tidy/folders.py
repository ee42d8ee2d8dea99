"""READMEs, files nothing uses, parsers without a fuzz target."""

import os
import re

from findings import Finding

# What takes outside bytes: Parse..(std::string_view ..), ..Decode(std::span<const ..> ..),
# Take..(std::string_view& ..).
PARSER = re.compile(r"\b((?:\w*(?:Parse|Decode)\w*|Take[A-Z]\w*))\s*\("
                    r"\s*(?:const\s+)?std::(?:string_view|span<const)")


def check(tree):
    return check_readmes(tree) + check_dead(tree) + check_fuzz(tree)


def check_readmes(tree):
    wanted = {"bench", "scripts", "docs/changes", "docs/formats"}
    wanted |= {file.folder for file in tree.cpp("src")}
    for path in tree.paths:
        parts = path.split("/")
        if parts[0] in ("test", "examples") and len(parts) > 2:
            wanted.add("/".join(parts[:2]))
    return [Finding(folder, 1, "readme", "the folder has no README.md")
            for folder in sorted(wanted)
            if tree.exists(folder) and f"{folder}/README.md" not in tree.files]


def check_dead(tree):
    findings = []
    included = {}
    for file in tree.cpp():
        for _, opening, path in file.includes():
            beside = os.path.normpath(os.path.join(file.folder, path))
            for target in ("src/" + path, beside, path):
                if opening == '"' and target in tree.files:
                    included.setdefault(target, set()).add(file.path)
                    break
    for file in tree.cpp():
        if file.is_header:
            own = re.sub(r"\.h$", "", file.path)
            users = included.get(file.path, set()) - {own + ".cc", own + "_test.cc"}
            if not users:
                findings.append(Finding(file.path, 1, "dead-file",
                                        "only its own source and test include this header"))
    listed = tree.files.get("src/CMakeLists.txt")
    built = set(re.findall(r"crannog_folder\(([\w/]+)", listed.text)) if listed else set()
    for folder in sorted({f.folder for f in tree.cpp("src") if not f.is_header}):
        if folder[len("src/"):] not in built:
            findings.append(Finding(folder, 1, "dead-file",
                                    "src/CMakeLists.txt does not build this folder"))
    return findings


def check_fuzz(tree):
    targets = [f for f in tree.cpp("test") if f.name.endswith("_fuzz.cc")]
    fuzzed = {path for file in targets for _, _, path in file.includes()}
    findings = []
    for file in tree.cpp("src"):
        # What a user types is no outside byte.
        outside = file.is_header and not file.path.startswith("src/cli/")
        match = PARSER.search(file.code) if outside else None
        if match and file.path[len("src/"):] not in fuzzed:
            line = file.code.count("\n", 0, match.start()) + 1
            findings.append(Finding(file.path, line, "fuzz",
                                    f"no test/fuzz/*_fuzz.cc includes the header of "
                                    f"{match.group(1)}"))
    for file in targets:
        corpus = f"{file.folder}/corpus/{file.name[:-len('_fuzz.cc')]}"
        if not tree.exists(corpus) or not os.listdir(os.path.join(tree.root, corpus)):
            findings.append(Finding(file.path, 1, "fuzz", f"{corpus}/ holds no input"))
    return findings

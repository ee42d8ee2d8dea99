"""What a rule reports, and the reason each rule has."""

from dataclasses import dataclass

REASONS = {
    "layers": "a folder includes lower layers only: each can be read and tested alone",
    "third-party": "a library's types stop at named folders, so that it can be replaced there",
    "include-path": "includes are written from src/, so that a file moves without breaking others",
    "own-header-first": "a header proves that it includes what it needs by coming first",
    "pragma-once": "one way to guard a header, with no name to collide",
    "header-contract": "headers carry the contract: the first line says what is in the file",
    "using-namespace": "a header must not change what names mean in the files that include it",
    "throw": "what can fail returns Result or Status; an exception crosses faces unseen",
    "function-length": "what does not fit a screen is not read as a whole",
    "file-length": "a file has one subject; past this length it has several",
    "line-length": "two files fit side by side",
    "parameters": "past five parameters callers mix them up; an options struct names them",
    "folder-size": "a folder that cannot be taken in at a glance is two folders",
    "name": "a name says what its contents share; these words say nothing",
    "file-name": "file names are snake_case everywhere",
    "todo": "a promise without an issue is forgotten",
    "readme": "each folder says its purpose, face, limits and what it must not do",
    "dead-file": "what nothing uses is not tested, and misleads its reader",
    "fuzz": "every parser of outside bytes meets hostile bytes in the ordinary suite",
    "link": "a broken link sends a reader away",
    "doc-length": "a document that is too long is not read",
    "format": "the formatter decides, so that nobody has to; ./dev fmt mends it",
    "known-offender": "the list of known offenders only shrinks; take the line out",
}


@dataclass(frozen=True, order=True)
class Finding:
    path: str
    line: int
    rule: str
    what: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.what}\n    {self.rule}: {REASONS[self.rule]}"


def unknown_to(ratchet, findings):
    """The findings the ratchet does not list, and one for each line of it that is out of date.

    The ratchet is a list of (rule, path); it may hold old offenders while their turn comes.
    """
    seen = {(finding.rule, finding.path) for finding in findings}
    left = [finding for finding in findings if (finding.rule, finding.path) not in ratchet]
    for rule, path in sorted(ratchet - seen):
        left.append(
            Finding("scripts/tidy/known_offenders.txt", 1, "known-offender",
                    f"{path} no longer offends against {rule}"))
    return left

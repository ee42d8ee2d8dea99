"""Functions of a C++ file, found by their braces: good enough for lengths and parameter counts."""

import re
from dataclasses import dataclass

_SCOPE = re.compile(r"\b(namespace|class|struct|union|enum)\b|\bextern\s*\"\"\s*$")
_NOT_A_NAME = {"decltype", "noexcept", "alignas", "requires", "explicit", "sizeof", "throw",
               "__attribute__", "static_assert", "if", "for", "while", "switch", "return"}


@dataclass
class Function:
    head: str        # what stands before the body or the semicolon, in one line
    line: int        # of the first word of the head
    lines: int       # of the whole; 0 for a declaration
    name: str
    parameters: int


def functions(code):
    """Definitions and declarations at file and class scope, in order."""
    return list(_Scanner(code).scan())


class _Scanner:
    def __init__(self, code):
        # Preprocessor lines would unbalance braces; their line numbers stay.
        self.code = re.sub(r"(?m)^[ \t]*#(?:[^\n\\]|\\.|\\\n)*",
                           lambda match: "\n" * match.group(0).count("\n"), code)

    def scan(self):
        position, start, line, head_line = 0, 0, 1, 0
        parens = 0
        end = len(self.code)
        while position < end:
            char = self.code[position]
            if char == "\n":
                line += 1
            elif not char.isspace() and not head_line:
                start, head_line = position, line
            if char == "(":
                parens += 1
            elif char == ")":
                parens -= 1
            elif char in "};" and parens == 0:
                if char == ";":
                    yield from self.declared(self.code[start:position], head_line)
                head_line = 0
            elif char == "{" and parens == 0:
                head = self.code[start:position]
                if is_scope(head):
                    head_line = 0
                else:
                    close = self.closing(position)
                    ended = line + self.code.count("\n", position, close)
                    following = self.code[close + 1:close + 80].lstrip()[:1]
                    if is_initializer(head, following):
                        position, line = close, ended
                    else:
                        yield from self.defined(head, head_line or line, ended)
                        position, line, head_line = close, ended, 0
            position += 1

    def closing(self, position):
        depth = 0
        for match in re.compile(r"[{}]").finditer(self.code, position):
            depth += 1 if match.group(0) == "{" else -1
            if depth == 0:
                return match.start()
        return len(self.code) - 1

    def defined(self, head, line, ended):
        name, count = signature(head)
        if name:
            yield Function(" ".join(head.split()), line, ended - line + 1, name, count)

    def declared(self, head, line):
        if re.match(r"\s*(using|typedef|friend|static_assert|return)\b", head):
            return
        name, count = signature(head)
        if name:
            yield Function(" ".join(head.split()), line, 0, name, count)


def is_scope(head):
    head = re.sub(r"template\s*<[^{};]*?>\s*(?=class|struct|union|requires|\w)", "", head)
    match = _SCOPE.search(head)
    return bool(match) and "(" not in re.sub(r"(alignas|__attribute__)\s*\([^)]*\)", "", head)


def is_initializer(head, following):
    """A brace of `a_{1}, b_{2} {` or of `x = {..};`, not of a body."""
    if signature(head)[0] is None:
        return True
    return following in (",", "{") and bool(re.search(r"\)\s*(noexcept\s*)?:[^:]", head))


def signature(head):
    """(name, number of parameters) of what looks like a function; (None, 0) otherwise."""
    angle, position = 0, 0
    while position < len(head):
        char = head[position]
        if head.startswith("operator", position) and not head[position - 1:position].isalnum():
            mark = re.compile(r"operator\s*(\(\s*\)|[^\s\w(]+|[\w\s:<>*&]+)").match(head, position)
            if mark:
                opening = head.find("(", mark.end())
                return ("operator", count_parameters(head, opening)) if opening >= 0 else (None, 0)
        if char == "<":
            angle += 1
        elif char == ">" and head[position - 1] != "-":
            angle = max(0, angle - 1)
        elif char == "=" and angle == 0:
            return None, 0
        elif char == "(" and angle == 0:
            word = re.search(r"([\w~]+(?:::[\w~]+)*)\s*$", head[:position])
            if word and word.group(1) not in _NOT_A_NAME:
                return word.group(1), count_parameters(head, position)
            position = skip_parens(head, position)
        position += 1
    return None, 0


def skip_parens(head, position):
    depth = 0
    while position < len(head):
        depth += {"(": 1, ")": -1}.get(head[position], 0)
        if depth == 0:
            return position
        position += 1
    return position


def count_parameters(head, opening):
    """The parameters with a name: one without is there because an interface asks for it."""
    inside = head[opening + 1:skip_parens(head, opening)]
    if inside.strip() in ("", "void"):
        return 0
    depth, begin = 0, 0
    parameters = []
    for index, char in enumerate(inside):
        if char in "<([{":
            depth += 1
        elif char in ")]}" or (char == ">" and inside[index - 1] != "-"):
            depth -= 1
        elif char == "," and depth == 0:
            parameters.append(inside[begin:index])
            begin = index + 1
    parameters.append(inside[begin:])
    return sum(1 for parameter in parameters if not parameter.rstrip().endswith(("&", "*")))

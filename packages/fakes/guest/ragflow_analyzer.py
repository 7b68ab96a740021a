"""Finds in a Python source on standard input what the executor manager of RAGFlow refuses, and prints it as JSON."""

import ast
import json
import sys

MODULES = set(
    "os subprocess sys shutil socket ctypes pickle threading multiprocessing asyncio ftplib telnetlib builtins".split()
)
NAMES = set(
    "eval exec open __import__ compile input system popen remove rename rmdir chdir chmod chown"
    " getattr setattr globals locals ctypes".split()
)


class Analyzer(ast.NodeVisitor):
    def __init__(self):
        self.findings = []

    def find(self, node, issue):
        self.findings.append([node.lineno, issue])

    def visit_Import(self, node):
        for name in node.names:
            if name.name.split(".")[0] in MODULES:
                self.find(node, f"Import: {name.name}")
        self.generic_visit(node)

    def visit_ImportFrom(self, node):
        if node.module and node.module.split(".")[0] in MODULES:
            self.find(node, f"From Import: {node.module}")
        self.generic_visit(node)

    def visit_Call(self, node):
        name = called_name(node)
        if name in NAMES:
            self.find(node, f"Call: {name}")
        self.generic_visit(node)

    def visit_Attribute(self, node):
        if isinstance(node.value, ast.Name) and node.value.id in MODULES:
            self.find(node, f"Attribute Access: {node.value.id}.{node.attr}")
        self.generic_visit(node)

    def visit_BinOp(self, node):
        if isinstance(node.left, ast.Constant) and isinstance(node.right, ast.Constant):
            self.find(node, "Possible unsafe string concatenation")
        self.generic_visit(node)

    def visit_FunctionDef(self, node):
        if node.name in NAMES:
            self.find(node, f"Function Definition: {node.name}")
        self.generic_visit(node)

    def visit_Assign(self, node):
        for target in node.targets:
            if isinstance(target, ast.Name) and target.id in NAMES:
                self.find(node, f"Assignment to dangerous variable: {target.id}")
        self.generic_visit(node)

    def visit_Lambda(self, node):
        self.look_into(node, node.body, "Lambda with dangerous function call")

    def visit_ListComp(self, node):
        self.look_into(node, node.elt, "List comprehension with dangerous function call")

    def visit_SetComp(self, node):
        self.look_into(node, node.elt, "Set comprehension with dangerous function call")

    def visit_DictComp(self, node):
        if is_dangerous_call(node.key):
            self.find(node, "Dict comprehension with dangerous function call in key")
        self.look_into(node, node.value, "Dict comprehension with dangerous function call in value")

    def visit_Yield(self, node):
        self.look_into(node, node.value, "Yield with dangerous function call")

    def look_into(self, node, value, issue):
        if is_dangerous_call(value):
            self.find(node, issue)
        self.generic_visit(node)


def called_name(node):
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else None


def is_dangerous_call(node):
    return isinstance(node, ast.Call) and called_name(node) in NAMES


def main():
    analyzer = Analyzer()
    try:
        analyzer.visit(ast.parse(sys.stdin.buffer.read().decode()))
    except (SyntaxError, ValueError) as error:
        analyzer.findings = [[-1, f"Parsing Error: {error}"]]
    print(json.dumps(analyzer.findings))


main()

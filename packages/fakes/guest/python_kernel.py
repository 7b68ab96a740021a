"""A Python context: one interpreter that runs one piece of code after the other in one namespace.

Its last two arguments are the descriptors on which orders come and reports go, as lines of JSON.
"""

import ast
import base64
import builtins
import contextlib
import inspect
import json
import linecache
import os
import signal
import sys
import traceback
import types


# What notebooks ask a value for, and the forms that they get.
REPRESENTATIONS = {
    "_repr_html_": "text/html",
    "_repr_markdown_": "text/markdown",
    "_repr_svg_": "image/svg+xml",
    "_repr_png_": "image/png",
    "_repr_jpeg_": "image/jpeg",
    "_repr_pdf_": "application/pdf",
    "_repr_latex_": "text/latex",
    "_repr_json_": "application/json",
    "_repr_javascript_": "application/javascript",
}


def make_bundle(value, text):
    """The forms of a value by their MIME types, as a notebook gathers them."""
    bundle = {"text/plain": text}
    if isinstance(value, type):
        return bundle
    for method, kind in REPRESENTATIONS.items():
        make = getattr(value, method, None)
        form = make() if callable(make) else None
        if isinstance(form, bytes):
            form = base64.b64encode(form).decode()
        if form is not None:
            bundle[kind] = form
    make = getattr(value, "_repr_mimebundle_", None)
    if callable(make):
        forms = make()
        bundle.update(forms[0] if isinstance(forms, tuple) else forms or {})
    return bundle


def split_last_expression(tree):
    """Takes the value that the code ends with, as a notebook does; nothing when it ends with a statement."""
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        return ast.Expression(tree.body.pop().value)
    return None


class Kernel:
    def __init__(self, orders, reports):
        self.orders = os.fdopen(orders, "r", encoding="utf-8")
        self.reports = reports
        self.count = 0
        self.loop = None
        self.shows_forms = False
        self.is_interruptible = False
        signal.signal(signal.SIGINT, self.interrupt)
        self.pid = os.getpid()
        module = types.ModuleType("__main__")
        module.__dict__["__builtins__"] = __builtins__
        sys.modules["__main__"] = module
        self.namespace = module.__dict__
        builtins.display = self.display

    def serve(self):
        while True:
            line = self.orders.readline()
            if line == "":
                return
            order = json.loads(line)
            self.shows_forms = order.get("live", False)
            if self.shows_forms:
                for stream in (sys.__stdout__, sys.__stderr__):
                    stream.reconfigure(line_buffering=True)
            with variables(order.get("environment") or {}):
                self.run(order["code"])

    def interrupt(self, _number, _frame):
        # One that comes when the code has just ended must not take its report away.
        if self.is_interruptible:
            raise KeyboardInterrupt

    def run(self, code):
        self.count += 1
        name = "<cell %d>" % self.count
        linecache.cache[name] = (len(code), None, code.splitlines(True), name)
        report = {"status": "ok", "result": None, "bundle": None, "error": None, "count": self.count}
        try:
            self.is_interruptible = True
            self.send({"begun": True})
            value = self.evaluate(code, name)
            if value is not None:
                report["result"] = repr(value)
                report["bundle"] = make_bundle(value, report["result"]) if self.shows_forms else None
            self.is_interruptible = False
        except BaseException as error:  # SystemExit and KeyboardInterrupt are outcomes of the code as well.
            self.is_interruptible = False
            report["status"] = "error"
            report["error"] = describe(error)
        if os.getpid() != self.pid:
            os._exit(0)  # A fork of the code came back from it: the context is its parent's.
        self.report(report)

    def report(self, report):
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):  # The code may have put anything in their place.
                stream.flush()
        self.send(report)

    def send(self, message):
        data = (json.dumps(message, default=str) + "\n").encode()
        while data:
            data = data[os.write(self.reports, data) :]

    def display(self, *values, raw=False, **_options):
        """What notebooks call so. With `raw`, values are bundles of MIME types already."""
        for value in values:
            self.report({"display": value if raw else make_bundle(value, repr(value))})

    def evaluate(self, code, name):
        tree = ast.parse(code, name)
        expression = split_last_expression(tree)
        self.execute(compile(tree, name, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT))
        if expression is None:
            return None
        return self.execute(compile(expression, name, "eval", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT))

    def execute(self, compiled):
        value = eval(compiled, self.namespace)
        if compiled.co_flags & inspect.CO_COROUTINE == 0:
            return value
        if self.loop is None:
            import asyncio

            self.loop = asyncio.new_event_loop()
        return self.loop.run_until_complete(value)


@contextlib.contextmanager
def variables(environment):
    """Gives code variables of the environment for as long as it runs."""
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def describe(error):
    # The frames of this file say nothing to who wrote the code.
    frames = error.__traceback__
    while frames is not None and not frames.tb_frame.f_code.co_filename.startswith("<cell "):
        frames = frames.tb_next
    try:
        value = str(error)
    except Exception:
        value = "<it cannot be written>"
    return {"name": type(error).__name__, "value": value, "traceback": "".join(traceback.format_exception(type(error), error, frames)).rstrip("\n")}


def main():
    orders, reports = (int(argument) for argument in sys.argv[-2:])
    os.set_inheritable(orders, False)
    os.set_inheritable(reports, False)
    sys.argv = [""]
    Kernel(orders, reports).serve()


main()

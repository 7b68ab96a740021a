"""An interpreter that runs one cell after the other and keeps what they define. See README.md."""

import ast
import builtins
import inspect
import os
import select
import signal
import sys
import types
import __future__

_FOLDER = os.path.dirname(os.path.abspath(__file__))
if _FOLDER not in sys.path:
    sys.path.insert(0, _FOLDER)

# Found through the line above when the interpreter runs isolated.
import python_channel  # noqa: E402
import python_display  # noqa: E402
import python_process  # noqa: E402
import python_program  # noqa: E402
import python_value  # noqa: E402

_FUTURE_FLAGS = 0
for _name in __future__.all_feature_names:
    _FUTURE_FLAGS |= getattr(__future__, _name).compiler_flag
_LIBRARY_FOLDER = os.path.dirname(os.__file__)
_EVENT_LOOP_PLACES = (os.path.join(_LIBRARY_FOLDER, 'asyncio') + os.sep, os.path.join(_LIBRARY_FOLDER, 'selectors.py'))
# How long a cell that was broken off in other code than its own may take to end.
_CANCEL_SECONDS = 0.25
_NOTHING = object()


def serve(job_descriptor=3, report_descriptor=4):
    """Becomes the interpreter of a context. Never returns: raises SystemExit at the end of the job channel, or when a cell does."""
    jobs = python_channel.JobChannel(job_descriptor)
    reports = python_channel.ReportChannel(report_descriptor)
    context = _Context(jobs)
    python_process.prepare_process([''])
    context.install()
    reports.send_ready()
    while True:
        job = context.next_job()
        if job is None:
            raise SystemExit(0)
        kind, payload = context.run(job)
        if not reports.is_open:
            # A forked child came out of the cell: it is not the context and must not take its jobs.
            raise SystemExit(1 if kind == b'E' else 0)
        reports.send(kind, payload)
        if not reports.is_open:
            raise SystemExit(0)


class _Context:
    def __init__(self, jobs):
        self._jobs = jobs
        self._count = 0
        self._flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self._loop = None
        self._task = None
        self._is_starting = False
        self._interrupt_waits = False
        self._was_cancelled = False
        self._handler = self._on_interrupt
        self._module = None
        self._display = None

    def install(self):
        self._module = types.ModuleType('__main__')
        self._module.__dict__['__builtins__'] = builtins
        sys.modules['__main__'] = self._module
        self._display = python_display.Display(os.getcwd())
        self._display.install()
        signal.signal(signal.SIGINT, self._handler)

    def next_job(self):
        """Waits for the next job. An interrupt that comes once a job is there belongs to it; one that comes before does nothing."""
        poll = select.poll()
        poll.register(self._jobs.descriptor, select.POLLIN)
        poll.poll()
        self._is_starting = True
        return self._jobs.read()

    def run(self, job):
        """Runs a cell and gives kind and payload of its report. Raises SystemExit when the cell does."""
        self._count += 1
        self._was_cancelled = False
        text = None
        try:
            try:
                python_process.set_environment(job['environment'])
                self._module.__dict__.update(job['arguments'])
                text = self._run_interruptibly(job['code'])
            finally:
                self._take_signal_back()
                python_process.flush_streams()
        except SystemExit:
            raise
        except BaseException as error:
            return b'E', python_process.show_error(error)
        if text is None:
            return b'N', b''
        return python_process.value_report(text, job['valueBytes'])

    def _run_interruptibly(self, source):
        """An interrupt raises while this function is on the stack, and never elsewhere: so it cannot hit the report."""
        if self._interrupt_waits:
            raise KeyboardInterrupt
        self._is_starting = False
        try:
            value = self._evaluate(source)
            if value is _NOTHING:
                return None
            self._display.display_rich(value)
            return _encoded(value)
        finally:
            self._display.show_figures()

    def _take_signal_back(self):
        self._is_starting = self._interrupt_waits = False
        if signal.getsignal(signal.SIGINT) is not self._handler:
            signal.signal(signal.SIGINT, self._handler)

    def _on_interrupt(self, number, frame):
        del number
        if _is_on_stack(_Context._run_interruptibly.__code__, frame):
            if self._waits_in_event_loop(frame):
                self._was_cancelled = True
                self._task.cancel()
                # The wait of the loop goes on after a handler that does not raise.
                self._loop.call_soon_threadsafe(_do_nothing)
            else:
                raise KeyboardInterrupt
        elif self._is_starting or self._has_job():
            self._interrupt_waits = True

    def _has_job(self):
        if self._jobs.descriptor is None:
            return False
        poll = select.poll()
        poll.register(self._jobs.descriptor, select.POLLIN)
        return any(events & select.POLLIN for _, events in poll.poll(0))

    def _waits_in_event_loop(self, frame):
        if self._task is None or self._task.done() or self._was_cancelled:
            return False
        return _current_task(self._loop) is None and frame.f_code.co_filename.startswith(_EVENT_LOOP_PLACES)

    def _evaluate(self, source):
        """Runs the source and gives the value of its last expression, or _NOTHING when it ends in something else."""
        name = f'cell-{self._count}.py'
        source = source[1:] if source.startswith('\ufeff') else source
        python_program.remember_lines(source, name)
        statements, expression = self._compile(source, name)
        codes = [code for code in (statements, expression) if code is not None]
        if any(code.co_flags & inspect.CO_COROUTINE for code in codes):
            return self._run_in_event_loop(_evaluate_async(codes, self._module.__dict__, expression is not None))
        value = _NOTHING
        for code in codes:
            value = eval(code, self._module.__dict__)
        return value if expression is not None else _NOTHING

    def _compile(self, source, name):
        try:
            tree = compile(source, name, 'exec', self._flags | ast.PyCF_ONLY_AST, dont_inherit=True)
            last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
            statements = compile(tree, name, 'exec', self._flags, dont_inherit=True) if tree.body else None
            if statements is not None:
                # As in an interactive interpreter, what `from __future__ import` asks for stays.
                self._flags |= statements.co_flags & _FUTURE_FLAGS
            expression = None
            if last is not None:
                expression = compile(ast.copy_location(ast.Expression(last.value), last), name, 'eval', self._flags, dont_inherit=True)
            return statements, expression
        except SyntaxError as error:
            _add_line(error, source, name)
            raise

    def _run_in_event_loop(self, coroutine):
        import asyncio

        if self._loop is None or self._loop.is_closed() or self._loop.is_running():
            # One that claims to run was broken off while it ended.
            asyncio._set_running_loop(None)
            self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        self._task = self._loop.create_task(coroutine)
        try:
            return self._loop.run_until_complete(self._task)
        except KeyboardInterrupt:
            self._calm_event_loop()
            raise
        except asyncio.CancelledError as error:
            if not self._was_cancelled:
                raise
            raise KeyboardInterrupt().with_traceback(error.__traceback__) from None
        finally:
            self._finish_task(coroutine)

    def _calm_event_loop(self):
        """What the broken run has put into the loop must not stop the next one."""
        if not self._loop.is_running():
            self._loop.call_soon(self._loop.stop)
            self._loop.run_forever()

    def _finish_task(self, coroutine):
        """A cell that was broken off in other code than its own must not go on in a later one."""
        task, self._task = self._task, None
        if task.done() or self._loop.is_running():
            return
        task.cancel()
        self._loop.run_until_complete(_settled(task))
        if not task.done():
            # It was broken off between two steps and has no next one, or does not give way to its cancelling.
            task._log_destroy_pending = False
            coroutine.close()


def _is_on_stack(code, frame):
    while frame is not None:
        if frame.f_code is code:
            return True
        frame = frame.f_back
    return False


def _current_task(loop):
    return sys.modules['asyncio'].current_task(loop)


def _do_nothing():
    pass


async def _settled(task):
    await sys.modules['asyncio'].wait([task], timeout=_CANCEL_SECONDS)
    if task.done() and not task.cancelled():
        task.exception()


async def _evaluate_async(codes, namespace, has_value):
    value = _NOTHING
    for code in codes:
        value = eval(code, namespace)
        if code.co_flags & inspect.CO_COROUTINE:
            value = await value
    return value if has_value else _NOTHING


def _encoded(value):
    try:
        return python_value.encode_value(value)
    except Exception:
        # What JSON cannot carry is no error at the end of a cell: there is no main that promised a value.
        return None


def _add_line(error, source, name):
    """The compiler looks for the line of some errors in a file, which is not there."""
    lines = source.splitlines()
    if error.text is None and error.filename == name and error.lineno is not None and 0 < error.lineno <= len(lines):
        error.text = lines[error.lineno - 1] + '\n'


if __name__ == '__main__':
    serve(*map(int, sys.argv[1:3]))

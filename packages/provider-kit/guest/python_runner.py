"""Runs one Python program: takes the job from one descriptor and reports on another. See README.md."""

import json
import os
import sys
import time

_FOLDER = os.path.dirname(os.path.abspath(__file__))
if _FOLDER not in sys.path:
    sys.path.insert(0, _FOLDER)

import python_program  # noqa: E402  (found through the line above when the interpreter runs isolated)

_OWN_MODULES = ('python_runner', 'python_program', 'python_value')


class ReportChannel:
    """The descriptor on which at most one report leaves the process. Forked children of the program have none."""

    def __init__(self, descriptor):
        self._descriptor = descriptor
        os.set_inheritable(descriptor, False)
        os.set_blocking(descriptor, True)
        os.register_at_fork(after_in_child=self.close)

    def send_ready(self):
        os.write(self._descriptor, b'R')

    def send(self, kind, payload=b''):
        if self._descriptor is None:
            return
        rest = memoryview(kind + len(payload).to_bytes(4, 'big') + payload)
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError:
            # The program closed the descriptor: its report is lost, which the host sees as an empty channel.
            self._descriptor = None
        self.close()

    def close(self):
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            try:
                os.close(descriptor)
            except OSError:
                # Closed by the program already.
                return


def run(job_descriptor=3, report_descriptor=4):
    """Becomes the program of the next job. Never returns: raises SystemExit or KeyboardInterrupt for the interpreter to act on."""
    os.set_inheritable(job_descriptor, False)
    os.set_blocking(job_descriptor, True)
    channel = ReportChannel(report_descriptor)
    _prepare_process()
    channel.send_ready()
    job = _read_job(job_descriptor)
    if job is None:
        raise SystemExit(0)
    os.environ.update(job['environment'])
    if 'TZ' in job['environment']:
        time.tzset()
    raise SystemExit(_run_job(job, channel))


def _run_job(job, channel):
    try:
        text = python_program.run_program(job['code'], job['arguments'])
    except python_program.NoMain:
        _flush()
        channel.send(b'N')
        return 0
    except SystemExit:
        _flush()
        raise
    except BaseException as error:
        _report_error(error, channel)
        if isinstance(error, KeyboardInterrupt):
            # Printed already; the interpreter still ends itself by SIGINT as it does for any script.
            sys.excepthook = lambda *_: None
            raise
        return 1
    _flush()
    if len(text) <= job['valueBytes']:
        channel.send(b'V', text.encode('ascii'))
        return 0
    _write_error_text(f'ValueError: the value has {len(text)} bytes of JSON; the limit is {job["valueBytes"]}\n')
    channel.send(b'L', json.dumps({'sizeBytes': len(text)}).encode('ascii'))
    return 1


def _report_error(error, channel):
    python_program.strip_runner_frames(error)
    text = python_program.format_error(error)
    if sys.excepthook is sys.__excepthook__:
        _write_error_text(text)
    else:
        _call_excepthook(error, text)
    _flush()
    channel.send(b'E', python_program.error_report(error, text))


def _call_excepthook(error, text):
    try:
        sys.excepthook(type(error), error, error.__traceback__)
    except Exception as failure:
        python_program.strip_runner_frames(failure)
        _write_error_text(f'Error in sys.excepthook:\n{python_program.format_error(failure)}\nOriginal exception was:\n{text}')


def _write_error_text(text):
    _flush()
    try:
        sys.stderr.write(text)
    except Exception:
        # Replaced or closed by the program. As the interpreter does, go on without.
        return


def _flush():
    for stream in (sys.stdout, sys.__stdout__, sys.stderr, sys.__stderr__):
        try:
            stream.flush()
        except Exception:
            # Replaced or closed by the program, or its reader is gone.
            continue


def _prepare_process():
    # Lines leave at once, so that a program that is killed has shown what it said.
    for descriptor, name, mode in ((1, 'stdout', 'w'), (2, 'stderr', 'w'), (0, 'stdin', 'r')):
        stream = getattr(sys, name)
        if stream is None:
            stream = open(descriptor, mode, closefd=False)
            setattr(sys, name, stream)
            setattr(sys, f'__{name}__', stream)
        if mode == 'w':
            stream.reconfigure(encoding='utf-8', errors='backslashreplace', line_buffering=True)
        else:
            stream.reconfigure(encoding='utf-8', errors='surrogateescape')
    sys.argv = [python_program.FILE_NAME]
    sys.path[:] = [os.getcwd()] + [entry for entry in sys.path if os.path.abspath(entry) != _FOLDER]
    for name in _OWN_MODULES:
        sys.modules.pop(name, None)


def _read_job(descriptor):
    header = _read_exactly(descriptor, 4)
    body = None if header is None else _read_exactly(descriptor, int.from_bytes(header, 'big'))
    os.close(descriptor)
    return None if body is None else json.loads(body)


def _read_exactly(descriptor, size):
    pieces = bytearray()
    while len(pieces) < size:
        piece = os.read(descriptor, min(size - len(pieces), 1024 * 1024))
        if not piece:
            return None
        pieces += piece
    return bytes(pieces)


if __name__ == '__main__':
    run(*map(int, sys.argv[1:3]))

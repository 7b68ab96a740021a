"""What every Python runner does to its own process: streams, module search path, and the printing of the error that ends a program."""

import os
import sys
import time

import python_program

_FOLDER = os.path.dirname(os.path.abspath(__file__))
_OWN_MODULES = (
    'python_channel',
    'python_context',
    'python_display',
    'python_exit',
    'python_preload',
    'python_process',
    'python_program',
    'python_runner',
    'python_value',
    'safe_files',
)


def prepare_process(arguments):
    """Makes the process look like one that runs a script: its streams, its `sys.argv` and its `sys.path`."""
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
    sys.argv = arguments
    sys.path[:] = [os.getcwd()] + [entry for entry in sys.path if os.path.abspath(entry) != _FOLDER]
    for name in _OWN_MODULES:
        sys.modules.pop(name, None)


def set_environment(environment):
    os.environ.update(environment)
    if 'TZ' in environment:
        time.tzset()


def flush_streams():
    for stream in (sys.stdout, sys.__stdout__, sys.stderr, sys.__stderr__):
        try:
            stream.flush()
        except Exception:
            # Replaced or closed by the program, or its reader is gone.
            continue


def write_error_text(text):
    flush_streams()
    try:
        sys.stderr.write(text)
    except Exception:
        # Replaced or closed by the program. As the interpreter does, go on without.
        return


def show_error(error):
    """Prints an uncaught error as the interpreter does and gives its report, as JSON bytes."""
    python_program.strip_runner_frames(error)
    text = python_program.format_error(error)
    if sys.excepthook is sys.__excepthook__:
        write_error_text(text)
    else:
        _call_excepthook(error, text)
    flush_streams()
    return python_program.error_report(error, text)


def _call_excepthook(error, text):
    try:
        sys.excepthook(type(error), error, error.__traceback__)
    except Exception as failure:
        python_program.strip_runner_frames(failure)
        write_error_text(f'Error in sys.excepthook:\n{python_program.format_error(failure)}\nOriginal exception was:\n{text}')


def value_report(text, value_bytes):
    """The report of a value's JSON text: kind and payload. Says on stderr when it is larger than the limit."""
    if len(text) <= value_bytes:
        return b'V', text.encode('ascii')
    write_error_text(f'ValueError: the value has {len(text)} bytes of JSON; the limit is {value_bytes}\n')
    return b'L', b'{"sizeBytes":%d}' % len(text)

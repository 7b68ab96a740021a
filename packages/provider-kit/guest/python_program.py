"""Compiles and runs the user's program and describes the error that ends it."""

import builtins
import json
import linecache
import os
import sys
import symtable
import traceback
import types
import warnings

from python_value import encode_value

FILE_NAME = 'main.py'
MAX_MESSAGE_LENGTH = 16 * 1024
MAX_TRACEBACK_LENGTH = 64 * 1024
MAX_TYPE_LENGTH = 256

_OWN_FOLDER = os.path.dirname(os.path.abspath(__file__))
_ASYNCIO_FOLDER = os.path.join(os.path.dirname(os.__file__), 'asyncio')


class NoMain(Exception):
    """The program ran and has no main."""


def run_program(source, arguments):
    """Runs the source and returns the JSON text of what its main returned. Raises NoMain, or what the program raises."""
    if source.startswith('\ufeff'):
        source = source[1:]
    remember_lines(source, FILE_NAME)
    code = compile(source, FILE_NAME, 'exec', dont_inherit=True)
    has_main = _binds_main(source)
    module = register_module('main' if has_main else '__main__')
    exec(code, module.__dict__)
    if not has_main or 'main' not in module.__dict__:
        raise NoMain
    main = module.__dict__['main']
    if not callable(main):
        raise TypeError(f'main is not a function but {type(main).__qualname__}')
    return encode_value(_awaited(main(**arguments)))


def remember_lines(source, name):
    """Tracebacks show the lines of a source that is no file."""
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)


def _binds_main(source):
    if source.isascii() and 'main' not in source:
        return False
    # The source was compiled before, with its warnings.
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        table = symtable.symtable(source, FILE_NAME, 'exec')
    if 'main' not in table.get_identifiers():
        return False
    symbol = table.lookup('main')
    return symbol.is_assigned() or symbol.is_imported()


def register_module(name):
    module = types.ModuleType(name)
    module.__dict__.update(__builtins__=builtins, __file__=os.path.join(os.getcwd(), FILE_NAME), __cached__=None)
    sys.modules[name] = sys.modules['__main__'] = module
    return module


def _awaited(result):
    if isinstance(result, types.CoroutineType):
        import asyncio

        return asyncio.run(result)
    if hasattr(type(result), '__await__') or _is_generator_coroutine(result):
        import asyncio

        return asyncio.run(_wait_for(result))
    return result


def _is_generator_coroutine(result):
    return isinstance(result, types.GeneratorType) and bool(result.gi_code.co_flags & 0x100)


async def _wait_for(awaitable):
    return await awaitable


def strip_runner_frames(error):
    """Takes the frames above the program off the error's traceback."""
    start = error.__traceback__
    while start is not None and _is_runner_frame(start, (_OWN_FOLDER, _ASYNCIO_FOLDER)):
        start = start.tb_next
    if start is None or not is_program_file(start.tb_frame.f_code.co_filename):
        start = error.__traceback__
        while start is not None and _is_runner_frame(start, (_OWN_FOLDER,)):
            start = start.tb_next
    error.__traceback__ = _without_last_frames(start)


def is_program_file(name):
    """Whether code has this name because it is the program's own, and not that of a module."""
    return name == FILE_NAME or (name.startswith('cell-') and name.endswith('.py'))


def _without_last_frames(start):
    """A signal is raised in a handler of the runner, below the program."""
    kept, entry = None, start
    while entry is not None:
        if not _is_runner_frame(entry, (_OWN_FOLDER,)):
            kept = entry
        entry = entry.tb_next
    if kept is not None:
        kept.tb_next = None
    return start


def _is_runner_frame(entry, folders):
    return os.path.dirname(entry.tb_frame.f_code.co_filename) in folders


def format_error(error):
    """The traceback as the interpreter prints it."""
    try:
        lines = traceback.TracebackException(type(error), error, error.__traceback__).format()
        return ''.join(lines)
    except (Exception, RecursionError) as failure:
        return f'{_type_name(error)}: <traceback cannot be shown: {type(failure).__name__}>\n'


def error_report(error, text):
    """What the report says of the error, as JSON bytes."""
    report = {
        'type': _type_name(error)[:MAX_TYPE_LENGTH],
        'message': _shorten(_message(error), MAX_MESSAGE_LENGTH),
        'traceback': _shorten(text, MAX_TRACEBACK_LENGTH),
    }
    return json.dumps(report).encode('ascii')


def _type_name(error):
    kind = type(error)
    module = kind.__module__
    return kind.__qualname__ if module in ('builtins', '__main__', 'main') else f'{module}.{kind.__qualname__}'


def _message(error):
    try:
        return str(error)
    except Exception as failure:
        return f'<str() of the error failed: {type(failure).__name__}>'


def _shorten(text, limit):
    if len(text) <= limit:
        return text
    mark = f'\n... {len(text) - limit} characters left out ...\n'
    head = (limit - len(mark)) // 2
    return text[:head] + mark + text[len(text) - (limit - len(mark) - head) :]

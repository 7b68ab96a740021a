"""Imports libraries ahead of time in a process that is the parent of all programs, and sets right in each child what forking leaves wrong."""

import importlib
import io
import os
import random
import sys

# Numeric libraries start a thread for each processor of the machine when they are loaded. A fork has none of its parent's threads, and
# a sandbox has few processors: so they are told to work in the thread of their caller.
_THREAD_VARIABLES = ('OPENBLAS_NUM_THREADS', 'OMP_NUM_THREADS', 'MKL_NUM_THREADS', 'NUMEXPR_NUM_THREADS', 'VECLIB_MAXIMUM_THREADS')


def preload(names):
    """
    Imports the modules in order and gives what a supervisor may want to say of it:

    - loaded: the names that are there now;
    - failed: by name, why a module is not there, on one line;
    - threads: how many threads this process has now. More than one means that a library works in a thread of its own, which children lack;
    - descriptors: those that the imports opened and left open, which children share.

    Set MPLCONFIGDIR, MPLBACKEND and HOME before, as the programs will have them.
    """
    for variable in _THREAD_VARIABLES:
        os.environ.setdefault(variable, '1')
    descriptors = _descriptors()
    loaded, failed = [], {}
    for name in names:
        problem = _attempt(importlib.import_module, name)
        if problem is None:
            loaded.append(name)
        else:
            failed[name] = problem
    for name, warm_up in (('matplotlib.pyplot', _warm_pyplot), ('pandas', _warm_pandas)):
        if name in sys.modules:
            problem = _attempt(warm_up)
            if problem is not None:
                failed[f'{name} (first use)'] = problem
    return {'loaded': loaded, 'failed': failed, 'threads': _thread_count(), 'descriptors': sorted(_descriptors() - descriptors)}


def after_fork():
    """Call it in each child, before the program: children must not draw the same random numbers."""
    random.seed()
    numpy_random = sys.modules.get('numpy.random')
    if numpy_random is not None:
        numpy_random.seed()


def _attempt(action, *arguments):
    try:
        action(*arguments)
    except (Exception, SystemExit) as error:
        return ' '.join(f'{type(error).__name__}: {error}'.split())[:500]
    return None


def _warm_pyplot():
    """Draws a figure that nobody sees: fonts are looked up and modules loaded by the first one. Leaves no figure in pyplot."""
    pyplot = sys.modules['matplotlib.pyplot']
    pyplot.switch_backend(os.environ.get('MPLBACKEND', 'agg'))
    figure = importlib.import_module('matplotlib.figure').Figure()
    axes = figure.add_subplot()
    axes.plot([0, 1], label='a')
    axes.set_title('a')
    axes.legend()
    figure.savefig(io.BytesIO(), format='png', bbox_inches='tight')
    # Fonts are files that stay open; matplotlib itself lets go of them in a child, which opens them anew.
    fonts = getattr(sys.modules.get('matplotlib.font_manager'), '_get_font', None)
    if hasattr(fonts, 'cache_clear'):
        fonts.cache_clear()


def _warm_pandas():
    """Loads what a table as HTML and a plot of it need."""
    pandas = sys.modules['pandas']
    pandas.DataFrame({'a': [1.5], 'b': ['x']})._repr_html_()
    if 'matplotlib.pyplot' in sys.modules:
        importlib.import_module('pandas.plotting._matplotlib')


def _descriptors():
    try:
        names = os.listdir('/proc/self/fd')
    except OSError:
        # No /proc: nothing can be said.
        return set()
    return {int(name) for name in names if _is_open(int(name))}


def _is_open(descriptor):
    """The one that the listing itself used is closed by now."""
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def _thread_count():
    try:
        return len(os.listdir('/proc/self/task'))
    except OSError:
        # No /proc: Python's own threads are what is known.
        return len(sys._current_frames())

"""Makes asyncio work where there are no sockets: its loop only sleeps and runs what is due. Done when a program imports it, which costs it some time."""

import sys


def install():
    sys.meta_path.insert(0, _AsyncioFinder())


class _AsyncioFinder:
    """A finder by what it does: the class that says so costs its import a quarter of the start."""

    def find_spec(self, name, path, target=None):
        if name != 'asyncio':
            return None
        sys.meta_path.remove(self)
        for finder in sys.meta_path:
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                break
        else:
            return None
        loader, load = spec.loader, spec.loader.exec_module

        def exec_module(module):
            # A loader of an archive is that of every module in it.
            del loader.exec_module
            load(module)
            _use_sleeping_loop(module)

        loader.exec_module = exec_module
        return spec


def _use_sleeping_loop(asyncio):
    import selectors
    import time

    class SleepingSelector(selectors._BaseSelectorImpl):
        def select(self, timeout=None):
            if timeout is None:
                raise RuntimeError('Every task waits for something that nothing here can bring about.')
            if timeout > 0:
                time.sleep(timeout)
            return []

    class SleepingLoop(asyncio.SelectorEventLoop):
        def __init__(self):
            super().__init__(SleepingSelector())

        def _make_self_pipe(self):
            self._ssock = self._csock = None
            self._internal_fds = 0

        def _close_self_pipe(self):
            self._ssock = self._csock = None

        def _write_to_self(self):
            """Nobody is there to be woken up: there is one thread."""

    class SleepingPolicy(asyncio.DefaultEventLoopPolicy):
        _loop_factory = SleepingLoop

    asyncio.set_event_loop_policy(SleepingPolicy())

"""The contexts of a sandbox: interpreters that take one cell after the other.

A supervisor has `loop` and `writer`, starts an interpreter by `start_runner(user, is_context)`, and ends one with all that it started by `end_context(runner)`.
"""

import frames
from event_loop import READ


class Contexts:
    def __init__(self, supervisor, users):
        """There is one context at most for each of the users."""
        self._supervisor = supervisor
        self._users = users
        self._runners = {}

    @property
    def has_any(self):
        return bool(self._runners)

    @property
    def is_opening(self):
        """The host waits for an interpreter."""
        return any(not runner.is_ready for runner in self._runners.values())

    @property
    def pids(self):
        return {runner.pid for runner in self._runners.values()}

    def runner_of(self, context_id):
        return self._runners.get(context_id)

    def open(self, context_id):
        """Starts an interpreter and tells the host when it is ready."""
        taken = {runner.user for runner in self._runners.values()}
        free = [user for user in self._users if user not in taken]
        if not free:
            self._answer(context_id, "too-many")
            return
        runner = self._supervisor.start_runner(free[0], is_context=True)
        self._runners[context_id] = runner
        self._supervisor.loop.watch(runner.report, READ, lambda: self._on_booted(context_id, runner))

    def _on_booted(self, context_id, runner):
        self._supervisor.loop.forget(runner.report)
        if runner.wait_until_ready(0):
            runner.close_input()
            self._answer(context_id, None)
        else:
            self.close(context_id, "failed")

    def close(self, context_id, failure=None):
        """Ends an interpreter and everything that it started. Fine when there is none."""
        runner = self._runners.pop(context_id, None)
        if runner is not None:
            self._supervisor.loop.forget(runner.report)
            self._supervisor.end_context(runner)
        self._answer(context_id, failure)

    def forget(self, runner):
        """The interpreter has ended during a cell."""
        self._runners = {context_id: other for context_id, other in self._runners.items() if other is not runner}

    def note_end(self, pid):
        """The interpreter has ended between two cells, or before it was ready."""
        for context_id, runner in list(self._runners.items()):
            if runner.pid == pid:
                was_ready = runner.is_ready
                self._supervisor.loop.forget(runner.report)
                del self._runners[context_id]
                self._supervisor.end_context(runner)
                if not was_ready:
                    self._answer(context_id, "failed")

    def _answer(self, context_id, failure):
        self._supervisor.writer.send_json(frames.CONTEXT, {"id": context_id, "failure": failure})

"""How a command's calls run: on the loop, in a worker, or on the window's thread. Each way ends in one answer."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from contextvars import Context
from functools import partial
from typing import Any

from ..calls import Invoke
from ..errors import CommandDefinitionError, TransomError
from ..pages import CallState, CancellationToken
from ._gate import Gate
from ._plan import Plan
from ._spec import CommandSpec
from ._stream import run_stream
from ._watch import WatchedSteps

__all__ = ["Runner"]

_log = logging.getLogger("transom")
_ON_LOOP, _IN_WORKER, _ON_MAIN = CallState.ON_LOOP, CallState.IN_WORKER, CallState.ON_MAIN
_SLOW = 0.1  # seconds on the window's thread after which people see that it hangs


class _CommandCall:
    """One call of a command, from where it arrives to its answer: a `Job` of the loop and a `GatedCall` of the gate."""

    __slots__ = ("_runner", "_task", "admitted", "context", "invoke", "withdrawn")

    def __init__(self, runner: Runner, invoke: Invoke) -> None:
        self._runner = runner
        self._task: asyncio.Task[None] | None = None
        self.invoke = invoke
        self.context: Context = invoke.context
        self.admitted = False
        self.withdrawn = False

    # What the gate calls.

    def wait(self) -> bool:
        """See `GatedCall`."""
        return self.invoke.call.wait()

    def admit(self) -> bool:
        """See `GatedCall`."""
        return self.invoke.call.admit()

    def start(self) -> None:
        """See `GatedCall`. An error has no caller that could answer the call."""
        try:
            self._runner.start(self)
        except TransomError as error:
            if not self.withdrawn:
                self.invoke.resolver.fail(error)
                self._runner.leave()

    # What the loop calls.

    def begin(self) -> Coroutine[Any, Any, None] | None:
        """See `Job`."""
        if self._runner.gated and self.invoke.session.outbox.behind and self._runner.put_off(self):
            return None
        if self.invoke.call.begin(_ON_LOOP):
            return self._runner.run_on_loop(self.invoke)
        self._runner.withdraw(self)
        return None

    def waits(self, task: asyncio.Task[None]) -> None:
        """See `Job`."""
        self._task = task
        if not self.invoke.call.on_interrupt(self.cancel_task):
            task.cancel()

    def cancel_task(self) -> None:
        """Cancel the task, on its loop."""
        assert self._task is not None
        with suppress(RuntimeError):  # the loop has ended, and the task with it
            self._task.get_loop().call_soon_threadsafe(self._task.cancel)

    # What the call's state calls.

    def withdraw(self) -> None:
        """Answer the call, which was cancelled before it began."""
        self._runner.withdraw(self)


class Runner:
    """Runs the calls of one command.

    Args:
        spec: The command.

    Raises:
        CommandDefinitionError: `thread="main"` is set for a command that runs on the event loop, or see `Plan`.
    """

    def __init__(self, spec: CommandSpec) -> None:
        self.spec = spec
        self._plan = Plan(spec)
        self._function = spec.function
        options = spec.options
        on_loop = spec.is_async or spec.is_stream
        if options.thread == "main" and on_loop:
            raise CommandDefinitionError(
                f"command {spec.name}: an `async def` runs on the event loop; make it a `def` to run on the main thread"
            )
        self._on_window_thread = options.thread == "main"
        self._detached = options.detached
        self._in_worker = self._run_in_worker  # bound once: what waits for a worker has few objects
        self.start = self._on_loop if on_loop else self._on_main if self._on_window_thread else self._on_worker
        self._gate = None if options.concurrency is None else Gate(options.concurrency)
        self.gated = self._gate is not None

    def run(self, invoke: Invoke) -> None:
        """Run one call, now or when `concurrency` has room; returns at once, except on the window's thread.

        Raises:
            TransomError: The application is ending.
        """
        if invoke.session.outbox.behind:
            invoke.call.withdraw = invoke.resolver.reject_cancelled
            if invoke.session.park(partial(self._run_again, invoke)):
                return
        if self._plan.wants_token:
            invoke.call.token = CancellationToken()
        if self._on_window_thread and self._gate is None and invoke.app.threads.on_window_thread:
            invoke.app.threads.loop.flush()  # the command may wait for what was called before it
            if invoke.call.begin(_ON_MAIN):
                self._run_watched(invoke)
            return
        call = _CommandCall(self, invoke)
        if self._detached:
            invoke.call.detached = True
        invoke.call.withdraw = call.withdraw
        if self._gate is None:
            self.start(call)
        else:
            self._gate.enter(call)

    def put_off(self, call: _CommandCall) -> bool:
        """Let a call wait, in place of its beginning, until its page has read answers; tell whether it has to.

        Its room for `concurrency` goes to others meanwhile.
        """
        if not call.invoke.session.park(partial(self._run_again, call.invoke)):
            return False
        if self._gate is not None:
            self._gate.give_back(call)
        return True

    def _run_again(self, invoke: Invoke) -> None:
        # The thread that has put the call off may still be in its context variables; nothing has changed them.
        invoke.context = invoke.context.copy()
        try:
            self.run(invoke)
        except TransomError as error:
            invoke.resolver.fail(error)

    def leave(self) -> None:
        """Note that an admitted call has ended."""
        if self._gate is not None:
            self._gate.leave()

    def withdraw(self, call: _CommandCall) -> None:
        """Answer a call that was cancelled before it began; called twice, the second does nothing."""
        call.invoke.resolver.reject_cancelled()
        if self._gate is not None:
            self._gate.withdraw(call)

    def _on_loop(self, call: _CommandCall) -> None:
        call.invoke.app.threads.loop.begin(call)

    async def run_on_loop(self, invoke: Invoke) -> None:
        """Bind, await and answer on the event loop."""
        plan = self._plan
        try:
            # Before Python 3.12 many coroutines may be made before the first of them runs.
            if self._gate is None and invoke.session.outbox.behind:
                await invoke.session.caught_up()
            if invoke.app.development:
                result: Any = await WatchedSteps(self._awaitable(invoke), self.spec.name)
            elif self.spec.is_stream:
                result = await run_stream(plan, invoke)
            else:
                positional, keywords = plan.bind(invoke)
                result = await self._function(*positional, **keywords)
        except GeneratorExit as error:
            # A finalizer may run anywhere, and must take no lock: the loop answers, if it still runs. Raised again, the
            # error would wait in its task for the collector, and be logged by it wherever that runs.
            invoke.app.threads.loop.defer(partial(self._abandoned, invoke, error))
            return
        except asyncio.CancelledError:
            invoke.resolver.reject_cancelled()
            self.leave()
            raise
        except BaseException as error:  # noqa: BLE001 - a SystemExit would end the loop, and every other call with it
            invoke.resolver.fail(error)
        else:
            invoke.resolver.resolve(result, plain=plan.plain_result)
        self.leave()

    def _abandoned(self, invoke: Invoke, error: GeneratorExit) -> None:
        """Answer a call whose coroutine was closed: it raised the error itself, or was freed while it waited for nothing."""
        if not invoke.resolver.answered:
            invoke.resolver.fail(error)
        self.leave()

    async def _awaitable(self, invoke: Invoke) -> Any:
        if self.spec.is_stream:
            return await run_stream(self._plan, invoke)
        positional, keywords = self._plan.bind(invoke)
        return await self._function(*positional, **keywords)

    def _on_worker(self, call: _CommandCall) -> None:
        """Run a call in a worker thread. Cancelled before it began, it never runs; later it runs to its end."""
        try:
            call.invoke.app.threads.workers.start_in(
                call.invoke.session.workers,
                call.invoke.context,
                partial(_settle, call),
                self._in_worker,
                call,
            )
        except RuntimeError as error:
            raise TransomError(str(error)) from None

    def _run_in_worker(self, call: _CommandCall) -> None:
        self._run_at_turn(call, _IN_WORKER, self._run_here)

    def _on_main(self, call: _CommandCall) -> None:
        """Run a call on the window system's thread: at once where it arrived on it, soon from elsewhere."""
        app = call.invoke.app
        if app.threads.on_window_thread:
            app.threads.loop.flush()  # the command may wait for what was called before it
            self._run_at_turn(call, _ON_MAIN, self._run_watched)
        else:
            app.run_on_main_thread(partial(self._run_at_turn, call, _ON_MAIN, self._run_watched))

    def _run_at_turn(self, call: _CommandCall, where: CallState, run: Callable[[Invoke], None]) -> None:
        """Run a call whose turn has come, unless its page has to read answers first or the call was cancelled."""
        if call.invoke.session.outbox.behind and self.put_off(call):
            return
        if not call.invoke.call.begin(where):
            self.withdraw(call)
            return
        try:
            run(call.invoke)
        finally:
            self.leave()

    def _run_watched(self, invoke: Invoke) -> None:
        if not invoke.app.development:
            invoke.context.run(self._run_here, invoke)
            return
        began = time.perf_counter()
        try:
            invoke.context.run(self._run_here, invoke)
        finally:
            taken = time.perf_counter() - began
            if taken > _SLOW:
                _log.warning(
                    "command %r blocked the main thread for %.0f ms, in which no window could move; leave out "
                    "thread='main', or move the slow part to a command without it",
                    self.spec.name,
                    taken * 1000,
                )

    def _run_here(self, invoke: Invoke) -> None:
        """Bind, call and answer on the calling thread."""
        try:
            positional, keywords = self._plan.bind(invoke)
            result = self._function(*positional, **keywords)
        except BaseException as error:
            invoke.resolver.fail(error)
            if isinstance(error, KeyboardInterrupt):  # meant for the thread, which may be the main one
                raise
        else:
            invoke.resolver.resolve(result, plain=self._plan.plain_result)


def _settle(call: _CommandCall, error: BaseException | None) -> None:
    """End a call whose job the workers have dropped (`None`), because the application has ended, or could not run."""
    if error is None:
        call.invoke.call.cancel()
    elif not call.invoke.resolver.answered:
        call.invoke.resolver.fail(error)

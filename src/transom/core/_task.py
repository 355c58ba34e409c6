"""How a command's calls run: on the loop, in a worker, or on the window's thread. Each way ends in one answer."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Any

from ..errors import CommandDefinitionError, TransomError
from ._cancel import CancellationToken
from ._command import CommandOptions
from ._gate import Gate
from ._invoke import Invoke
from ._plan import Plan
from ._stream import run_stream

__all__ = ["Runner"]

_log = logging.getLogger("transom")
_SLOW = 0.1  # seconds on the window's thread after which people see that it hangs


class _LoopCall:
    """A call of an `async def` command: the job that starts it, and what other threads may cancel."""

    __slots__ = ("_invoke", "_runner", "_task", "context")

    def __init__(self, runner: Runner, invoke: Invoke) -> None:
        self._runner = runner
        self._invoke = invoke
        self._task: asyncio.Task[None] | None = None
        self.context = invoke.context

    def begin(self) -> Coroutine[Any, Any, None] | None:
        """See `Job`."""
        return self._runner.begin_on_loop(self._invoke)

    def waits(self, task: asyncio.Task[None]) -> None:
        """See `Job`."""
        self._task = task
        invoke = self._invoke
        invoke.message.session.started(invoke.resolver.call, self, detached=self._runner.options.detached)

    def cancel(self) -> None:
        """Cancel the task, on its loop."""
        if self._invoke.token is not None:
            self._invoke.token.cancel()
        if self._task is not None:
            with suppress(RuntimeError):  # the loop has ended, and the task with it
                self._task.get_loop().call_soon_threadsafe(self._task.cancel)


class _ThreadCall:
    """A call in a thread: before it starts it can be taken back, later it can only be told."""

    __slots__ = ("_future", "_token")

    def __init__(self, token: CancellationToken | None, future: Future[None] | None = None) -> None:
        self._token = token
        self._future = future

    def cancel(self) -> None:
        """Tell the command, and take the call back if it has not started."""
        if self._token is not None:
            self._token.cancel()
        if self._future is not None:
            self._future.cancel()


class Runner:
    """Runs the calls of one command.

    Args:
        plan: The command.
        options: What `@command` was told of it.

    Raises:
        CommandDefinitionError: `main` is asked for a command that runs on the event loop.
    """

    def __init__(self, plan: Plan, options: CommandOptions) -> None:
        self.plan = plan
        self.options = options
        on_loop = plan.is_async or plan.is_stream
        if options.thread == "main" and on_loop:
            raise CommandDefinitionError(
                f"command {plan.name}: an `async def` runs on the event loop; make it a `def` to run on the main thread"
            )
        self._start = self._on_loop if on_loop else self._on_main if options.thread == "main" else self._on_worker
        self._gate = None if options.concurrency is None else Gate(options.concurrency)

    def run(self, invoke: Invoke) -> None:
        """Run one call, now or when `concurrency` has room; returns at once, except on the window's thread.

        Raises:
            TransomError: The application is ending.
        """
        if self.plan.wants_token:
            invoke.token = CancellationToken()
        if self._gate is None:
            self._start(invoke)
        else:
            self._gate.enter(invoke, partial(self._start_or_fail, invoke), detached=self.options.detached)

    def _start_or_fail(self, invoke: Invoke) -> None:
        """Start a call that may have waited: an error has no caller that could answer."""
        try:
            self._start(invoke)
        except TransomError as error:
            invoke.resolver.fail(error)
            self._leave()

    def _leave(self) -> None:
        if self._gate is not None:
            self._gate.leave()

    def _on_loop(self, invoke: Invoke) -> None:
        invoke.app.loop_thread.begin(_LoopCall(self, invoke))

    def begin_on_loop(self, invoke: Invoke) -> Coroutine[Any, Any, None] | None:
        """Return what runs the call; `None` for one that nobody waits for any more."""
        session = invoke.message.session
        if session.is_cancelled(invoke.resolver.call) or (session.closed and not self.options.detached):
            invoke.resolver.reject_cancelled()
            self._leave()
            return None
        return self._run_task(invoke)

    async def _run_task(self, invoke: Invoke) -> None:
        plan = self.plan
        try:
            if plan.is_stream:
                result: Any = await run_stream(plan, invoke)
            else:
                positional, keywords = plan.bind(invoke)
                result = await plan.function(*positional, **keywords)
        except GeneratorExit:  # the loop ended without it: this may be a finalizer, which must take no lock
            raise
        except asyncio.CancelledError:
            invoke.resolver.reject_cancelled()
            self._leave()
            raise
        except BaseException as error:  # noqa: BLE001 - a SystemExit would end the loop, and every other call with it
            invoke.resolver.fail(error)
        else:
            invoke.resolver.resolve(result, plain=plan.plain_result)
        self._leave()

    def _on_worker(self, invoke: Invoke) -> None:
        """Run a call in a worker thread. Cancelled before it started, it never runs; later it runs to its end."""
        try:
            future = invoke.app.pool.submit_in(invoke.context, self._run_here, invoke)
        except RuntimeError as error:
            raise TransomError(str(error)) from None
        call = _ThreadCall(invoke.token, future)
        invoke.message.session.started(invoke.resolver.call, call, detached=self.options.detached)

        def taken_back(done: Future[None]) -> None:
            if done.cancelled():
                invoke.resolver.reject_cancelled()
                self._leave()

        future.add_done_callback(taken_back)
        if invoke.resolver.answered:  # while the call was being noted as a running one
            invoke.message.session.finished(invoke.resolver.call)

    def _on_main(self, invoke: Invoke) -> None:
        """Run a call on the window system's thread: at once where it arrived on it, soon from elsewhere."""
        if invoke.app.is_window_thread:
            invoke.app.loop_thread.flush()  # the command may wait for what was called before it
            self._run_watched(invoke)
            return
        call = _ThreadCall(invoke.token)
        invoke.message.session.started(invoke.resolver.call, call, detached=self.options.detached)
        invoke.app.run_on_main_thread(partial(self._run_watched, invoke))

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
                    "command %r held the main thread for %.0f ms, in which no window could move; leave out "
                    "thread='main', or move the slow part to a command without it",
                    self.plan.name,
                    taken * 1000,
                )

    def _run_here(self, invoke: Invoke) -> None:
        """Bind, call and answer on the calling thread."""
        plan = self.plan
        try:
            positional, keywords = plan.bind(invoke)
            result = plan.function(*positional, **keywords)
        except BaseException as error:
            invoke.resolver.fail(error)
            if isinstance(error, KeyboardInterrupt):  # meant for the thread, which may be the main one
                raise
        else:
            invoke.resolver.resolve(result, plain=plan.plain_result)
        finally:
            self._leave()

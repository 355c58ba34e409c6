"""Commands that run in an executor, such as a pool of processes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import BrokenExecutor
from typing import Any

from ..calls import Invoke
from ..errors import CommandDefinitionError, CommandError
from ..pages import CancellationToken
from ._runner import Runner
from ._spec import CommandSpec
from .crossing import Crossing, run_there

__all__ = ["ExecutorRunner"]

_log = logging.getLogger("transom")
# What executors raise when a worker has died and they go on, by name, as nothing of theirs is imported. Add another here.
_DEATHS = frozenset({"distributed.scheduler.KilledWorker", "ray.exceptions.WorkerCrashedError"})


class ExecutorBroken(CommandError):
    """An executor takes no more work, and what it ran is lost."""

    reason: str


class ExecutorRunner(Runner):
    """Runs the calls of a command that has `executor`: the loop waits for the executor, and holds no thread meanwhile.

    Args:
        spec: The command.

    Raises:
        CommandDefinitionError: It is no plain function, or has parameters that cannot cross to another process.
    """

    def __init__(self, spec: CommandSpec) -> None:
        if spec.is_async or spec.is_stream or spec.options.thread is not None:
            raise CommandDefinitionError(
                f"command {spec.name}: with executor= it is a `def`, without thread=; an executor calls it and waits for its result"
            )
        foreign = [
            parameter.name
            for parameter in spec.parameters
            if not parameter.from_page and parameter.annotation is not CancellationToken
        ]
        if foreign:
            raise CommandDefinitionError(
                f"command {spec.name}: with executor= it runs in another process, which has arguments of the page, channels and "
                f"a CancellationToken, and {', '.join(foreign)} is none of these; call it from an `async def` that has the rest"
            )
        super().__init__(spec)
        # Channels and tokens cross by a connection, which other calls do without.
        self._crosses = self._plan.wants_token or any(parameter.kind == "channel" for parameter in spec.parameters)
        self.start = self._on_loop

    async def run_on_loop(self, invoke: Invoke) -> None:
        """Bind, let the executor call, and answer on the event loop."""
        try:
            positional, keywords = self._plan.bind(invoke)
            result = await self._submit(invoke, positional, keywords)
        except asyncio.CancelledError:
            invoke.resolver.reject_cancelled()
            self.leave()
            raise
        except BaseException as error:  # noqa: BLE001 - a SystemExit of another process must not end this one's loop
            invoke.resolver.fail(error)
        else:
            invoke.resolver.resolve(result, plain=self._plan.plain_result)
        self.leave()

    async def _submit(self, invoke: Invoke, positional: Sequence[Any], keywords: Mapping[str, Any]) -> Any:
        executors, name = invoke.app.threads.executors, str(self.spec.options.executor)
        if name not in executors.names:
            raise CommandDefinitionError(
                f"command {self.spec.name}: there is no executor {name!r}; add Builder.executor({name!r}, ...)"
            )
        # The first use may start processes.
        executor = await asyncio.to_thread(executors.get, name)
        try:
            if not self._crosses:
                return await asyncio.wrap_future(executor.submit(self._function, *positional, **keywords))
            async with Crossing(executors.host_of(name)) as crossing:
                call, values, named = crossing.call(self._function, positional, keywords)
                return await asyncio.wrap_future(executor.submit(run_there, call, values, named))
        except BrokenExecutor as error:
            await asyncio.to_thread(executors.forget, name, executor)
            _log.error("the executor %r is broken, and is made again at its next use: %s", name, error)
            raise ExecutorBroken(
                reason=f"the executor {name!r} broke while it ran {self.spec.name}, such as by the death of a process; call it again"
            ) from error
        except Exception as error:
            if f"{type(error).__module__}.{type(error).__qualname__}" not in _DEATHS:
                own = self._own(error)
                if own is error:
                    raise
                raise own from error
            raise ExecutorBroken(
                reason=f"a worker of the executor {name!r} died while it ran {self.spec.name}; call it again"
            ) from error

    @staticmethod
    def _own(error: Exception) -> Exception:
        """Return what the function raised: Ray hands on an error that has it as its `cause`."""
        cause = getattr(error, "cause", None)
        return cause if type(error).__module__.startswith("ray.") and isinstance(cause, Exception) else error

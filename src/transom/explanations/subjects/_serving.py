"""Errors of the web runtime and of applications for many users."""

from __future__ import annotations

from .._explanation import Explanation

__all__ = ["SERVING"]

# Add here to explain an error of a server, or of a page that it serves.
SERVING = (
    Explanation(
        name="open-the-printed-address",
        text="open the application at the address that it printed when it started",
        why="a browser opens the application without the code in its address",
        rule="Each address that the program prints admits one browser, once. Other programs and users of the machine know the "
        "port, but not the code.",
        fix="open the printed address; in the terminal, another one is printed when a used one is opened. "
        "[Security](../security.md) describes it",
    ),
    Explanation(
        name="name-not-served",
        text="this application is not served under the name",
        why="the application was opened under a host name that it does not know",
        rule="Only known names are served, so that no other site can lead its own name to your application (DNS rebinding).",
        fix="add the name with `Builder.web(allowed_hosts=...)`; see [Serving](../serving.md)",
    ),
    Explanation(
        name="key-of-the-page-unknown",
        text="the key of this page is unknown or used; load the page again",
        why="a page connected with a key that it has used before, or of an application that was started again",
        rule="Each load of a page gets a new key for one connection.",
        fix="load the page again",
    ),
    Explanation(
        name="window-open-elsewhere",
        text="this window is open in another page",
        why="the same window was opened in a second tab, which has taken it over",
        rule="A window has one page, because two would share its listeners and its state.",
        fix="use the newer tab, or load the page here and take the window over again",
    ),
    Explanation(
        name="log-in-first",
        text="log in first: this application is for users that it knows",
        why="`authenticate` of `Builder.server` returned `None` for the request",
        rule="Without a user there is no session and no page.",
        fix="log in as the site provides it; the hook reads the request's headers and cookies, so a proxy has to pass them on",
    ),
    Explanation(
        name="authenticate-failed",
        text="it could not be found out who you are",
        why="`authenticate` of `Builder.server` raised, or took too long",
        rule="A request whose user is not known is refused; the answer does not say more, as it would tell strangers.",
        fix="read the traceback in the log of the server, behind `authenticate failed`",
    ),
    Explanation(
        name="authenticate-returned-something-else",
        text="return a transom.User, the id of one, or None to refuse",
        why="the hook `authenticate` returned another object",
        rule="It returns a `User`, the id of one as a text, or `None` to refuse the request.",
        fix="return `User(id)` with the id of your own record",
    ),
    Explanation(
        name="server-needs-web",
        text="Builder.server needs the runtime `web`",
        why="an application for many users was started in a window",
        rule="Users of a server come with browsers. `run` with another runtime has one user.",
        fix='leave the runtime out, or pass `"web"`; `TRANSOM_RUNTIME` must not name another',
    ),
    Explanation(
        name="several-processes-need-an-engine",
        text="the processes need an engine that carries events between them",
        why="`transom serve --processes` was called without Redis or NATS",
        rule="Each process has its own sessions. Events reach the sessions of the others over an engine that all can reach.",
        fix="start Redis or NATS, and set `TRANSOM_BUS=redis://127.0.0.1:6379` or `Builder.server(bus=...)`",
    ),
    Explanation(
        name="engine-away",
        text="cannot be reached (<reason>); events to other processes wait, and it is tried again",
        why="Redis or NATS has ended, or the network between is down",
        rule="Sessions go on. Events to other processes wait up to a bound, and are sent when the engine is back.",
        fix="start the engine; the log says when it carries events again",
    ),
    Explanation(
        name="events-not-sent",
        text="which cannot be reached or does not keep up; is it running?",
        why="so many events wait for Redis or NATS that no more are taken",
        rule="What waits is bounded, so that a server whose engine is away does not run out of memory.",
        fix="start the engine, or emit less; an emit that has to arrive is tried again later",
    ),
    Explanation(
        name="too-many-calls",
        text="calls in a second",
        why="a user makes more calls in a second than the server allows",
        rule="`Builder.server(max_user_calls_per_second=...)` bounds each user, so that one cannot slow down the others.",
        fix="call less often, for example once behind a pause in the typing, or raise the bound that the text names",
    ),
    Explanation(
        name="call-took-too-long",
        text="had no answer for <n> seconds, which is the limit",
        why="a command of a server took longer than a call may",
        rule="`Builder.server(max_call_seconds=...)` bounds a call, as connections and proxies in between have limits too.",
        fix="start the work with `app.spawn(...)`, and tell the page by an event or a channel when it is done",
    ),
    Explanation(
        name="target-of-serve",
        text="is not a target; write module:name, such as app:builder",
        why="`transom serve` was given something else than a module and a name in it",
        rule="`transom serve app:builder` imports `app` and serves what is called `builder` there.",
        fix="write the module without `.py`, a colon and the name of the `Builder`",
    ),
    Explanation(
        name="cannot-be-served",
        text="which cannot be served; name a Builder, an App or an ASGI application",
        why="the name that `transom serve` was given is something else",
        rule="It serves a `Builder`, an `App` and any ASGI application; with `--factory`, what a function returns.",
        fix="name the builder itself, or add `--factory` for a function that returns one",
    ),
    Explanation(
        name="connection-closed",
        text="the connection to the application is closed",
        why="the application has ended or was started again, or the network was down for too long",
        rule="A page connects again by itself. After some seconds without a connection its calls end, as they would at a reload.",
        fix="load the page again, or start the application again",
    ),
)

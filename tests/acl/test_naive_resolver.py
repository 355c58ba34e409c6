"""The access control list against a second implementation, which is as plain as the rules of the documentation."""

from __future__ import annotations

import fnmatch
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from transom.acl import Capability, Commands, Fault, Origin, Permission, Reason, RuntimeAuthority, capabilities_in

COMMANDS = {"fs": ["read", "write_file"], "own": ["ping"]}
SETS = {"fs": {"default": ["allow-read"], "all": ["default", "allow-write-file", "own:default"], "odd": ["all", "odd"]}}
SETS["own"] = {"default": ["both"]}
SPECIAL = {"own": {"both": (["ping", "pong"], ["shout"])}, "fs": {"mac": (["read"], [])}}
PLATFORMS = {("fs", "mac"): ["macOS"]}
CALLS = ["plugin:fs|read", "plugin:fs|write_file", "plugin:own|ping", "plugin:own|shout", "scan_all", "plugin:fs|none"]
ADDRESSES = ["https://a.org/x", "https://b.org:8443/y", "http://a.org/"]
PATTERNS = {"https://a.org": ADDRESSES[:1], "https://*": ADDRESSES[:1], "*://a.org": [ADDRESSES[0], ADDRESSES[2]]}


def naive_commands(permission: str) -> tuple[set[str], set[str]]:
    """Return the commands that a permission allows and denies on Linux."""
    allowed: set[str] = set()
    denied: set[str] = set()
    todo, seen = [permission], set()
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        plugin, _, base = name.rpartition(":")
        whole = (lambda command, plugin=plugin: f"plugin:{plugin}|{command}") if plugin else str
        if base in SETS.get(plugin, {}):
            todo += [member if ":" in member else f"{plugin}:{member}" for member in SETS[plugin][base]]
        elif base in SPECIAL.get(plugin, {}):
            if PLATFORMS.get((plugin, base)) is None:
                allow, deny = SPECIAL[plugin][base]
                allowed |= set(map(whole, allow))
                denied |= set(map(whole, deny))
        else:
            verb, _, command = base.partition("-")
            (allowed if verb == "allow" else denied).add(whole(command.replace("-", "_")))
    return allowed, denied


def naive(capabilities: list[dict[str, Any]], command: str, window: str, webview: str, url: str | None) -> bool:
    """Tell whether a call is allowed: by the sentences of docs/permissions.md, one after the other."""
    allows = denies = False
    for capability in capabilities:
        if "linux" not in capability.get("platforms", ["linux"]):
            continue
        urls = capability.get("remote", {}).get("urls", [])
        here = capability.get("local", True) if url is None else any(url in PATTERNS[pattern] for pattern in urls)
        windows, webviews = capability.get("windows", []), capability.get("webviews", [])
        named = any(fnmatch.fnmatchcase(window, glob) for glob in windows)
        named |= any(fnmatch.fnmatchcase(webview, glob) for glob in webviews)
        for entry in capability["permissions"]:
            allowed, denied = naive_commands(entry if isinstance(entry, str) else entry["identifier"])
            allows |= here and named and command in allowed
            denies |= here and (named or not (windows or webviews)) and command in denied
    return allows and not denies


IDENTIFIERS = [
    "fs:default", "fs:all", "fs:odd", "fs:mac", "fs:allow-read", "fs:deny-read", "fs:deny-write-file", "own:default",
    "own:allow-ping", "own:deny-ping", "allow-scan-all", "deny-scan-all",
]  # fmt: skip
GLOBS = st.lists(st.sampled_from(["*", "main", "m*", "side", "s?de", "[ab]"]), max_size=2)
ENTRY = st.sampled_from(IDENTIFIERS) | st.fixed_dictionaries(
    {"identifier": st.sampled_from(IDENTIFIERS)}, optional={"allow": st.just([1]), "deny": st.just([])}
)
CAPABILITY = st.fixed_dictionaries(
    {"permissions": st.lists(ENTRY, max_size=4)},
    optional={
        "windows": GLOBS,
        "webviews": GLOBS,
        "local": st.booleans(),
        "remote": st.fixed_dictionaries({"urls": st.lists(st.sampled_from(list(PATTERNS)), max_size=2)}),
        "platforms": st.lists(st.sampled_from(["linux", "macOS"]), max_size=2),
    },
)
POLICY = st.lists(CAPABILITY, max_size=4).map(
    lambda tables: [{**table, "identifier": f"c{number}"} for number, table in enumerate(tables)]
)
CALLER = st.tuples(
    st.sampled_from(CALLS),
    st.sampled_from(["main", "side", "a"]),
    st.sampled_from(["main", "side", "b"]),
    st.sampled_from([None, *ADDRESSES]),
)


def authority(policy: list[dict[str, Any]]) -> RuntimeAuthority:
    made = RuntimeAuthority(platform="linux", core_default=False, has_app_acl=True)
    for plugin, commands in COMMANDS.items():
        sets = dict(SETS[plugin])
        made.declare(
            plugin,
            commands=commands,
            default=sets.pop("default"),
            sets=sets,
            permissions=[
                Permission(
                    identifier=name,
                    commands=Commands(tuple(allow), tuple(deny)),
                    platforms=None if (plugin, name) not in PLATFORMS else tuple(PLATFORMS[plugin, name]),
                )
                for name, (allow, deny) in SPECIAL[plugin].items()
            ],
        )
    for capability in read(policy):
        assert not made.load(capability, lambda _: "file:1").faults
    return made


def read(policy: list[dict[str, Any]]) -> list[Capability]:
    faults: list[Fault] = []
    found = capabilities_in(msgspec.json.decode(msgspec.json.encode(policy)), faults, faults)
    assert not faults
    return [capability for _, capability in found]


@given(POLICY, CALLER)
def test_both_implementations_decide_alike(
    policy: list[dict[str, Any]], call: tuple[str, str, str, str | None]
) -> None:
    command, window, webview, url = call
    origin = Origin.local() if url is None else Origin.remote(url)
    decision = authority(policy).decide(command, window, webview, origin)
    assert (decision.grant is not None) is naive(policy, command, window, webview, url), decision.reason


@given(POLICY, CALLER, st.randoms())
def test_the_order_of_files_never_matters(
    policy: list[dict[str, Any]], call: tuple[str, str, str, str | None], random: Any
) -> None:
    command, window, webview, url = call
    origin = Origin.local() if url is None else Origin.remote(url)
    first = authority(policy).decide(command, window, webview, origin)
    random.shuffle(policy)
    assert authority(policy).decide(command, window, webview, origin).reason is first.reason


@given(POLICY, CAPABILITY, CALLER)
def test_more_allows_never_refuse_and_more_denies_never_grant(
    policy: list[dict[str, Any]], more: dict[str, Any], call: tuple[str, str, str, str | None]
) -> None:
    command, window, webview, url = call
    origin = Origin.local() if url is None else Origin.remote(url)
    before = authority(policy).decide(command, window, webview, origin)
    for verb in ("allow", "deny"):
        only = [f"{verb}-scan-all", f"fs:{verb}-read", f"own:{verb}-ping"]
        added = authority([*policy, {**more, "identifier": "more", "permissions": only}])
        after = added.decide(command, window, webview, origin)
        if verb == "allow" and before.grant is not None:
            assert after.grant is not None
        if verb == "deny" and before.grant is None:
            assert after.grant is None
        assert (after.reason is Reason.DENIED) or verb == "allow" or after.reason is before.reason

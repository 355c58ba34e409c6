"""What a refusal tells the author of an application."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acl.core_permissions import core_authority
from transom.acl import Capability, CapabilityBuilder, CapabilityRemote, Origin, RuntimeAuthority
from transom.errors import NotAllowed

LOCAL = Origin.local()
REMOTE = Origin.remote("https://example.org:8443/a?b")
READ = "fs:allow-read-file"


def authority(*capabilities: Capability | CapabilityBuilder, development: bool = True) -> RuntimeAuthority:
    """Return an authority; capabilities are of files, those of builders are added in Python."""
    made = core_authority(development=development, platform="linux", core_default=not capabilities, has_app_acl=True)
    made.declare("fs", commands=["read_file", "stat"], default=["allow-read-file"])
    for each in capabilities:
        if isinstance(each, CapabilityBuilder):
            made.add_capability(each)
        else:
            file = f"capabilities/{each.identifier}.json"
            assert not made.load(each, lambda place, file=file: ":".join(map(str, (file, *place)))).faults  # type: ignore[misc]
    return made


def main(*permissions: str, **fields: Any) -> Capability:
    return Capability(**{"identifier": "c", "windows": ("main",), "permissions": permissions, **fields})


def advice(
    made: RuntimeAuthority, command: str = "plugin:fs|read_file", origin: Origin = LOCAL, webview: str = "main"
) -> str:
    with pytest.raises(NotAllowed) as caught:
        made.authorize(command, "main", webview, origin)
    text = str(caught.value)
    return text[text.index("\n\nThe ") + 2 :]


CALLED = "The local page in window `main` called `plugin:fs|read_file`, and no capability allows that."
FROM_FAR = (
    "The remote page https://example.org:8443/a?b in window `main` called `plugin:fs|read_file`, and no capability allows "
    "that."
)


def test_a_capability_for_the_page_gets_the_permission_added() -> None:
    made = authority(main("core:default"), main("fs:allow-stat", identifier="z", windows=("z",)))
    assert advice(made) == (
        f"{CALLED} The capability `c` (capabilities/c.json) comes closest: it is for this page, but has no permission for "
        f'the command. To allow it, add to the list `permissions` in capabilities/c.json:permissions:\n\n    "{READ}"'
    )


def test_a_capability_in_python_gets_a_call_added() -> None:
    assert advice(authority(CapabilityBuilder("c").window("main"))) == (
        f"{CALLED} The capability `c` (added in Python) comes closest: it is for this page, but has no permission for "
        f'the command. To allow it, add to its builder:\n\n    .permission("{READ}")'
    )


def test_a_capability_for_other_windows_gets_the_window_added() -> None:
    made = authority(main(READ, windows=("a", "b-*")), main("core:default", identifier="d"))
    assert advice(made, webview="side") == (
        "The local page in webview `side` of window `main` called `plugin:fs|read_file`, and no capability allows that. The "
        "capability `c` (capabilities/c.json) comes closest: it has `fs:allow-read-file`, but it is only for `a`, `b-*`. "
        'To allow it, add to the list `windows` in capabilities/c.json:windows:\n\n    "main"'
    )
    assert "but it is for no window" in advice(authority(main(READ, windows=())))


def test_a_capability_for_another_system_gets_the_system_added() -> None:
    made = authority(main("core:default"), main("fs:default", identifier="mac", platforms=("macOS", "windows")))
    assert advice(made) == (
        f"{CALLED} The capability `mac` (capabilities/mac.json) comes closest, but it is only for `macOS`, `windows`. "
        'To allow it, add to the list `platforms` in capabilities/mac.json:platforms:\n\n    "linux"'
    )


def test_a_remote_page_gets_its_site_added_and_not_its_path() -> None:
    remote = CapabilityRemote(("https://tauri.app",))
    assert advice(authority(main(READ)), origin=REMOTE) == (
        f"{FROM_FAR} The capability `c` (capabilities/c.json) comes closest: it has `fs:allow-read-file`, but it is only "
        "for local pages. If you trust this site with all of the capability, add to it in capabilities/c.json:remote:"
        '\n\n    "remote": {"urls": ["https://example.org:8443"]}'
    )
    assert "but it is only for local pages and `https://tauri.app`." in advice(
        authority(main(READ, remote=remote)), origin=REMOTE
    )
    assert advice(authority(main("core:default")), origin=REMOTE).endswith(
        "No capability is for this page. To allow it, create `capabilities/main.json` beside `tauri.conf.json`:\n\n"
        '{\n  "identifier": "main",\n  "windows": [\n    "main"\n  ],\n  "local": false,\n  "remote": {\n    "urls": [\n'
        '      "https://example.org:8443"\n    ]\n  },\n  "permissions": [\n    "fs:allow-read-file"\n  ]\n}'
    )


def test_a_local_page_is_not_let_into_a_capability_of_a_site_unseen() -> None:
    made = authority(main(READ, local=False, remote=CapabilityRemote(("https://tauri.app",))))
    assert advice(made) == (
        f"{CALLED} The capability `c` (capabilities/c.json) comes closest: it has `fs:allow-read-file`, but it is only for "
        'remote pages. To allow it, remove `"local": false` in capabilities/c.json:local.'
    )


def test_a_project_without_capabilities_gets_a_file_that_keeps_the_core_defaults() -> None:
    assert advice(authority()) == (
        f"{CALLED} The project has no capability. To allow it, create `capabilities/main.json` beside `tauri.conf.json`:\n\n"
        '{\n  "identifier": "main",\n  "windows": [\n    "main"\n  ],\n  "permissions": [\n    "core:default",\n'
        '    "fs:allow-read-file"\n  ]\n}'
    )


def test_a_window_without_a_capability_gets_a_file_with_a_free_name() -> None:
    text = advice(authority(main("core:default", identifier="main", windows=("other",))))
    assert "No capability is for this page. To allow it, create `capabilities/main-2.json`" in text
    assert '"permissions": [\n    "fs:allow-read-file"\n  ]' in text


def test_a_deny_is_named_with_its_file() -> None:
    made = authority(
        main("fs:default", "fs:deny-read-file"), CapabilityBuilder("p").window("*").permission("fs:deny-read-file")
    )
    assert advice(made) == (
        "The local page in window `main` called `plugin:fs|read_file`, which is denied by `fs:deny-read-file` in the "
        "capability `c` (capabilities/c.json), and by `fs:deny-read-file` in the capability `p` (added in Python). A deny "
        "takes precedence over every allow; remove it if the page should call this command."
    )  # fmt: skip


def test_following_the_advice_allows_the_call_and_an_own_command_gets_it_too() -> None:
    made = authority(main("core:default"))
    text = advice(made, "scan_all")
    assert text.endswith('\n\n    "allow-scan-all"')
    fixed = authority(main("core:default", text.rpartition("\n")[2].strip(' "')))
    assert fixed.authorize("scan_all", "main", "main", LOCAL)


def test_release_gives_no_advice_and_decides_alike() -> None:
    with pytest.raises(NotAllowed) as caught:
        authority(main(), development=False).authorize("plugin:fs|read_file", "main", "main", LOCAL)
    assert str(caught.value) == (
        "Command plugin:fs|read_file not allowed by ACL: webview 'main' has no permission for it"
    )
    assert (caught.value.command, caught.value.reason) == ("plugin:fs|read_file", "no capability")

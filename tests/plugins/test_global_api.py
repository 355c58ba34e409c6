"""`window.__TAURI__` with the official plugins has what their npm packages export."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.repository.tree import ROOT
from tests.requirements import NODE_MODULES, needs_global_api, needs_node, needs_npm_package
from transom.acl import OFFICIAL_PLUGINS, WITHOUT_PACKAGE
from transom.core import PluginBuilder, global_apis
from transom.wire import global_api_script

PLUGINS = sorted(set(OFFICIAL_PLUGINS) - WITHOUT_PACKAGE)
PROGRAM = """
globalThis.window = globalThis;
const [scripts, name] = JSON.parse(process.argv[1]);
for (const script of scripts) (0, eval)(script);
const exported = await import(`@tauri-apps/plugin-${name}`);
const camel = name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
const other = window[`__TAURI_PLUGIN_${name.toUpperCase().replace(/-/g, '_')}__`];
console.log(JSON.stringify([Object.keys(exported).sort(), Object.keys(window.__TAURI__[camel]).sort(), Object.keys(other).sort()]));
"""


@pytest.mark.parametrize("name", PLUGINS)
def test_a_plugin_is_there_as_its_package_exports_it(name: str) -> None:
    needs_global_api()
    needs_npm_package(f"@tauri-apps/plugin-{name}")
    scripts = [global_api_script(), *global_apis([PluginBuilder(name).build()])]
    ran = subprocess.run(
        [needs_node(), "--input-type=module", "-e", PROGRAM, json.dumps([scripts, name])],
        cwd=NODE_MODULES.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    exported, present, other = json.loads(ran.stdout)
    assert exported
    assert exported == present == other


def test_the_demo_has_every_package_that_is_bundled() -> None:
    wanted = json.loads((ROOT / "examples/atlas/ui/package.json").read_text("utf-8"))["devDependencies"]
    tested = json.loads((ROOT / "tests/js/package.json").read_text("utf-8"))["devDependencies"]
    packages = {f"@tauri-apps/plugin-{name}" for name in PLUGINS}
    assert packages <= set(wanted)
    assert {name: wanted[name] for name in packages} == {name: tested[name] for name in packages}

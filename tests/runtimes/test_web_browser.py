"""What an application hooks into the web runtime, in a real browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.requirements import needs_global_api
from tests.runtimes.browser import browser
from tests.runtimes.fake_host import FakeHost
from tests.runtimes.served import served_runtime
from tests.runtimes.uri_schemes import PROTOCOLS, RANGES, WAVE
from transom.wire import global_api_script, overlay_script

# `say` hands a value to the test, as a line of the page's console.
PAGE = """<!doctype html><html><head><title>t</title></head><body><script>
const {invoke, convertFileSrc} = window.__TAURI_INTERNALS__;
const say = (value) => console.log(JSON.stringify(value));
(async () => {%s})().catch((error) => say(String(error)));
</script></body></html>"""


def _said(folder: Path, script: str, **settings: Any) -> tuple[Any, FakeHost]:
    """Open a page with this script in the browser and return what it says first."""
    (folder / "index.html").write_text(PAGE % script, "utf-8")
    with served_runtime(folder, **settings) as (host, address), browser() as found:
        tab = found.tab()
        tab.goto(address)
        return json.loads(tab.do("logged")), host


def test_the_global_api_and_initialization_scripts_under_a_strict_policy(tmp_path: Path) -> None:
    needs_global_api()
    scripts = (
        global_api_script(),
        "globalThis.order = [typeof __TAURI_INTERNALS__, document.scripts.length]",
        "this is no script </script><!-- <script>",
        "order.push('</script>'.length, '<!--'.length)",
        "throw new Error('broken')",
        "order.push('last') // with a comment at its end",
    )
    script = """
      const api = window.__TAURI__;
      api.plugin = 'its script adds itself';
      say({order, names: Object.keys(api), value: await api.core.invoke('echo', {a: 1}), label: api.window.getCurrentWindow().label});
    """
    said, _ = _said(tmp_path, script, csp="default-src 'none'", initialization_scripts=scripts, freeze_prototype=True)
    names = "app core dpi event image menu mocks path tray webview webviewWindow window plugin".split()
    order = ["object", 2, 9, 4, "last"]
    assert said == {"order": order, "names": names, "value": {"a": 1}, "label": "main"}


def test_pages_use_the_schemes_of_the_application(tmp_path: Path) -> None:
    RANGES.clear()
    script = """
      const loads = (element, event, address) => new Promise((resolve) => {
        element[event] = () => resolve([element.naturalWidth, element.duration, element.videoWidth].filter((value) => value !== undefined));
        element.onerror = () => resolve('error');
        element.src = address;
      });
      const frame = document.createElement('iframe');
      const heard = new Promise((resolve) => onmessage = ({data}) => resolve(data));
      frame.src = convertFileSrc('frame', 'stream');
      document.body.append(frame);
      const get = await fetch(convertFileSrc('a b/é.txt', 'stream') + '?q=%20#part', {method: 'POST', body: 'body'});
      say({
        get: await get.json(), frame: await heard,
        picture: await loads(new Image(), 'onload', convertFileSrc('picture', 'stream')),
        video: await loads(document.createElement('video'), 'onloadedmetadata', convertFileSrc('wave', 'stream')),
        status: (await fetch(convertFileSrc('', 'stream') + 'status/418')).status,
      });
    """
    said, _ = _said(tmp_path, script, csp="default-src 'self'; frame-src stream:", uri_schemes=PROTOCOLS)
    get = said.pop("get")
    assert (get["uri"], get["method"], get["body"]) == ("stream://localhost/a%20b%2F%C3%A9.txt?q=%20", "POST", 4)
    seconds = (len(WAVE) - 44) / 2 / 8000
    # The frame has no link, and an origin that is not the application's.
    assert said == {"frame": ["null", "undefined", ""], "picture": [7], "video": [seconds, 0], "status": 418}
    assert RANGES
    assert RANGES[0].startswith("bytes=0-")


def test_a_load_is_told_to_its_end(tmp_path: Path) -> None:
    script = "addEventListener('load', () => setTimeout(async () => say(await invoke('echo', {a: 1}))));"
    said, host = _said(tmp_path, script)
    assert said == {"a": 1}
    [started, finished] = host.loads
    assert (started[:2], finished[:2]) == (("main", "started"), ("main", "finished"))
    assert started[2] == finished[2]
    assert started[2].startswith("http://127.0.0.1:")
    assert "token" not in started[2]


def test_own_frames_styles_and_files_work_as_in_a_window(tmp_path: Path) -> None:
    (tmp_path / "frame.html").write_text(
        "<!doctype html><title>frame</title><style>p { color: rgb(1, 2, 3) }</style><p>a</p>"
    )
    (tmp_path / "sound.wav").write_bytes(WAVE)
    script = """
      const frame = document.createElement('iframe');
      const loaded = new Promise((resolve) => frame.onload = resolve);
      frame.src = 'frame.html';
      document.body.append(frame);
      await loaded;
      const inside = frame.contentWindow;
      const value = new inside.Map([['a', new inside.Uint8Array([1, 2])], ['b', new inside.Date(0)]]);
      const style = document.createElement('style');
      style.textContent = 'body { color: rgb(9, 9, 9) }';
      document.head.append(style);
      const sound = new Audio('sound.wav');
      await new Promise((resolve, reject) => (sound.onloadedmetadata = resolve, sound.onerror = () => reject('no sound')));
      sound.currentTime = 15;
      await new Promise((resolve) => sound.onseeked = resolve);
      const missing = document.createElement('script');
      missing.src = 'users/main';
      const failed = new Promise((resolve) => (missing.onload = () => resolve('loaded'), missing.onerror = () => resolve('failed')));
      document.head.append(missing);
      const echoed = await invoke('echo', {value});
      say({
        title: inside.document.title, color: inside.getComputedStyle(inside.document.querySelector('p')).color,
        own: getComputedStyle(document.body).color, at: sound.currentTime, missing: await failed, date: echoed.value.b,
        keys: Object.keys(echoed.value), link: typeof inside.__TAURI_INTERNALS__,
      });
    """
    said, _ = _said(tmp_path, script, csp="default-src 'self'; frame-ancestors 'self'")
    assert said == {
        "title": "frame",
        "color": "rgb(1, 2, 3)",
        "own": "rgb(0, 0, 0)",  # a style that a script adds has no nonce
        "at": 15,
        "missing": "failed",
        "date": "1970-01-01T00:00:00.000Z",
        "keys": ["a", "b"],
        "link": "undefined",
    }


def test_the_overlay_shows_what_failed_under_a_strict_policy(tmp_path: Path) -> None:
    script = """
      const until = async (found) => { while (!found()) await new Promise((done) => setTimeout(done, 10)); return found(); };
      dispatchEvent(new CustomEvent('transom-failed', {detail: 'A call of <b>x</b> was refused'}));
      const overlay = await until(() => document.getElementById('transom-overlay'));
      const shown = [overlay.innerText.includes('A call of <b>x</b> was refused'), getComputedStyle(overlay).position];
      overlay.querySelector('button').click();
      say({shown, closed: document.getElementById('transom-overlay') === null});
    """
    said, _ = _said(tmp_path, script, csp="default-src 'none'", initialization_scripts=(overlay_script(),))
    assert said == {"shown": [True, "fixed"], "closed": True}

"""Every pair of `docs/tauri-to-transom.md` runs in a real page, and what comes of it is what the document says."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from tests.docs.outcomes import Outcome, bundle, environment_for, run_all
from tests.docs.pairs import Pair, read_pairs
from tests.requirements import ROOT, needs_global_api
from transom import ipc

DOCUMENT = ROOT / "docs" / "tauri-to-transom.md"
PAIRS = read_pairs(DOCUMENT)


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return bundle(PAIRS, tmp_path_factory.mktemp("docs"))


@pytest.fixture(scope="session", params=["web", "webkitgtk"])
def outcomes(request: pytest.FixtureRequest, folders: list[Path]) -> dict[str, Outcome]:
    return run_all(request.param, folders, environment_for(request.param, request))


@pytest.mark.parametrize("pair", PAIRS, ids=[pair.slug for pair in PAIRS])
def test_what_comes_of_a_pair_is_what_the_document_says(outcomes: dict[str, Outcome], pair: Pair) -> None:
    if "withGlobalTauri" in pair.files.get("tauri.conf.json", ""):
        needs_global_api()
    outcome = outcomes.get(pair.slug, Outcome({}, "it was not run, because one before it took the program down"))
    assert outcome.trouble is None, f"{outcome.trouble}\n{outcome.lines}"
    assert outcome.lines == pair.expected


# A line of each piece of Rust and of the page's code in Tauri's own documents of commands and events, 1.x and 2.x.
TAURIS = """
println!("I was invoked from JavaScript!");
.invoke_handler(tauri::generate_handler![my_custom_command])
// This is where you pass in your commands
const { invoke } = window.__TAURI__.core;
import { invoke } from '@tauri-apps/api/core';
fn my_custom_command(invoke_message: String) {
invoke('my_custom_command', { invokeMessage: 'Hello!' });
#[tauri::command(rename_all = "snake_case")]
"Hello from Rust!".into()
const message = await invoke('my_custom_command');
fn login(user: String, password: String) -> Result<String, String> {
invoke('login', { user: 'tauri', password: 'pass' })
fn my_custom_command() -> Result<String, String> {
enum Error {
async fn my_custom_command(value: String) -> String {
async fn my_custom_command(value: &str) -> Result<String, ()> {
println!("Result: {}", result);
invoke('my_custom_command').then(() => console.log('Completed!'));
fn read_file() -> Response {
async fn load_image(
async fn my_command(webview_window: tauri::WebviewWindow) {
async fn my_command(app_handle: tauri::AppHandle) {
fn my_command(state: tauri::State<MyState>) {
fn upload(request: tauri::ipc::Request) -> Result<(), Error> {
mod commands;
async fn my_custom_command<M: tauri::Params>(window: tauri::Window<M>) {
struct CustomResponse {
console.log(`Message: ${res.message}, Other Val: ${res.other_val}`)
app.emit("download-finished", &url).unwrap();
app.emit_to("login", "login-result", result).unwrap();
app.emit_filter("open-file", path, |target| match target {
struct DownloadStarted<'a> {
enum DownloadEvent<'a> {
const onEvent = new Channel<DownloadEvent>();
webview.eval("console.log('hello from Rust')")?;
const unlisten = await listen<DownloadStarted>('download-started', (event) => {
await once('ready', (event) =>
await emit('file-selected', '/path/to/file');
await emitTo('settings', 'settings-update-requested', { key: 'notification', value: 'all' });
let event_id = app.listen("download-started", |event| {
app.once("ready", |event| {
""".strip().splitlines()


@pytest.mark.parametrize("line", TAURIS)
def test_every_piece_of_tauris_documents_has_a_pair(line: str) -> None:
    assert any(line in code for pair in PAIRS for code in (*pair.rust, pair.page))


# The items of the page of Tauri's module `tauri::ipc`.
IPC = """
CallbackFn CapabilityBuilder Channel CommandItem CommandScope GlobalScope Invoke InvokeError InvokeMessage InvokeResolver
JavaScriptChannelId Request Response RuntimeAuthority ScopeValue SerializeOptions
InvokeBody InvokeResponse InvokeResponseBody Origin
CommandArg IpcResponse RuntimeCapability ScopeObject ScopeObjectMatch
InvokeHandler InvokeResponder OwnedInvokeResponder
""".split()
# An alias has no docstring: the comment above it stands for one.
ALIASES = ("InvokeBody", "InvokeHandler", "InvokeResponder", "OwnedInvokeResponder")


@pytest.mark.parametrize("name", IPC)
def test_every_item_of_the_module_ipc_is_there_and_has_a_pair(name: str) -> None:
    assert name in ipc.__all__
    item = getattr(ipc, name)
    if name in ALIASES:
        sources = [path.read_text("utf-8") for path in (ROOT / "src" / "transom").rglob("*.py")]
        assert any(re.search(rf"^# .+\n{name}: TypeAlias = ", source, re.MULTILINE) for source in sources)
    else:
        assert inspect.isclass(item)
        assert item.__doc__ != (item.__base__.__doc__ or "")
        assert inspect.getdoc(item)
    [pair] = [pair for pair in PAIRS if pair.title == name]
    assert pair.rust
    assert any(re.search(rf"\b{name}\b", text) for file, text in pair.files.items() if file.endswith(".py"))

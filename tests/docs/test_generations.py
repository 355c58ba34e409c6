"""Every pair of `docs/generations.md` runs in a real page, with the npm package of its generation."""

from __future__ import annotations

from pathlib import Path

import pytest

import transom
from tests.docs.outcomes import PACKAGES, Outcome, bundle, environment_for, run_all
from tests.docs.pairs import Pair, read_pairs
from tests.requirements import ROOT, needs_global_api
from transom import v0, v1, v1_beta

PAIRS = read_pairs(ROOT / "docs" / "generations.md")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return bundle(PAIRS, tmp_path_factory.mktemp("generations"))


@pytest.fixture(scope="module", params=["web", "webkitgtk"])
def outcomes(request: pytest.FixtureRequest, folders: list[Path]) -> dict[str, Outcome]:
    return run_all(request.param, folders, environment_for(request.param, request))


@pytest.mark.parametrize("pair", PAIRS, ids=[pair.slug for pair in PAIRS])
def test_what_comes_of_a_pair_is_what_the_document_says(outcomes: dict[str, Outcome], pair: Pair) -> None:
    if "withGlobalTauri" in pair.files.get("tauri.conf.json", ""):
        needs_global_api()
    outcome = outcomes.get(pair.slug, Outcome({}, "it was not run, because one before it took the program down"))
    assert outcome.trouble is None, f"{outcome.trouble}\n{outcome.lines}"
    assert outcome.lines == pair.expected


def test_every_older_generation_has_pairs() -> None:
    assert {pair.client for pair in PAIRS} == set(PACKAGES) - {"2.x"}


# A line of each piece of Rust and of the page's code in Tauri's own documents: of the commands of 0.x, of `InvokeMessage`
# in the betas, and of the commands of 1.x.
TAURIS = """
import { invoke } from 'tauri/api/tauri'
var invoke = window.__TAURI__.tauri.invoke
cmd: 'doSomething',
struct DoSomethingPayload {
.invoke_handler(|_webview, arg| {
import { promisified } from 'tauri/api/tauri'
var promisified = window.__TAURI__.tauri.promisified
}).then(response => {
struct CommandError<'a> {
DoSomething { count, payload, callback, error } => tauri::execute_promise(
pub fn command(&self) -> &str
pub fn payload(&self) -> Value
pub fn window(&self) -> Window<M>
pub fn respond_async<T: Serialize, Err: Serialize, F: Future<Output = Result<T, Err>> + Send + 'static>(
pub fn respond_closure<T: Serialize, Err: Serialize, F: FnOnce() -> Result<T, Err>>(self, f: F)
pub fn resolve<S: Serialize>(self, value: S)
pub fn reject<S: Serialize>(self, value: S)
pub async fn return_task<T: Serialize, Err: Serialize, F: Future<Output = Result<T, Err>> + Send + 'static>(
println!("I was invoked from JS!");
.invoke_handler(tauri::generate_handler![my_custom_command])
import { invoke } from '@tauri-apps/api/tauri'
const invoke = window.__TAURI__.invoke
println!("I was invoked from JS, with this message: {}", invoke_message);
invoke('my_custom_command', { invokeMessage: 'Hello!' })
"Hello from Rust!".into()
invoke('my_custom_command').then((message) => console.log(message))
fn my_custom_command() -> Result<String, String> {
.catch((error) => console.error(error))
let result = some_async_function().await;
invoke('my_custom_command').then(() => console.log('Completed!'))
async fn my_custom_command<M: tauri::Params>(window: tauri::Window<M>) {
let result: Option<String> = some_other_function().await;
console.log(`Message: ${res.message}, Other Val: ${res.other_val}`)
""".strip().splitlines()


@pytest.mark.parametrize("line", TAURIS)
def test_every_piece_of_tauris_documents_has_a_pair(line: str) -> None:
    assert any(line in code for pair in PAIRS for code in (*pair.rust, pair.page))


# The public names of the older generations that are not those of 2.x.
NAMES = [
    name
    for module in (v0, v1_beta, v1)
    for name in module.__all__
    if getattr(module, name) is not getattr(transom, name, None)
]


@pytest.mark.parametrize("name", NAMES)
def test_every_public_name_is_in_the_documents(name: str) -> None:
    assert len(NAMES) > 12
    shown = "\n".join(text for pair in PAIRS for file, text in pair.files.items() if file.endswith(".py"))
    prose = (ROOT / "docs" / "generations.md").read_text("utf-8") + (ROOT / "docs" / "older-clients.md").read_text(
        "utf-8"
    )
    assert name in shown or f"`{name}`" in prose or f".{name}" in prose

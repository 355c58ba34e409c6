"""Tests of the tables of Tauri's fields."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transom.config import WindowConfig, parse_config
from transom.config._schema import CONFIG, places_of
from transom.config.rules._report import Report
from transom.config.rules._rules import (
    Anything,
    Choice,
    Either,
    Fields,
    Flag,
    Items,
    Null,
    Number,
    Rule,
    Table,
    Tagged,
    Text,
    Whole,
    apply,
)

FINITE = st.floats(allow_nan=False, allow_infinity=False)


SCALARS: dict[type[Rule], st.SearchStrategy[Any]] = {
    Null: st.none(),
    Flag: st.booleans(),
    Number: st.integers(-(2**70), 2**70) | FINITE,
    Anything: st.none() | st.booleans() | FINITE | st.text(max_size=5) | st.lists(st.integers(0, 9), max_size=2),
}


def values_of(rule: Rule) -> st.SearchStrategy[Any]:
    """Generate values that obey a rule."""
    match rule:
        case Whole(low=low, high=high):
            return st.integers(low, high)
        case Text(pattern=pattern):
            return st.text(max_size=5) if pattern is None else st.from_regex(pattern, fullmatch=True)
        case Choice(names=names):
            return st.sampled_from(names)
        case Items(item=item, shortest=shortest, longest=longest):
            return st.lists(values_of(item), min_size=shortest, max_size=2 if longest is None else longest)
        case Table(value=value):
            return st.dictionaries(st.text(max_size=5), values_of(value), max_size=2)
        case Fields(fields=fields, required=required):
            some = {name: values_of(field) for name, field in fields.items()}
            return st.fixed_dictionaries({name: some.pop(name) for name in required}, optional=some)
        case Tagged():
            return st.one_of([values_of(variant) for variant in variants_of(rule)])
        case Either(rules=rules):
            return st.one_of([values_of(option) for option in rules])
        case _:
            return SCALARS[type(rule)]


def variants_of(rule: Tagged) -> list[Fields]:
    return [
        Fields({rule.tag: Choice((name,)), **variant.fields}, (rule.tag, *variant.required))
        for name, variant in rule.variants.items()
    ]


CONFIGS = values_of(CONFIG)


@settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much], deadline=None
)
@given(CONFIGS)
def test_the_model_takes_every_file_that_the_tables_let_through(document: dict[str, Any]) -> None:
    for index, window in enumerate(document.get("app", {}).get("windows", [])):
        window["label"] = f"window-{index}"

    config = parse_config(msgspec.json.encode(document), "tauri.conf.json")

    assert config.identifier == document["identifier"]
    assert len(config.app.windows) == len(document.get("app", {}).get("windows", []))


def window_fields() -> dict[str, Rule]:
    app = CONFIG.fields["app"]
    assert isinstance(app, Fields)
    windows = app.fields["windows"]
    assert isinstance(windows, Items)
    assert isinstance(windows.item, Fields)
    return dict(windows.item.fields)


def test_every_field_of_a_window_is_kept_under_its_own_name() -> None:
    assert [field.encode_name for field in msgspec.structs.fields(WindowConfig)] == list(window_fields())


def test_every_default_of_a_window_obeys_the_rule_of_its_field() -> None:
    fields = window_fields()
    report = Report()
    for field in msgspec.structs.fields(WindowConfig):
        apply(fields[field.encode_name], field.default, (field.name,), report)

    assert report.problems == []


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("identifier", ["identifier", "bundle.fileAssociations[].exportedType.identifier"]),
        ("csp", ["app.security.csp"]),
        ("dragDropEnabled", ["app.windows[].dragDropEnabled"]),
        ("noSuchField", []),
    ],
)
def test_a_field_is_found_wherever_tauri_has_it(name: str, places: list[str]) -> None:
    assert places_of(name) == places


def test_every_pattern_takes_the_sample_that_its_error_shows() -> None:
    texts = [rule for rule in all_rules(CONFIG) if isinstance(rule, Text) and rule.pattern is not None]

    assert len(texts) > 5
    for rule in texts:
        assert rule.pattern is not None
        assert re.fullmatch(rule.pattern, msgspec.json.decode(rule.sample, type=str))


def all_rules(rule: Rule) -> list[Rule]:
    match rule:
        case Fields(fields=fields):
            inner = list(fields.values())
        case Items(item=item):
            inner = [item]
        case Either(rules=rules):
            inner = list(rules)
        case _:
            inner = []
    return [rule, *(deep for child in inner for deep in all_rules(child))]


def refused(path: str, value: Any) -> list[str]:
    """Apply the tables to a file that has one field, and return the problems."""
    document: Any = value
    for step in reversed(path.split(".")):
        document = [document] if step == "[]" else {step: document}
    report = Report(places_of)
    apply(CONFIG, {"identifier": "com.example.app", **document}, (), report)
    return [problem.text for problem in report.problems]


@pytest.mark.parametrize(
    ("path", "good", "bad"),
    [
        ("identifier", ["com", "com.example.my-app", "com.example.my_app", "A.0"], ["", "a b", "com.é"]),
        ("version", ["1.0.0", "1.0.0-rc.1+5", "../package.json", None], ["1.0", "v1.0.0", "01.0.0", "package"]),
        ("productName", ["My App", None], ["", "a/b", "a:b", 'a"b']),
        ("build.devUrl", ["http://localhost:1420", "https://a.example/x", None], ["localhost:1420", "dist", "http://"]),
        (
            "build.frontendDist",
            ["../dist", "https://a.example", "my.app://x", None, ["index.html", "js"]],
            ["", [], [""], [7], 5],
        ),
        ("app.windows.[].label", ["main", "a-b/c:d_e", "fenêtre", "5"], ["", "a b", "a.b", "a*"]),
        ("app.windows.[].theme", ["Light", "Dark", None], ["dark", "light", ""]),
        ("app.windows.[].x", [1, -0.5, None], ["1", True]),
        ("app.windows.[].width", [800, 800.5], [None, "800"]),
        ("app.windows.[].create", [True, False], [None, 1]),
        ("app.windows.[].preventOverflow", [True, {"width": 1, "height": 1}, None], [1, {"width": 1}]),
        ("app.windows.[].dataStoreIdentifier", [[0] * 16, None], [[0] * 15, [256] * 16]),
        (
            "app.windows.[].backgroundColor",
            ["#fff", "fff", "#ffffff", "#ffffff80", [1, 2, 3], [1, 2, 3, 4], {"red": 1, "green": 2, "blue": 3}, None],
            ["red", "#ffff", [1, 2], [1, 2, 256], {"red": 1}],
        ),
        ("app.security.csp", ["default-src 'self'", {"img-src": "*", "a": ["b", "c"]}, None], [5, [], {"a": 1}]),
        ("app.security.assetProtocol.scope", [["$HOME/**"], {"allow": [], "deny": ["a"]}], ["a", {"forbid": []}]),
        ("app.security.capabilities", [["main", {"identifier": "a", "permissions": []}]], [[5], "main", None]),
        ("app.security.pattern", [{"use": "isolation", "options": {"dir": "a"}}], [{"use": "isolation"}, {"use": "x"}]),
        ("app.security.headers", [{"Access-Control-Max-Age": "5"}, None], [{"X-Mine": "5"}]),
        ("plugins", [{}, {"fs": {"anything": [1, None]}}], [[], None]),
        ("bundle.targets", ["all", "deb", ["deb", "rpm"]], ["Deb", ["all"], 5]),
        ("bundle.createUpdaterArtifacts", [True, "v1Compatible"], ["yes", None]),
        ("bundle.resources", [["a"], {"a": "b"}, None], ["a", [1], {"a": 1}]),
        ("bundle.android.versionCode", [1, 2_100_000_000, None], [0, 2_100_000_001, 1.0]),
        ("bundle.linux.rpm.compression", [{"type": "zstd", "level": -1}, {"type": "none"}], [{"type": "gzip"}, "gzip"]),
        ("bundle.windows.webviewInstallMode", [{"type": "skip"}, {"type": "fixedRuntime", "path": "a"}], [{}, "skip"]),
        ("bundle.windows.wix.language", ["en-US", ["en-US"], {"en-US": {"localePath": None}}], [5, {"en-US": "a"}]),
        ("bundle.windows.signCommand", ["sign %1", {"cmd": "sign", "args": []}, None], [{"cmd": "sign"}, ["sign"]]),
        (
            "bundle.fileAssociations",
            [[{"ext": ["png"], "role": "Viewer"}], None],
            [[{"role": "Viewer"}], [{"ext": "png"}]],
        ),
    ],
)
def test_a_field_takes_what_tauri_takes_and_nothing_else(path: str, good: list[Any], bad: list[Any]) -> None:
    assert [value for value in good if refused(path, value)] == []
    assert [value for value in bad if not refused(path, value)] == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tauri", "unknown field; this is a file for Tauri 1; `npx @tauri-apps/cli migrate` converts it for Tauri 2"),
        ("package", "unknown field; Tauri 2 has `productName` and `version` at the top of the file"),
        ("build.distDir", "unknown field; Tauri 2 calls it `frontendDist`"),
        ("build.devPath", "unknown field; Tauri 2 calls it `devUrl`, or `frontendDist` for a folder"),
        ("build.withGlobalTauri", "unknown field; Tauri 2 has it at `app.withGlobalTauri`"),
        ("app.systemTray", "unknown field; Tauri 2 calls it `trayIcon`"),
        ("app.windows.[].fileDropEnabled", "unknown field; Tauri 2 calls it `dragDropEnabled`"),
        ("bundle.identifier", "unknown field; Tauri 2 has it at the top of the file"),
        ("csp", "unknown field; Tauri has this field at `app.security.csp`; move it there"),
        ("app.windows.[].always_on_top", "unknown field; did you mean `alwaysOnTop`?"),
    ],
)
def test_a_name_that_tauri_2_does_not_have_is_answered_with_the_one_it_has(path: str, text: str) -> None:
    assert refused(path, {}) == [text]

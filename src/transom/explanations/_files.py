"""Errors in the project's files."""

from __future__ import annotations

from ._explanation import Explanation

__all__ = ["FILES"]

_CONFIG = '{\n  "identifier": "com.example.app",\n  "build": { "frontendDist": "dist" },\n  "app": { "windows": [{ "title": "App" }] }\n}\n'

# Add here to explain an error in a file. The examples are whole files `tauri.conf.json`.
FILES = (
    Explanation(
        name="no-configuration",
        text="create one, for example <path>",
        why="there is no `tauri.conf.json`",
        rule="`generate_context()` looks for `tauri.conf.json` (or `.json5`, or `Tauri.toml`) in the folder of the file that calls "
        "it, and in `src-tauri` there.",
        fix='create the file there, or name its folder: `generate_context("src-tauri")`',
        mended=_CONFIG,
    ),
    Explanation(
        name="wrong-type",
        text="expected <form>, found",
        why="a field has a value of another type or form",
        rule="The fields of a configuration have the types that Tauri gives them. The text has the line, what is expected, and what "
        "is there.",
        fix="write a value of this form; often a number or a list was written as a text",
        example=_CONFIG.replace('"title": "App"', '"title": "App", "width": "800"'),
        mended=_CONFIG.replace('"title": "App"', '"title": "App", "width": 800'),
    ),
    Explanation(
        name="required-field",
        text="this required field is missing",
        why="the configuration lacks a field that every application needs",
        rule="Only `identifier` is required at the top. Tables have required fields of their own, such as `identifier` of a "
        "capability.",
        fix="write the field as the text shows it",
        example=_CONFIG.replace('  "identifier": "com.example.app",\n', ""),
        mended=_CONFIG,
    ),
    Explanation(
        name="unknown-field",
        text="unknown field",
        why="the configuration has a field that Tauri does not have",
        rule="As with Tauri, an unknown field is an error: a misspelt setting that protects would otherwise have no effect.",
        fix="correct the name; the text has the line and the nearest name",
        example=_CONFIG.replace('"title"', '"titel"'),
        mended=_CONFIG,
    ),
    Explanation(
        name="invalid-json",
        text="not valid JSON at column <n>",
        why="a file has a syntax error, often a comma before a brace",
        rule="Files with the ending `.json` are strict JSON: no comments, no comma after the last element, double quotes.",
        fix="correct the line; a file with comments can be called `tauri.conf.json5`",
        example=_CONFIG.replace('[{ "title": "App" }] }', '[{ "title": "App" }] },'),
        mended=_CONFIG,
    ),
    Explanation(
        name="invalid-identifier",
        text="identifier: expected",
        why="the identifier of the application is missing or has a character that it cannot have",
        rule="The identifier names folders of the application's data on every system, so it has letters, digits, `-` and `.` "
        "only. By custom it is a domain of yours, reversed.",
        fix="write for example `com.example.notes`",
        example=_CONFIG.replace("com.example.app", "my app"),
        mended=_CONFIG,
    ),
    Explanation(
        name="duplicate-key",
        text="this key is already on line <n>",
        why="an object in a file has the same key twice",
        rule="Some programs would use the first value, others the last.",
        fix="remove one of the two",
        example=_CONFIG.replace(
            '"identifier": "com.example.app",', '"identifier": "com.example.app",\n  "identifier": "b.c",'
        ),
        mended=_CONFIG,
    ),
    Explanation(
        name="front-end-not-built",
        text="build the front end first",
        why="`build.frontendDist` names a folder that does not exist, or that has no `index.html`",
        rule="Outside development, pages come from the built front end.",
        fix="run the front end's build, such as `npm run build`, or correct `build.frontendDist`",
        example=_CONFIG.replace('"dist"', '"build/output"'),
        mended=_CONFIG,
    ),
    Explanation(
        name="unknown-permission",
        text="unknown permission",
        why="a capability names a permission that no plugin of the application has",
        rule="A permission is `<plugin>:<permission>`, `core:<module>:<permission>`, or without a colon for the application's "
        "own commands: `allow-<command>`, with `-` in the place of `_`.",
        fix="correct the name; `transom permission list` shows all",
        example=_CONFIG.replace(
            '"app": {',
            '"app": {\n    "security": { "capabilities": [{ "identifier": "main", "windows": ["*"], '
            '"permissions": ["core:window:allow-set-titel"] }] },\n   ',
        ),
        mended=_CONFIG.replace(
            '"app": {',
            '"app": {\n    "security": { "capabilities": [{ "identifier": "main", "windows": ["*"], '
            '"permissions": ["core:window:allow-set-title"] }] },\n   ',
        ),
    ),
    Explanation(
        name="not-utf-8",
        text="but JSON must be",
        why="the file was saved in another encoding than UTF-8",
        rule="JSON is UTF-8 without a byte order mark. Some editors on Windows save UTF-16 or add the mark.",
        fix="save the file as UTF-8 without BOM",
    ),
    Explanation(
        name="field-without-effect",
        text="without effect in this version of transom",
        why="the configuration sets fields of Tauri that transom does not use",
        rule="They are accepted, so that a project of Tauri keeps its file. Fields that protect are never ignored.",
        fix="nothing, or remove the fields; [Deviations](../deviations.md) has what differs from Tauri",
        example=_CONFIG.replace('"app": {', '"app": { "macOSPrivateApi": true,'),
        mended=_CONFIG,
    ),
)

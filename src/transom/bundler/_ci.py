"""`transom build --ci`: workflow files that make the bundles of Windows and macOS on those systems."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import AuthorError
from ._plan import BundlePlan

__all__ = ["write_workflow"]

_WORKFLOW = """# Makes the bundles of {name} on each system. Written by `transom build --ci`; yours to change.
# The jobs for Windows and macOS use the runtime pywebview. They were not run when transom was released.
name: bundles
on:
  workflow_dispatch:
  push:
    tags: ["v*"]
permissions:
  contents: read
env:
  PROGRAM: {program}
jobs:
  linux:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with: {{python-version: "3.12"}}
      - run: |
          sudo apt-get update
          sudo apt-get install --yes gir1.2-gtk-3.0 gir1.2-webkit2-4.1 libgirepository-2.0-dev libcairo2-dev gcc pkg-config rpm
      - run: pip install "transom[build,gtk]" {requirements}
      - run: transom build "$PROGRAM"
        env:
          TAURI_SIGNING_PRIVATE_KEY: ${{{{ secrets.TAURI_SIGNING_PRIVATE_KEY }}}}
          TAURI_SIGNING_PRIVATE_KEY_PASSWORD: ${{{{ secrets.TAURI_SIGNING_PRIVATE_KEY_PASSWORD }}}}
      - uses: actions/upload-artifact@v4
        with: {{name: linux, path: "**/target/bundle/*/*"}}
  windows:
    runs-on: windows-2025
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with: {{python-version: "3.12"}}
      - run: pip install "transom[build,pywebview]" {requirements}
      - shell: bash
        run: |
          {before}
          pyinstaller --noconfirm --windowed --name "{package}" {icon_windows}{data}"$PROGRAM"
      - run: choco install nsis --yes --no-progress
      - shell: bash
        run: |
          cat > installer.nsi <<'SCRIPT'
          Unicode true
          RequestExecutionLevel user
          Name "{name}"
          OutFile "{package}_{version}_x64-setup.exe"
          InstallDir "$LOCALAPPDATA\\{name}"
          Page directory
          Page instfiles
          UninstPage uninstConfirm
          UninstPage instfiles
          Section
            SetOutPath "$INSTDIR"
            File /r "dist\\{package}\\*"
            WriteUninstaller "$INSTDIR\\uninstall.exe"
            CreateShortCut "$SMPROGRAMS\\{name}.lnk" "$INSTDIR\\{package}.exe"
          SectionEnd
          Section Uninstall
            Delete "$SMPROGRAMS\\{name}.lnk"
            RMDir /r "$INSTDIR"
          SectionEnd
          SCRIPT
          "/c/Program Files (x86)/NSIS/makensis.exe" installer.nsi
      - uses: actions/upload-artifact@v4
        with: {{name: windows, path: "*-setup.exe"}}
  macos:
    runs-on: macos-15
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with: {{python-version: "3.12"}}
      - run: pip install "transom[build,pywebview]" {requirements}
      - run: |
          {before}
          pyinstaller --noconfirm --windowed --name "{package}" --osx-bundle-identifier "{identifier}" {icon_macos}{data}"$PROGRAM"
          mkdir -p image && cp -R "dist/{package}.app" image/ && ln -s /Applications image/Applications
          hdiutil create -volname "{name}" -srcfolder image -format UDZO "{package}_{version}.dmg"
      - uses: actions/upload-artifact@v4
        with: {{name: macos, path: "*.dmg"}}
"""


def write_workflow(plan: BundlePlan, root: Path) -> Path:
    """Write `.github/workflows/bundles.yml` in the root of the repository and return it; one that is there stays.

    Raises:
        AuthorError: The file exists with other content, or the program is outside the root.
    """
    if not plan.program.is_relative_to(root):
        raise AuthorError(f"{plan.program} is outside {root}; run transom build --ci in the root of the repository")
    target = root / ".github" / "workflows" / "bundles.yml"
    text = _text(plan, root)
    if target.is_file() and target.read_text("utf-8") != text:
        raise AuthorError(f"{target} exists and is different; remove it to have it written anew")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")
    return target


def _text(plan: BundlePlan, root: Path) -> str:
    icons = {path.suffix: path.relative_to(root) for path in _icons(plan) if path.is_relative_to(root)}
    command = plan.config.build.before_build_command
    script = command if isinstance(command, str) else "" if command is None else command.script
    places = [
        (os.path.relpath(source, root), str(Path(place).parent if source.is_file() else place))
        for source, place in plan.data
    ]
    data = "".join(f'--add-data "{source}:{place}" ' for source, place in places)
    listed = next((path for path in (plan.program.parent, root) if (path / "requirements.txt").is_file()), None)
    return _WORKFLOW.format(
        name=plan.name.replace('"', "'"),
        package=plan.binary,
        version=plan.version,
        identifier=plan.config.identifier,
        program=str(plan.program.relative_to(root)),
        requirements="" if listed is None else f"-r {os.path.relpath(listed / 'requirements.txt', root)}",
        before=script or "true",
        icon_windows=f'--icon "{icons[".ico"]}" ' if ".ico" in icons else "",
        icon_macos=f'--icon "{icons[".icns"]}" ' if ".icns" in icons else "",
        data=data,
    )


def _icons(plan: BundlePlan) -> list[Path]:
    return [plan.config.folder / name for name in plan.config.bundle.get("icon") or ()]

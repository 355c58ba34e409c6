"""Errors of bundles and updates."""

from __future__ import annotations

from .._explanation import Explanation

__all__ = ["SHIPPING"]

# Add here to explain an error of `transom build`, `transom signer` or the plugin updater.
SHIPPING = (
    Explanation(
        name="cannot-be-bundled",
        text="the project cannot be bundled:",
        why="`tauri.conf.json` names files that are not there, or has names that no package can have",
        rule="Everything is checked before anything is made; each line below is one problem, with its field.",
        fix="correct each field, or make the file that it names; `build.beforeBuildCommand` builds the front end",
    ),
    Explanation(
        name="no-pyinstaller",
        text="transom build needs PyInstaller",
        why="PyInstaller is not installed in the Python that runs `transom build`",
        rule="A bundle has Python and all packages of the program in it, which PyInstaller collects.",
        fix="`pip install 'transom[build]'` in the environment of the project",
    ),
    Explanation(
        name="packager-missing",
        text="which is not on this machine",
        why="a format of `bundle.targets` is made by a program that is not installed",
        rule="deb needs `dpkg-deb`, rpm needs `rpmbuild`, appimage needs `appimagetool`.",
        fix="install it as the text says, or choose formats with `transom build --bundles deb`",
    ),
    Explanation(
        name="made-on-another-system",
        text="`transom build --ci` writes a workflow that does",
        why="a format is one of Windows or macOS",
        rule="PyInstaller makes programs for the system on which it runs.",
        fix="`transom build --ci` writes a workflow for CI, which has all three systems",
    ),
    Explanation(
        name="no-private-key",
        text="bundle.createUpdaterArtifacts needs the private key",
        why="updates are to be made, and the key that signs them is not there",
        rule="Applications install updates that are signed with the key whose public half they have, and no others.",
        fix="`transom signer generate` makes a pair; set `TAURI_SIGNING_PRIVATE_KEY`, and keep the key out of the repository",
    ),
    Explanation(
        name="wrong-password-of-the-key",
        text="the password of the private key is wrong",
        why="the password does not open the private key",
        rule="The key's file is encrypted; without its password nobody can sign, and it cannot be reset.",
        fix="set `TAURI_SIGNING_PRIVATE_KEY_PASSWORD`, empty for a key without one",
    ),
    Explanation(
        name="key-of-another-application",
        text="is not that of plugins.updater.pubkey; applications would refuse the updates",
        why="the private key and the public key of the configuration are not a pair",
        rule="Installed applications have the public key in them. An update that is signed with another key is refused.",
        fix="use the key whose public half is in `tauri.conf.json`; a new pair is for applications that are installed anew",
    ),
    Explanation(
        name="signature-of-another-key",
        text="the signature was made with another key than the application's public key",
        why="the update on the server was signed with another key",
        rule="The application installs nothing that is not signed with the key whose public half it has.",
        fix="sign the file with the right key, `transom signer sign`, and put the signature into the manifest",
    ),
    Explanation(
        name="signature-of-another-file",
        text="the signature does not belong to the downloaded file",
        why="the file on the server was changed or damaged after it was signed, or the manifest has another file's signature",
        rule="A signature fits exactly one file.",
        fix="upload the file and the content of its `.sig` once more",
    ),
    Explanation(
        name="update-cannot-replace",
        text="which an update cannot replace",
        why="the application was installed in a way that it cannot change itself, such as by pip or from a checkout",
        rule="AppImages, folders of `transom build` and deb packages replace themselves. Others are updated as they were installed.",
        fix="hide the update there, or tell users to install it by their package manager",
    ),
    Explanation(
        name="update-was-taken-back",
        text="was installed before and did not reach its first page; it is not installed again",
        why="this version was installed, did not show a page, and the version before it was put back",
        rule="A version that does not start is not tried again, so that users are not caught in a circle.",
        fix="publish a mended version with a higher number",
    ),
    Explanation(
        name="endpoint-without-https",
        text="The configured updater endpoint must use a secure protocol like `https`",
        why="an endpoint of the updater begins with `http:`",
        rule="As in Tauri, updates are looked for over https only.",
        fix="write `https:`; for tests on your machine, `dangerousInsecureTransportProtocol` allows http",
    ),
    Explanation(
        name="update-server",
        text="the update server cannot be reached",
        why="the address of the manifest or of the package does not answer, or its certificate is not trusted",
        rule="`check` tries each endpoint in turn and rejects with the failure of the last.",
        fix="catch it in the page and try again later; `curl -v` with the address shows what is wrong",
    ),
)

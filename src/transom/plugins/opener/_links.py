"""The script that opens clicked links outside the window."""

from __future__ import annotations

import json

__all__ = ["links_script"]

# Tauri: the same rule in `opener` and `shell`.
_SCRIPT = """addEventListener('click', (event) => {
  const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
  if (event.defaultPrevented || event.button !== 0 || !link?.href || link.target !== '_blank') return;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const { protocol, origin, href } = link;
  if (!['http:', 'https:', 'mailto:', 'tel:'].includes(protocol) || origin === location.origin) return;
  event.preventDefault();
  window.__TAURI_INTERNALS__.invoke(COMMAND, { [ARGUMENT]: href }).catch((reason) => console.error(reason));
});"""


def links_script(command: str, argument: str) -> str:
    """Return JavaScript that calls a command with the address of every clicked `<a target="_blank">`.

    Args:
        command: The command in full, such as `plugin:opener|open_url`.
        argument: The key under which the address is sent.
    """
    return _SCRIPT.replace("COMMAND", json.dumps(command)).replace("ARGUMENT", json.dumps(argument))

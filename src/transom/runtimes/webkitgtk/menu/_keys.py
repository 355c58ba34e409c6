"""Accelerators as GDK knows them."""

from __future__ import annotations

from ... import menus
from .. import _gi as gi

__all__ = ["accelerator_keys"]

# Code of the web -> GDK's name of the key, where it is another one.
_NAMES = {
    "Backquote": "grave",
    "Backslash": "backslash",
    "BracketLeft": "bracketleft",
    "BracketRight": "bracketright",
    "Comma": "comma",
    "Equal": "equal",
    "Minus": "minus",
    "Period": "period",
    "Quote": "apostrophe",
    "Semicolon": "semicolon",
    "Slash": "slash",
    "Backspace": "BackSpace",
    "CapsLock": "Caps_Lock",
    "Enter": "Return",
    "Space": "space",
    "PageDown": "Page_Down",
    "PageUp": "Page_Up",
    "PrintScreen": "Print",
    "ScrollLock": "Scroll_Lock",
    "ArrowDown": "Down",
    "ArrowLeft": "Left",
    "ArrowRight": "Right",
    "ArrowUp": "Up",
    "NumLock": "Num_Lock",
    "AudioVolumeDown": "AudioLowerVolume",
    "AudioVolumeUp": "AudioRaiseVolume",
    "AudioVolumeMute": "AudioMute",
    "MediaPlay": "AudioPlay",
    "MediaPause": "AudioPause",
    "MediaPlayPause": "AudioPlay",
    "MediaStop": "AudioStop",
    "MediaTrackNext": "AudioNext",
    "MediaTrackPrevious": "AudioPrev",
}
_MODIFIERS = {
    menus.Modifier.CONTROL: "CONTROL_MASK",
    menus.Modifier.ALT: "MOD1_MASK",
    menus.Modifier.SHIFT: "SHIFT_MASK",
    menus.Modifier.SUPER: "SUPER_MASK",
}


def accelerator_keys(accelerator: menus.Accelerator) -> tuple[int, int]:
    """Return the key's value and the modifiers' mask."""
    code = accelerator.key
    name = _NAMES.get(code)
    if name is None and code.startswith("Key"):
        name = code[3:].lower()
    elif name is None and code.startswith("Digit"):
        name = code[5:]
    elif name is None and code.startswith("Numpad"):
        name = f"KP_{code[6:]}"
    mask = gi.Gdk.ModifierType(0)
    for modifier, attribute in _MODIFIERS.items():
        if accelerator.modifiers & modifier:
            mask |= getattr(gi.Gdk.ModifierType, attribute)
    return gi.Gdk.keyval_from_name(name or code), mask

"""Accelerators: texts such as `CmdOrCtrl+Shift+P`, and their keys."""

from __future__ import annotations

from enum import IntFlag

import msgspec

from ...errors import MenuError

__all__ = ["Accelerator", "Modifier"]


class Modifier(IntFlag):
    """The keys that are held down."""

    CONTROL = 1
    ALT = 2
    SHIFT = 4
    SUPER = 8


# Tauri: `COMMANDORCONTROL` is Command on macOS and Control elsewhere; `COMMAND` is the Super key elsewhere.
_MODIFIERS = {
    **dict.fromkeys(("OPTION", "ALT"), Modifier.ALT),
    **dict.fromkeys(("CONTROL", "CTRL"), Modifier.CONTROL),
    **dict.fromkeys(("COMMAND", "CMD", "SUPER", "META"), Modifier.SUPER),
    "SHIFT": Modifier.SHIFT,
    **dict.fromkeys(("COMMANDORCONTROL", "COMMANDORCTRL", "CMDORCTRL", "CMDORCONTROL"), Modifier.CONTROL),
}
_NAMES = {
    Modifier.CONTROL: "Control",
    Modifier.ALT: "Alt",
    Modifier.SHIFT: "Shift",
    Modifier.SUPER: "Super",
}

_MAX_LENGTH = 100

# Every key by its code of the web (`KeyboardEvent.code`), with the other names that Tauri takes for it. Add here to
# take another key.
_KEYS: dict[str, tuple[str, ...]] = {
    **{f"Key{letter}": (letter,) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
    **{f"Digit{digit}": (str(digit),) for digit in range(10)},
    **{f"Numpad{digit}": (f"Num{digit}",) for digit in range(10)},
    **{f"F{number}": () for number in range(1, 25)},
    "Backquote": ("`",),
    "Backslash": ("\\",),
    "BracketLeft": ("[",),
    "BracketRight": ("]",),
    "Comma": (",",),
    "Equal": ("=",),
    "Minus": ("-",),
    "Period": (".",),
    "Quote": ("'",),
    "Semicolon": (";",),
    "Slash": ("/",),
    "Backspace": (),
    "CapsLock": (),
    "Enter": ("Return",),
    "Space": (),
    "Tab": (),
    "Delete": (),
    "End": (),
    "Home": (),
    "Insert": (),
    "PageDown": (),
    "PageUp": (),
    "PrintScreen": (),
    "ScrollLock": (),
    "Pause": ("PauseBreak",),
    "ArrowDown": ("Down",),
    "ArrowLeft": ("Left",),
    "ArrowRight": ("Right",),
    "ArrowUp": ("Up",),
    "NumLock": (),
    "NumpadAdd": ("NumAdd", "NumpadPlus", "NumPlus"),
    "NumpadDecimal": ("NumDecimal",),
    "NumpadDivide": ("NumDivide",),
    "NumpadEnter": ("NumEnter",),
    "NumpadEqual": ("NumEqual",),
    "NumpadMultiply": ("NumMultiply",),
    "NumpadSubtract": ("NumSubtract",),
    "Escape": ("Esc",),
    "AudioVolumeDown": ("VolumeDown",),
    "AudioVolumeUp": ("VolumeUp",),
    "AudioVolumeMute": ("VolumeMute",),
    "MediaPlay": (),
    "MediaPause": (),
    "MediaPlayPause": (),
    "MediaStop": (),
    "MediaTrackNext": (),
    "MediaTrackPrevious": ("MediaTrackPrev",),
}
_CODES = {name.upper(): code for code, names in _KEYS.items() for name in (code, *names)}


class Accelerator(msgspec.Struct, frozen=True):
    """The keys that activate a menu item.

    Attributes:
        modifiers: The keys that are held down.
        key: The other key, by its code of the web: `KeyP`, `Digit1`, `F5`, `ArrowUp`.
    """

    modifiers: Modifier
    key: str

    @classmethod
    def parse(cls, text: str) -> Accelerator:
        """Read Tauri's form: modifiers and then one key, joined by `+`, such as `CmdOrCtrl+Shift+P` or `F5`.

        Upper and lower case and spaces around a name do not matter.

        Raises:
            MenuError: A name is missing or unknown, or the key is not the last one.
        """
        if len(text) > _MAX_LENGTH:
            raise cls._error(text, f"it has more than {_MAX_LENGTH} characters")
        *before, last = [token.strip() for token in text.split("+")]
        modifiers = Modifier(0)
        for token in before:
            if token.upper() not in _MODIFIERS:
                raise cls._error(text, f"`{token}` is not a modifier; those are Ctrl, Alt, Shift, Super and CmdOrCtrl")
            modifiers |= _MODIFIERS[token.upper()]
        key = _CODES.get(last.upper())
        if key is None:
            why = "it ends without a key" if not last or last.upper() in _MODIFIERS else f"`{last}` is not a key"
            raise cls._error(text, f"{why}; keys are letters, digits, F1 to F24, and names such as Enter or ArrowUp")
        return cls(modifiers, key)

    @staticmethod
    def _error(text: str, why: str) -> MenuError:
        return MenuError(f"invalid accelerator `{text[:_MAX_LENGTH]}`: {why}")

    def __str__(self) -> str:
        return "+".join([*(_NAMES[modifier] for modifier in Modifier if modifier & self.modifiers), self.key])

"""A shortcut as a text, such as `CommandOrControl+Shift+K`, and its keys on X11."""

from __future__ import annotations

import zlib
from typing import NamedTuple

from ...errors import CommandError

__all__ = ["Shortcut"]

SHIFT, CONTROL, ALT, SUPER = 1, 4, 8, 64  # masks of X11

_MODIFIERS = {
    "SHIFT": SHIFT,
    "CONTROL": CONTROL,
    "CTRL": CONTROL,
    "COMMANDORCONTROL": CONTROL,
    "COMMANDORCTRL": CONTROL,
    "CMDORCONTROL": CONTROL,
    "CMDORCTRL": CONTROL,
    "ALT": ALT,
    "OPTION": ALT,
    "COMMAND": SUPER,
    "CMD": SUPER,
    "SUPER": SUPER,
}
# Name of a key in capitals -> its keysym: the character, or a number of X11's keysymdef.h.
_KEYS = {
    **{chr(code): code + 32 for code in range(ord("A"), ord("Z") + 1)},
    **{f"KEY{chr(code)}": code + 32 for code in range(ord("A"), ord("Z") + 1)},
    **{str(digit): 0x30 + digit for digit in range(10)},
    **{f"DIGIT{digit}": 0x30 + digit for digit in range(10)},
    **{f"NUMPAD{digit}": 0xFFB0 + digit for digit in range(10)},
    **{f"NUM{digit}": 0xFFB0 + digit for digit in range(10)},
    **{f"F{number}": 0xFFBD + number for number in range(1, 25)},
    "BACKQUOTE": 0x60,
    "`": 0x60,
    "BACKSLASH": 0x5C,
    "\\": 0x5C,
    "BRACKETLEFT": 0x5B,
    "[": 0x5B,
    "BRACKETRIGHT": 0x5D,
    "]": 0x5D,
    "COMMA": 0x2C,
    ",": 0x2C,
    "EQUAL": 0x3D,
    "=": 0x3D,
    "MINUS": 0x2D,
    "-": 0x2D,
    "PERIOD": 0x2E,
    ".": 0x2E,
    "QUOTE": 0x27,
    "'": 0x27,
    "SEMICOLON": 0x3B,
    ";": 0x3B,
    "SLASH": 0x2F,
    "/": 0x2F,
    "SPACE": 0x20,
    "BACKSPACE": 0xFF08,
    "TAB": 0xFF09,
    "ENTER": 0xFF0D,
    "RETURN": 0xFF0D,
    "PAUSE": 0xFF13,
    "PAUSEBREAK": 0xFF13,
    "SCROLLLOCK": 0xFF14,
    "ESCAPE": 0xFF1B,
    "ESC": 0xFF1B,
    "HOME": 0xFF50,
    "ARROWLEFT": 0xFF51,
    "LEFT": 0xFF51,
    "ARROWUP": 0xFF52,
    "UP": 0xFF52,
    "ARROWRIGHT": 0xFF53,
    "RIGHT": 0xFF53,
    "ARROWDOWN": 0xFF54,
    "DOWN": 0xFF54,
    "PAGEUP": 0xFF55,
    "PAGEDOWN": 0xFF56,
    "END": 0xFF57,
    "PRINTSCREEN": 0xFF61,
    "INSERT": 0xFF63,
    "DELETE": 0xFFFF,
    "NUMPADENTER": 0xFF8D,
    "NUMPADMULTIPLY": 0xFFAA,
    "NUMPADADD": 0xFFAB,
    "NUMPADSUBTRACT": 0xFFAD,
    "NUMPADDECIMAL": 0xFFAE,
    "NUMPADDIVIDE": 0xFFAF,
    "AUDIOVOLUMEDOWN": 0x1008FF11,
    "AUDIOVOLUMEMUTE": 0x1008FF12,
    "AUDIOVOLUMEUP": 0x1008FF13,
    "MEDIAPLAY": 0x1008FF14,
    "MEDIAPLAYPAUSE": 0x1008FF14,
    "MEDIASTOP": 0x1008FF15,
    "MEDIATRACKPREVIOUS": 0x1008FF16,
    "MEDIATRACKNEXT": 0x1008FF17,
    "MEDIAPAUSE": 0x1008FF31,
}


# Number of a symbol that is no letter or digit -> its name in X11's keysymdef.h.
_NAMES = {
    0x60: "grave",
    0x5C: "backslash",
    0x5B: "bracketleft",
    0x5D: "bracketright",
    0x2C: "comma",
    0x3D: "equal",
    0x2D: "minus",
    0x2E: "period",
    0x27: "apostrophe",
    0x3B: "semicolon",
    0x2F: "slash",
    0x20: "space",
    0xFF08: "BackSpace",
    0xFF09: "Tab",
    0xFF0D: "Return",
    0xFF13: "Pause",
    0xFF14: "Scroll_Lock",
    0xFF1B: "Escape",
    0xFF50: "Home",
    0xFF51: "Left",
    0xFF52: "Up",
    0xFF53: "Right",
    0xFF54: "Down",
    0xFF55: "Page_Up",
    0xFF56: "Page_Down",
    0xFF57: "End",
    0xFF61: "Print",
    0xFF63: "Insert",
    0xFFFF: "Delete",
    0xFF8D: "KP_Enter",
    0xFFAA: "KP_Multiply",
    0xFFAB: "KP_Add",
    0xFFAD: "KP_Subtract",
    0xFFAE: "KP_Decimal",
    0xFFAF: "KP_Divide",
    0x1008FF11: "XF86AudioLowerVolume",
    0x1008FF12: "XF86AudioMute",
    0x1008FF13: "XF86AudioRaiseVolume",
    0x1008FF14: "XF86AudioPlay",
    0x1008FF15: "XF86AudioStop",
    0x1008FF16: "XF86AudioPrev",
    0x1008FF17: "XF86AudioNext",
    0x1008FF31: "XF86AudioPause",
    **{0xFFB0 + digit: f"KP_{digit}" for digit in range(10)},
    **{0xFFBD + number: f"F{number}" for number in range(1, 25)},
}


class Shortcut(NamedTuple):
    """A key with modifiers.

    Attributes:
        modifiers: Mask of X11.
        keysym: Number of the key's symbol.
    """

    modifiers: int
    keysym: int

    @classmethod
    def parse(cls, text: str) -> Shortcut:
        """Read a text such as `CommandOrControl+Shift+K`, in any case; modifiers first, one key last.

        Raises:
            CommandError: It is no such text; it names the part.
        """
        if len(text) > 200:
            raise CommandError("a shortcut has at most 200 characters")
        *before, last = [part.strip() for part in text.split("+")]
        modifiers = 0
        for part in before:
            mask = _MODIFIERS.get(part.upper())
            if mask is None:
                raise CommandError(
                    f"the shortcut {text!r}: {part!r} is not a modifier; they are Shift, Control, Alt and Super"
                )
            modifiers |= mask
        keysym = _KEYS.get(last.upper())
        if keysym is None:
            raise CommandError(
                f"the shortcut {text!r}: {last!r} is not a key; write for example `Control+K`, `Alt+F4` or `F1`"
            )
        return cls(modifiers, keysym)

    @property
    def trigger(self) -> str:
        """The shortcut as freedesktop.org's specification of shortcuts writes it, such as `CTRL+SHIFT+k`."""
        names = {CONTROL: "CTRL", ALT: "ALT", SHIFT: "SHIFT", SUPER: "LOGO"}
        held = [name for mask, name in names.items() if self.modifiers & mask]
        return "+".join([*held, _NAMES.get(self.keysym) or chr(self.keysym)])

    @property
    def number(self) -> int:
        """A number that is the same for every way to write the shortcut."""
        return zlib.crc32(b"%d+%d" % self)

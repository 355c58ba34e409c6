"""A GTK window around one widget: how it looks, what people can do with it, and what happens to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from ....config import WindowConfig
from ... import ops
from .. import _gi as gi
from ._cursor import cursor_of, ignore_pointer, start_dragging, start_resizing
from ._desktop import describe_current, pointer
from ._geometry import Geometry
from ._icon import pixbuf_of
from ._theme import THEME_PROPERTIES, present_theme, set_theme

if TYPE_CHECKING:
    from ._grab import PointerGrab

__all__ = ["TOPLEVEL_OPS", "USED_OPTIONS", "Toplevel"]

# Fields of `WindowConfig` that `Toplevel` uses. Add here what it learns.
USED_OPTIONS = frozenset(
    "label create title width height min_width min_height max_width max_height x y prevent_overflow resizable "
    "maximizable minimizable closable maximized fullscreen visible decorations always_on_top always_on_bottom "
    "visible_on_all_workspaces skip_taskbar focus focusable center theme transparent background_color parent".split()
)


class Toplevel:
    """A window, made with its options and not shown yet.

    A subclass overrides `told`, and calls `end` when the window is destroyed. It is a base class, because an object that
    called its owner back would make a circle of references, which the collector may free on any thread.

    Args:
        look: The options.
        box: The widget that fills the window.
        content: The one in it whose size is the window's inner size; a menu bar may be above it.
        parent: The GTK window that this one belongs to; `None` for none.

    Attributes:
        window: The GTK window.
        geometry: Its size and place.
        maximizable: Whether people may maximize it.
        minimizable: Whether people may minimize it.
        closable: Whether it has a close button.
        always_on_top: Whether it is kept above others, which GTK does not tell.
    """

    def __init__(self, look: WindowConfig, box: Any, content: Any, parent: Any = None) -> None:
        window = gi.Gtk.Window(title=look.title)
        self.window = window
        self.maximizable, self.minimizable, self.closable = look.maximizable, look.minimizable, look.closable
        self.always_on_top = look.always_on_top
        self._cursor: ops.CursorIcon | None = None
        self._cursor_visible = True
        self._ignores_pointer = False
        self._grab: PointerGrab | None = None
        self._background: Any = None
        self._told: dict[str, Any] = {}
        self._changed = 0
        if look.transparent and (visual := window.get_screen().get_rgba_visual()) is not None:
            window.set_visual(visual)
            window.set_app_paintable(True)
        if look.background_color is not None:
            self.set_background_color(ops.Color(*look.background_color))
        if look.theme is not None:
            set_theme(ops.Theme(look.theme.lower()))
        if parent is not None:
            window.set_transient_for(parent)
            window.set_destroy_with_parent(True)
        self.geometry = Geometry(window, content, look)
        window.set_decorated(look.decorations)
        window.set_deletable(look.closable)
        window.set_keep_above(look.always_on_top)
        window.set_keep_below(look.always_on_bottom)
        window.set_accept_focus(look.focusable)
        window.set_focus_on_map(look.focus)
        self.set_skip_taskbar(look.skip_taskbar)
        if look.visible_on_all_workspaces:
            window.stick()
        if look.maximized:
            window.maximize()
        if look.fullscreen:
            window.fullscreen()
        self._theme = present_theme()
        self._connect()
        content.connect(
            "size-allocate", self._on_configure
        )  # a menu bar takes a part of it, and the window is as before
        window.add(box)

    def _connect(self) -> None:
        window = self.window
        window.connect("realize", self._on_realize)
        window.connect("map-event", self._on_map)
        window.connect("focus-in-event", self._on_focus_in)
        window.connect("focus-out-event", self._on_focus_out)
        window.connect("configure-event", self._on_configure)
        window.connect("notify::scale-factor", self._on_scale)
        settings = gi.Gtk.Settings.get_default()
        self._watches = [settings.connect(f"notify::{name}", self._on_theme) for name in THEME_PROPERTIES]

    def end(self) -> None:
        """Let go of what outlives the window."""
        settings = gi.Gtk.Settings.get_default()
        for watch in self._watches:
            settings.disconnect(watch)
        self._watches = []
        self.set_cursor_grab(False)
        if self._changed:
            gi.GLib.source_remove(self._changed)
            self._changed = 0

    # What happens to the window

    def told(self, name: Any, payload: Any = None) -> None:
        """Note that something happened to the window: the name and the payload of Tauri's event."""
        raise NotImplementedError

    def _on_focus_in(self, window: Any, event: Any) -> bool:
        window.set_urgency_hint(False)
        self._confine()
        self.told("focus")
        return False

    def _on_focus_out(self, window: Any, event: Any) -> bool:
        if self._grab is not None:
            self._grab.confine(None)
        self.told("blur")
        return False

    def _on_map(self, window: Any, event: Any) -> bool:
        self.geometry.restore_place()
        return False

    def _on_configure(self, window: Any, event: Any) -> bool:
        # Some of these events mix old and new values, and when a window is hidden it is told the place of its frame: so
        # it is asked for its size and place when all of them have come.
        if not self._changed:
            self._changed = gi.GLib.idle_add(self._tell_changes, priority=gi.GLib.PRIORITY_DEFAULT)
        return False

    def _tell_changes(self) -> bool:
        self._changed = 0
        if not self.window.get_mapped():
            return False
        self._confine()
        size, place = self.geometry.inner_size(), self.geometry.outer_position()
        self._tell_once("resize", {"width": size.width, "height": size.height})
        self._tell_once("move", {"x": place.x, "y": place.y})
        return False

    def _tell_once(self, name: str, payload: Any) -> None:
        if self._told.get(name) != payload:
            self._told[name] = payload
            self.told(name, payload)

    def _on_scale(self, window: Any, _: Any) -> None:
        size = self.geometry.inner_size()
        payload = {"scaleFactor": float(self.geometry.scale_factor)}
        self.told("scale-change", {**payload, "size": {"width": size.width, "height": size.height}})

    def _on_theme(self, settings: Any, _: Any) -> None:
        theme = present_theme()
        if theme is not self._theme:
            self._theme = theme
            self.told("theme-changed", theme.value)

    def _on_realize(self, window: Any) -> None:
        # These belong to the window of GDK, which is there now.
        self._apply_functions()
        self._apply_cursor()
        if self._ignores_pointer:
            ignore_pointer(window, True)

    # State

    def has(self, state: str) -> bool:
        """Tell whether the window is in a state, by its name in `Gdk.WindowState`."""
        window = self.window.get_window()
        return window is not None and bool(window.get_state() & getattr(gi.Gdk.WindowState, state))

    def set_visible(self, visible: bool) -> None:
        """Show or hide the window."""
        self.window.set_visible(visible)

    def set_focus(self) -> None:
        """Bring the window to the front and give it the keyboard."""
        self.window.present()

    def set_maximized(self, maximized: bool) -> None:
        """Let the window fill the screen, or give it its former size back."""
        (self.window.maximize if maximized else self.window.unmaximize)()

    def set_minimized(self, minimized: bool) -> None:
        """Minimize the window, or show it again."""
        if minimized:
            self.window.iconify()
        elif self.has("ICONIFIED"):
            self.window.deiconify()
            self.window.present()

    def set_fullscreen(self, fullscreen: bool) -> None:
        """Cover the whole screen, or give the window its former size back."""
        (self.window.fullscreen if fullscreen else self.window.unfullscreen)()

    def set_decorations(self, decorations: bool) -> None:
        """Give the window borders and a title bar, or not."""
        self.window.set_decorated(decorations)

    def set_always_on_top(self, always: bool) -> None:
        """Keep the window above others, or not."""
        self.always_on_top = always
        self.window.set_keep_above(always)

    def set_skip_taskbar(self, skip: bool) -> None:
        """Keep the window out of the taskbar and the pager, or not."""
        self.window.set_skip_taskbar_hint(skip)
        self.window.set_skip_pager_hint(skip)

    def set_functions(self, *, maximizable: bool | None = None, minimizable: bool | None = None) -> None:
        """Tell the window manager what people may do with the window; `None` leaves that as it is."""
        self.maximizable = self.maximizable if maximizable is None else maximizable
        self.minimizable = self.minimizable if minimizable is None else minimizable
        self._apply_functions()

    def set_closable(self, closable: bool) -> None:
        """Give the window a close button, or not."""
        self.closable = closable
        self.window.set_deletable(closable)
        self._apply_functions()

    def _apply_functions(self) -> None:
        window = self.window.get_window()
        if window is None:
            return
        functions = gi.Gdk.WMFunction
        if self.maximizable and self.minimizable and self.closable:
            window.set_functions(functions.ALL)
            return
        allowed = functions.MOVE | functions.RESIZE
        for name in ("maximizable", "minimizable", "closable"):
            if getattr(self, name):
                allowed |= {"maximizable": functions.MAXIMIZE, "minimizable": functions.MINIMIZE}.get(
                    name, functions.CLOSE
                )
        window.set_functions(allowed)

    def set_background_color(self, color: ops.Color | None) -> None:
        """Set the color behind the page; `None` for the theme's."""
        style = self.window.get_style_context()
        if self._background is not None:
            style.remove_provider(self._background)
            self._background = None
        if color is not None:
            self._background = gi.Gtk.CssProvider()
            rgba = f"rgba({color.red}, {color.green}, {color.blue}, {color.alpha / 255:.4f})"
            self._background.load_from_data(f"window {{ background: {rgba}; }}".encode())
            style.add_provider(self._background, gi.Gtk.STYLE_PROVIDER_PRIORITY_APPLICATION)

    # Pointer

    def set_cursor(self, icon: ops.CursorIcon | None = None, visible: bool | None = None) -> None:
        """Set the shape of the pointer over the window, or whether it is seen there; `None` leaves that as it is."""
        self._cursor = icon or self._cursor
        self._cursor_visible = self._cursor_visible if visible is None else visible
        self._apply_cursor()

    def _apply_cursor(self) -> None:
        window = self.window.get_window()
        if window is None:
            return
        plain = self._cursor_visible and self._cursor is None
        window.set_cursor(None if plain else cursor_of(self._cursor if self._cursor_visible else None))

    def set_cursor_position(self, op: ops.SetCursorPosition) -> None:
        """Move the pointer to a place in the window's content."""
        scale = self.geometry.scale_factor
        inside, origin = op.position.to_logical(scale), self.geometry.inner_position().to_logical(scale)
        if (device := pointer()) is not None:
            x, y = (max(-32768, min(round(part), 32767)) for part in (origin.x + inside.x, origin.y + inside.y))
            device.warp(self.window.get_screen(), x, y)

    def set_cursor_grab(self, grab: bool) -> None:
        """Keep the pointer inside the window while that has the keyboard, or not.

        Raises:
            WindowError: The display cannot do this.
        """
        if grab and self._grab is None:
            from ._grab import PointerGrab  # few windows need it

            self._grab = PointerGrab(self.window.get_display().get_name())
            self._confine()
        elif not grab and self._grab is not None:
            self._grab.end()
            self._grab = None

    def _confine(self) -> None:
        if self._grab is not None and self.window.is_active():
            place, size = self.geometry.inner_position(), self.geometry.inner_size()
            self._grab.confine((place.x, place.y, place.x + size.width, place.y + size.height))

    def set_ignore_pointer(self, ignore: bool) -> None:
        """Let clicks go to what is below the window, or not."""
        self._ignores_pointer = ignore
        if self.window.get_window() is not None:
            ignore_pointer(self.window, ignore)

    def start_resizing(self, direction: ops.ResizeDirection) -> None:
        """Let the pointer resize the window, if people may."""
        if self.window.get_resizable():
            start_resizing(self.window, direction)

    @property
    def gdk_window(self) -> Any:
        """The window of GDK; `None` before it is realized."""
        return self.window.get_window()


# What a window does for each operation. Add here to support another one.
TOPLEVEL_OPS: Final[dict[type[ops.Op[Any]], Callable[[Any, Any], Any]]] = {
    ops.CenterWindow: lambda top, _: top.geometry.center(),
    ops.CurrentMonitor: lambda top, _: describe_current(top.gdk_window),
    ops.GetTheme: lambda _, __: present_theme(),
    ops.GetTitle: lambda top, _: top.window.get_title(),
    ops.InnerPosition: lambda top, _: top.geometry.inner_position(),
    ops.InnerSize: lambda top, _: top.geometry.inner_size(),
    ops.IsAlwaysOnTop: lambda top, _: top.always_on_top,
    ops.IsClosable: lambda top, _: top.closable,
    ops.IsDecorated: lambda top, _: top.window.get_decorated(),
    ops.IsEnabled: lambda top, _: top.window.get_sensitive(),
    ops.IsFocused: lambda top, _: top.window.is_active(),
    ops.IsFullscreen: lambda top, _: top.has("FULLSCREEN"),
    ops.IsMaximizable: lambda top, _: top.maximizable,
    ops.IsMaximized: lambda top, _: top.window.is_maximized(),
    ops.IsMinimizable: lambda top, _: top.minimizable,
    ops.IsMinimized: lambda top, _: top.has("ICONIFIED"),
    ops.IsResizable: lambda top, _: top.window.get_resizable(),
    ops.IsVisible: lambda top, _: top.window.get_visible(),
    ops.OuterPosition: lambda top, _: top.geometry.outer_position(),
    ops.OuterSize: lambda top, _: top.geometry.outer_size(),
    ops.RequestUserAttention: lambda top, op: top.window.set_urgency_hint(op.kind is not None),
    ops.ScaleFactor: lambda top, _: float(top.geometry.scale_factor),
    ops.SetAlwaysOnBottom: lambda top, op: top.window.set_keep_below(op.always_on_bottom),
    ops.SetAlwaysOnTop: lambda top, op: top.set_always_on_top(op.always_on_top),
    ops.SetBackgroundColor: lambda top, op: top.set_background_color(op.color),
    ops.SetClosable: lambda top, op: top.set_closable(op.closable),
    ops.SetCursorGrab: lambda top, op: top.set_cursor_grab(op.grab),
    ops.SetCursorIcon: lambda top, op: top.set_cursor(icon=op.icon),
    ops.SetCursorPosition: lambda top, op: top.set_cursor_position(op),
    ops.SetCursorVisible: lambda top, op: top.set_cursor(visible=op.visible),
    ops.SetDecorations: lambda top, op: top.set_decorations(op.decorations),
    ops.SetEnabled: lambda top, op: top.window.set_sensitive(op.enabled),
    ops.SetFocus: lambda top, _: top.set_focus(),
    ops.SetFocusable: lambda top, op: top.window.set_accept_focus(op.focusable),
    ops.SetFullscreen: lambda top, op: top.set_fullscreen(op.fullscreen),
    ops.SetFullscreenOnMonitor: lambda top, op: top.geometry.fullscreen_on(op.position),
    ops.SetIcon: lambda top, op: top.window.set_icon(pixbuf_of(op.icon)),
    ops.SetIgnoreCursorEvents: lambda top, op: top.set_ignore_pointer(op.ignore),
    ops.SetMaxSize: lambda top, op: top.geometry.set_max_size(op.size),
    ops.SetMaximizable: lambda top, op: top.set_functions(maximizable=op.maximizable),
    ops.SetMaximized: lambda top, op: top.set_maximized(op.maximized),
    ops.SetMinSize: lambda top, op: top.geometry.set_min_size(op.size),
    ops.SetMinimizable: lambda top, op: top.set_functions(minimizable=op.minimizable),
    ops.SetMinimized: lambda top, op: top.set_minimized(op.minimized),
    ops.SetPosition: lambda top, op: top.geometry.set_position(op.position),
    ops.SetResizable: lambda top, op: top.geometry.set_resizable(op.resizable),
    ops.SetSimpleFullscreen: lambda top, op: top.set_fullscreen(op.fullscreen),
    ops.SetSize: lambda top, op: top.geometry.set_size(op.size),
    ops.SetSizeConstraints: lambda top, op: top.geometry.set_limits(op.constraints),
    ops.SetSkipTaskbar: lambda top, op: top.set_skip_taskbar(op.skip),
    ops.SetTheme: lambda _, op: set_theme(op.theme),
    ops.SetTitle: lambda top, op: top.window.set_title(op.title),
    ops.SetVisible: lambda top, op: top.set_visible(op.visible),
    ops.SetVisibleOnAllWorkspaces: lambda top, op: (top.window.stick if op.visible else top.window.unstick)(),
    ops.StartDragging: lambda top, _: start_dragging(top.window),
    ops.StartResizeDragging: lambda top, op: top.start_resizing(op.direction),
    ops.ToggleMaximize: lambda top, _: top.set_maximized(not top.window.is_maximized()),
}

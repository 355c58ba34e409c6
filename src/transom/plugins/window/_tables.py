"""The commands that are methods of `Window`, name for name. Add here what a window learns."""

from __future__ import annotations

from ...handles import Window
from ...runtimes import (
    Monitor,
    ProgressBarState,
    ResizeDirection,
    Theme,
    TitleBarStyle,
    WindowEffectsConfig,
    WindowSizeConstraints,
)
from ...values import PhysicalPosition, PhysicalSize, Position, Size
from ._call import getter, setter

__all__ = ["ACTIONS", "GETTERS", "SETTERS"]

# Commands that tell something; each is in the default permission.
GETTERS = (
    getter(Window.scale_factor, float),
    getter(Window.inner_position, PhysicalPosition),
    getter(Window.outer_position, PhysicalPosition),
    getter(Window.inner_size, PhysicalSize),
    getter(Window.outer_size, PhysicalSize),
    getter(Window.is_fullscreen, bool),
    getter(Window.is_minimized, bool),
    getter(Window.is_maximized, bool),
    getter(Window.is_focused, bool),
    getter(Window.is_decorated, bool),
    getter(Window.is_resizable, bool),
    getter(Window.is_maximizable, bool),
    getter(Window.is_minimizable, bool),
    getter(Window.is_closable, bool),
    getter(Window.is_visible, bool),
    getter(Window.is_enabled, bool),
    getter(Window.is_always_on_top, bool),
    getter(Window.title, str),
    getter(Window.theme, Theme),
    getter(Window.current_monitor, Monitor | None),
    getter(Window.primary_monitor, Monitor | None),
    getter(Window.available_monitors, tuple[Monitor, ...]),
    getter(Window.cursor_position, PhysicalPosition),
    getter(Window.activity_name, str),
    getter(Window.scene_identifier, str),
)
# Commands without an argument that do something.
ACTIONS = (
    getter(Window.center),
    getter(Window.maximize),
    getter(Window.unmaximize),
    getter(Window.toggle_maximize),
    getter(Window.minimize),
    getter(Window.unminimize),
    getter(Window.show),
    getter(Window.hide),
    getter(Window.close),
    getter(Window.destroy),
    getter(Window.set_focus),
    getter(Window.start_dragging),
)
# Commands with the argument `value`.
SETTERS = (
    setter(Window.set_resizable, bool),
    setter(Window.set_enabled, bool),
    setter(Window.set_maximizable, bool),
    setter(Window.set_minimizable, bool),
    setter(Window.set_closable, bool),
    setter(Window.set_title, str),
    setter(Window.set_decorations, bool),
    setter(Window.set_shadow, bool),
    setter(Window.set_effects, WindowEffectsConfig | None),
    setter(Window.set_always_on_top, bool),
    setter(Window.set_always_on_bottom, bool),
    setter(Window.set_content_protected, bool),
    setter(Window.set_size, Size),
    setter(Window.set_min_size, Size | None),
    setter(Window.set_max_size, Size | None),
    setter(Window.set_size_constraints, WindowSizeConstraints),
    setter(Window.set_position, Position),
    setter(Window.set_fullscreen, bool),
    setter(Window.set_fullscreen_on_monitor, PhysicalPosition),
    setter(Window.set_simple_fullscreen, bool),
    setter(Window.set_focusable, bool),
    setter(Window.set_skip_taskbar, bool),
    setter(Window.set_cursor_grab, bool),
    setter(Window.set_cursor_visible, bool),
    setter(Window.set_cursor_position, Position),
    setter(Window.set_ignore_cursor_events, bool),
    setter(Window.start_resize_dragging, ResizeDirection),
    setter(Window.set_badge_count, int | None),
    setter(Window.set_badge_label, str | None),
    setter(Window.set_progress_bar, ProgressBarState),
    setter(Window.set_visible_on_all_workspaces, bool),
    setter(Window.set_title_bar_style, TitleBarStyle),
    setter(Window.set_theme, Theme | None),
)

"""The plugin `single-instance`: a second start hands its arguments to the first and ends (Tauri: the crate of this name).

def second_start(app, arguments, folder):
    app.get_window("main").set_focus()

Builder().plugin(single_instance.init(second_start))
"""

from ._plugin import init

__all__ = ["init"]

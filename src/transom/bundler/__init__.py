"""`transom build`: from a project to what its users install, made from the fields of `bundle` in `tauri.conf.json`."""

from ._build import TARGETS, build
from ._plan import BundlePlan, plan_of

__all__ = ["TARGETS", "BundlePlan", "build", "plan_of"]

"""The benchmark's application on Streamlit: the script runs again at every call, as everything does there."""

from __future__ import annotations

import streamlit as st

__all__: list[str] = []

st.text("answer " + st.text_input("text", key="text"))

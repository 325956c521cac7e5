"""Gradio's sessions, so light that inventing them harms nobody."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import gradio as gr
from gradio.state_holder import SessionState, StateHolder

MOST = 500
"""Sessions kept. What a tab needs lives in the tab, so one that is dropped loses nothing."""


class Session(SessionState):
    """A session without Gradio's own copy of every component's configuration and last value.

    That copy serves deep links only, which this app does not have. It cost 0.13 s and 2 MB for each
    session, honest or invented, while everybody waited.
    """

    def __init__(self, blocks: gr.Blocks) -> None:
        # The keys of `blocks` are what Gradio would copy.
        super().__init__(SimpleNamespace(default_config=blocks.default_config, blocks={}))

    def __setitem__(self, key: int, value: Any) -> None:
        block = self.blocks_config.blocks.get(key)
        if block is not None and block.stateful:
            super().__setitem__(key, value)
            return
        self.blocks_config.blocks[key] = value

    def _update_config(self, key: int) -> None:
        """Nothing to keep."""

    def _update_value_in_config(self, key: int, value: Any) -> None:
        """Nothing to keep."""


class Sessions(StateHolder):
    """All sessions of the app, made when they first ask for something."""

    def __getitem__(self, session_id: str) -> SessionState:
        if session_id not in self.session_data:
            self.session_data[session_id] = Session(self.blocks)
        return super().__getitem__(session_id)

"""marimo with the site's settings. Left alone it reads the person's own, and makes an empty file if there are none."""

import contextlib
from collections.abc import Iterator
from typing import Any

# Code in lessons is as large as prose, and dark after the system.
_OURS: dict[str, Any] = {"display": {"theme": "system", "cell_output": "below", "code_editor_font_size": 14}}


@contextlib.contextmanager
def ours() -> Iterator[None]:
    """Whatever asks marimo for its settings inside this block gets the site's, and nothing is written anywhere."""
    from marimo._config import manager

    class Fixed(manager.UserConfigStore):
        def read(self) -> Any:
            return {section: dict(values) for section, values in _OURS.items()}

        def save_config(self, config: Any) -> Any:
            return manager.resolve_config(manager.DEFAULT_CONFIG, (self.read(),))

    before = manager.get_default_config_manager
    manager.get_default_config_manager = lambda *, current_path: manager.MarimoConfigManager(Fixed())
    try:
        yield
    finally:
        manager.get_default_config_manager = before

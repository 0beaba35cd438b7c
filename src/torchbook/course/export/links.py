"""Links of the site on pages that lie in a folder: to another lesson if it lies there too, and else none."""

import re
from collections.abc import Mapping

from torchbook.course.texts.markup import Element, Node, changed


def target(address: str, files: Mapping[int, str]) -> str | None:
    """Where a link leads in a folder with these files of lessons; None if nowhere."""
    lesson = re.match(r"/lessons/(\d\d)[^#]*(#.*)?$", address)
    if lesson:
        return f"{files[int(lesson[1])]}{lesson[2] or ''}" if int(lesson[1]) in files else None
    return None if address.startswith("/") else address


def linked(nodes: list[Node], files: Mapping[int, str]) -> list[Node]:
    """The tree with its links led to these files; what leads nowhere is words."""

    def change(element: Element) -> list[Node] | None:
        if element.tag != "a":
            return None
        inside = linked(element.children, files)
        address = target(element.get("href"), files)
        return inside if address is None else [Element("a", {"href": address}, inside)]

    return changed(nodes, change)

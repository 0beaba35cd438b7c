"""The pictures of an open page on their way between Python and the page: what the reader changes comes in, what Python
changes goes out. They have a thread of their own, so that a picture answers while cells compute."""

import base64
import queue
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import traitlets

from torchbook.course.pictures.picture import Picture

State = dict[str, Any]
_BYTES = "base64"  # the only key of what stands in JSON for bytes


def state_of(picture: Picture) -> State:
    """Returns the state of a picture as JSON can hold it: its own synced traits, bytes as `{"base64": text}`."""
    return {name: encoded(getattr(picture, name)) for name in picture.own_traits()}


def encoded(value: Any) -> Any:
    """Returns a value with `{"base64": text}` in the place of bytes, wherever they stand in it."""
    if isinstance(value, bytes | bytearray | memoryview):
        return {_BYTES: base64.b64encode(value).decode()}
    if isinstance(value, Mapping):
        return {key: encoded(item) for key, item in value.items()}
    return [encoded(item) for item in value] if isinstance(value, list | tuple) else value


def decoded(value: Any) -> Any:
    """Returns the value that `encoded` made this of; tuples have become lists."""
    if isinstance(value, dict):
        if set(value) == {_BYTES}:
            return base64.b64decode(value[_BYTES])
        return {key: decoded(item) for key, item in value.items()}
    return [decoded(item) for item in value] if isinstance(value, list) else value


@dataclass
class _Place:
    """A place on the page: its picture, the state with which that was made, what the page has, and what the reader has
    set. `turn` is the reader's last change that the picture has seen."""

    picture: Picture
    made: State
    page: State
    moved: State
    turn: int = 0
    changed: set[str] = field(default_factory=set)
    custom: list[tuple[Any, list[str]]] = field(default_factory=list)
    told: int = 0  # the turn that the page knows of


class Stage:
    """Holds the pictures by the ids of their places.

    `page` are the states that the page shows before anything has run, and `moved` what its reader has set since.
    `touched` is called with a picture when it has changed, `send` with what the page has to know:
    `{id: {"state": {trait: value}, "turn": number, "custom": [[content, buffers], ...]}}`.
    """

    def __init__(
        self,
        send: Callable[[State], None],
        touched: Callable[[Picture], None],
        *,
        page: Mapping[str, State],
        moved: Mapping[str, State],
    ):
        self.send, self.touched = send, touched
        self.page, self.moved = page, moved
        self.places: dict[str, _Place] = {}
        self.wanted: set[str] = set()  # the reader has touched these before they were made
        self._early: list[State] = []
        self._inbox: queue.SimpleQueue[State | None] = queue.SimpleQueue()
        self._lock = threading.RLock()
        self._setting = threading.Lock()  # what the reader sets now comes after what was set before
        self._cells = threading.get_ident()
        threading.Thread(target=self._serve, daemon=True).start()

    def hear(self, message: State) -> None:
        """Takes a message of the page: `{"picture": id, "turn": number}` with a `state`, or `custom` and `buffers`."""
        self._inbox.put(message)

    def put(self, id: str, picture: Picture) -> bool:
        """Puts a picture in its place. One that takes the place of another gets what the reader had set there, unless
        it was made with another value than that one. Returns True if there is something."""
        with self._lock:
            before = self.places.get(id)
            if before and before.picture is picture:
                return False
            made = state_of(picture)
            if before:
                place = _Place(picture, made, before.page, before.moved, before.turn, told=before.told)
                earlier = before.made
            else:
                moved = dict(self.moved.get(id, {}))
                earlier = self.page.get(id, made)
                place = _Place(picture, made, {**self.page.get(id, {}), **moved}, moved)
            place.moved = {name: each for name, each in place.moved.items() if earlier.get(name) == made.get(name)}
            place.changed = set(made)
            self.places[id] = place
            if before and not any(each.picture is before.picture for each in self.places.values()):
                before.picture.unobserve_all()
                before.picture.close()
        picture.observe(lambda change: self._changed(picture, change.name), names=traitlets.All)
        picture.listener = lambda content, buffers: self._sent(picture, content, buffers)
        with self._setting:
            with self._lock:
                moved = dict(place.moved)
            self._set(picture, moved)
        early, self._early = self._early, []
        for message in early:
            self._inbox.put(message)
        return bool(place.moved)

    def news(self) -> State:
        """Takes what the page does not have yet."""
        with self._lock:
            news = {}
            for id, place in self.places.items():
                state = {name: encoded(getattr(place.picture, name)) for name in sorted(place.changed)}
                state = {name: value for name, value in state.items() if place.page.get(name, place) != value}
                if state or place.custom or place.turn != place.told:
                    news[id] = {"state": state, "turn": place.turn, "custom": place.custom}
                place.page |= state
                place.changed, place.custom, place.told = set(), [], place.turn
            return news

    def _serve(self) -> None:
        while True:
            messages = [self._inbox.get()]
            while not self._inbox.empty():
                messages.append(self._inbox.get())
            for message in messages:
                if message:
                    self._obey(message)
            if news := self.news():
                self.send(news)

    def _obey(self, message: State) -> None:
        with self._lock:
            place = self.places.get(message["picture"])
            if place is None:
                self.wanted.add(message["picture"])
                self._early.append(message)
                return
            place.turn = max(place.turn, message.get("turn", 0))
            state = {name: value for name, value in message.get("state", {}).items() if name in place.made}
            place.moved |= state
            place.page |= state
        with self._setting:
            self._set(place.picture, state)
        if "custom" in message:
            buffers = [base64.b64decode(text) for text in message.get("buffers", ())]
            place.picture._handle_custom_msg(message["custom"], buffers)
        with self._lock:
            place.changed |= set(state)  # what Python did not take as it was goes back

    def _set(self, picture: Picture, state: State) -> None:
        with suppress(traitlets.TraitError, KeyError, TypeError, ValueError):
            picture.set_state(decoded(state))

    def _changed(self, picture: Picture, name: str) -> None:
        with self._lock:
            places = [place for place in self.places.values() if place.picture is picture and name in place.made]
            for place in places:
                place.changed.add(name)
        self._inbox.put(None)
        # What a cell does to a picture is no reason to run cells; words follow the other traits.
        if places and name != "alternative" and threading.get_ident() != self._cells:
            self.touched(picture)

    def _sent(self, picture: Picture, content: Any, buffers: list[bytes]) -> None:
        with self._lock:
            for place in self.places.values():
                if place.picture is picture:
                    place.custom.append((content, [base64.b64encode(each).decode() for each in buffers]))
        self._inbox.put(None)

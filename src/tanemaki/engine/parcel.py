"""What goes over the wire between a run and its worker processes: steps, records, outcomes.

Steps go once, when a worker starts. Their classes and functions go by name, and the files of the modules that hold them
go with them, because a recipe's folder, a script or a test module is not found by import. Records and outcomes go as
plain tuples: a pickled dataclass costs more than the rest of the way.
"""

from __future__ import annotations

import importlib.util
import io
import pickle
import struct
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from hashlib import blake2b
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from tanemaki.core.errors import RecipeError, SetupError
from tanemaki.core.prompt import Texts
from tanemaki.core.record import Children, Origin, Record
from tanemaki.core.step import Outcome, Spec, spec_of
from tanemaki.core.verdict import Reject

SCRIPT = "__mp_main__"
"""Name under which a worker loads the script that started the run, so that its `__main__` part does not run again."""
READY = b"ready"
"""What a worker says when it has loaded the steps."""
_SIZE = struct.Struct("<I")


@dataclass(frozen=True, slots=True)
class Workplace:
    """Everything that a worker needs to do the heavy steps of a run as the run itself would."""

    recipe: str
    seed: int
    texts: Texts
    steps: Mapping[int, bytes]
    """Place in the plan → what :func:`pack_step` gave."""


@dataclass(frozen=True, slots=True)
class ModuleFile:
    """Where a module was read, and the hash of what was read."""

    name: str
    path: str
    hash: str


class _Packer(pickle.Pickler):
    """Pickles a step; classes and functions by name, whether or not their module can be imported."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, protocol=5)
        self.modules: dict[str, ModuleFile] = {}

    def reducer_override(self, obj: Any) -> Any:
        """Name a class or a function by module and name; leave the rest to pickle."""
        if not isinstance(obj, type | FunctionType) or obj.__module__ in ("builtins", __name__):
            return NotImplemented
        module = sys.modules.get(obj.__module__)
        if module is None or _found(module, obj.__qualname__) is None:
            raise pickle.PicklingError(f"{obj.__qualname__} is defined inside a function, or in no file")
        if module.__name__ not in self.modules:
            self._note(module)
        return locate, (module.__name__, obj.__qualname__)

    def _note(self, module: ModuleType) -> None:
        path = getattr(module, "__file__", None)
        if path is not None and not _is_installed(path):
            self.modules[module.__name__] = ModuleFile(module.__name__, path, _hash_of(path))
        elif module.__name__ == "__main__":
            raise pickle.PicklingError("it is defined where no file is: at a prompt or in a notebook")


def _is_installed(path: str) -> bool:
    """Say whether a file belongs to Python or an installed package, which does not change while a run goes on."""
    paths = sysconfig.get_paths()
    return any(
        Path(path).is_relative_to(paths[key]) for key in ("stdlib", "platstdlib", "purelib", "platlib")
    )


def _hash_of(path: str) -> str:
    return blake2b(Path(path).read_bytes(), digest_size=16).hexdigest()


def _found(module: ModuleType, qualname: str) -> Any:
    found: Any = module
    for part in qualname.split("."):
        found = getattr(found, part, None)
    return found


def pack_step(spec: Spec) -> bytes:
    """Return a step as bytes, with the files of the modules that it needs.

    Raises ``SetupError`` for a step that no other process can have: a function inside a function, a cell of a notebook,
    settings that hold an open file.
    """
    file = io.BytesIO()
    packer = _Packer(file)
    try:
        packer.dump(spec.step)
    except (pickle.PicklingError, TypeError, AttributeError, OSError, RecursionError) as error:
        raise SetupError(
            f"the heavy step {spec.name!r} cannot be sent to a worker process",
            where="workers",
            got=str(error)[:200],
            next="move it to the top level of a file (a module or a recipe's folder), or set workers: 0",
        ) from error
    return pickle.dumps((spec.name, tuple(packer.modules.values()), file.getvalue()))


def unpack_step(packed: bytes) -> Spec:
    """Return the step that :func:`pack_step` packed; loads its modules. Raises ``SetupError`` where a file changed."""
    name, modules, step = pickle.loads(packed)  # noqa: S301 - it comes from the process that started this one
    for module in modules:
        load_module(module)
    spec = spec_of(pickle.loads(step))  # noqa: S301 - the same
    return spec if spec.name == name else _renamed(spec, name)


def _renamed(spec: Spec, name: str) -> Spec:
    return Spec(**{**{key: getattr(spec, key) for key in spec.__dataclass_fields__}, "name": name})


def load_module(told: ModuleFile) -> None:
    """Load a module by its name where import finds the same file, else from the file. A script does not start again."""
    if told.name in sys.modules and told.name != "__main__":
        return
    if _hash_of(told.path) != told.hash:
        raise SetupError(
            "a file with a heavy step changed after the run had started",
            where=told.path,
            next="stop the run and start it again: it goes on where it stopped",
        )
    if told.name == "__main__":
        if SCRIPT not in sys.modules:
            sys.modules["__main__"] = _load_file(SCRIPT, told.path)
    elif _is_importable(told):
        importlib.import_module(told.name)
    else:
        _load_file(told.name, told.path)


def _is_importable(told: ModuleFile) -> bool:
    try:
        spec = importlib.util.find_spec(told.name)
    except (ImportError, ValueError):
        return False
    return spec is not None and spec.origin is not None and Path(spec.origin).samefile(told.path)


def _load_file(name: str, path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise SetupError("a heavy step lies in a file that is no Python", where=path, next="set workers: 0")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def locate(module: str, qualname: str) -> Any:
    """Return a class or a function by its module and name, as a packed step names it.

    >>> locate("tanemaki.core.record", "Children.of")({"question": "旬の野菜は？"}).fields
    ({'question': '旬の野菜は？'},)
    """
    return _found(importlib.import_module(module), qualname)


def framed(message: bytes) -> bytes:
    """Return a message as it goes over the wire: its size, then itself."""
    return _SIZE.pack(len(message)) + message


class Frames:
    """Cuts what arrives into messages again."""

    def __init__(self) -> None:
        self._arrived = bytearray()

    def feed(self, arrived: bytes) -> Iterator[bytes]:
        """Yield every message that is whole by now.

        >>> frames = Frames()
        >>> [list(frames.feed(part)) for part in (framed(b"ab")[:3], framed(b"ab")[3:])]
        [[], [b'ab']]
        """
        buffer = self._arrived
        buffer += arrived
        at = 0
        while len(buffer) - at >= _SIZE.size:
            end = at + _SIZE.size + _SIZE.unpack_from(buffer, at)[0]
            if len(buffer) < end:
                break
            yield bytes(buffer[at + _SIZE.size : end])
            at = end
        del buffer[:at]


def pack_record(place: int, record: Record) -> bytes:
    """Return a record and the place of the step that is to work on it."""
    sources = [astuple(origin) for origin in record.sources]
    return pickle.dumps((place, record.id, record.ordinal, dict(record.fields), record.parents, sources), 5)


def unpack_record(packed: bytes) -> tuple[int, Record]:
    """Return what :func:`pack_record` packed."""
    place, key, ordinal, fields, parents, sources = pickle.loads(packed)  # noqa: S301 - it comes from the run
    return place, Record(key, ordinal, fields, parents, tuple(Origin(*source) for source in sources))


def pack_outcome(spec: Spec, seen: Record, outcome: object, took_s: float) -> bytes:
    """Return an outcome as bytes; the record that the step was given goes as the name "seen"."""
    told: tuple[Any, ...]
    if outcome is seen:
        told = ("seen",)
    elif isinstance(outcome, Reject):
        told = ("reject", outcome.reason, outcome.measured, outcome.limit, outcome.note)
    elif isinstance(outcome, Record) and not spec.fans_out:
        known = seen.fields
        added = {
            name: value
            for name, value in outcome.fields.items()
            if name not in known or known[name] is not value
        }
        told = ("fields", added)
    elif isinstance(outcome, Children):
        told = ("children", tuple(dict(fields) for fields in outcome.fields), outcome.sources)
    elif isinstance(outcome, Mapping):
        told = ("fields", dict(outcome))
    else:
        told = ("other", outcome)
    try:
        return pickle.dumps((took_s, *told), 5)
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        raise RecipeError(
            f"step {spec.name!r} gave back what is no outcome",
            got=str(error)[:200],
            next="give back a record, a mapping of fields or a Reject; Children only with fans_out = True",
        ) from error


def unpack_outcome(packed: bytes, seen: Record) -> tuple[float, Outcome]:
    """Return the seconds that it took and the outcome. Raises the step's own exception, with its traceback as a note."""
    took_s, kind, *told = pickle.loads(packed)  # noqa: S301 - it comes from a process that the run started
    outcome: Any
    match kind:
        case "seen":
            outcome = seen
        case "reject":
            outcome = Reject(*told)
        case "children":
            outcome = Children(*told)
        case "raised":
            error, trace = told
            error.add_note(trace)
            raise error
        case _:
            outcome = told[0]
    return took_s, outcome


def pack_raised(error: BaseException, trace: str) -> bytes:
    """Return an exception as bytes. One that cannot be sent is told in a ``RuntimeError``; the traceback goes as a note."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    except Exception:  # noqa: BLE001 - an exception of a user's class may do anything while it is pickled
        error = RuntimeError(f"{type(error).__name__}: {error}")
    return pickle.dumps((0.0, "raised", error, trace), 5)

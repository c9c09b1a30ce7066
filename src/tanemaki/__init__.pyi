from tanemaki.core.errors import TanemakiError as TanemakiError
from tanemaki.core.model import Reply as Reply
from tanemaki.core.model import Request as Request
from tanemaki.core.model import Sampling as Sampling
from tanemaki.core.recipe import Recipe as Recipe
from tanemaki.core.record import Children as Children
from tanemaki.core.record import Record as Record
from tanemaki.core.verdict import Reject as Reject
from tanemaki.models.scripted import Scripted as Scripted
from tanemaki.run.session import Run as Run

__version__: str
__all__ = [
    "Children",
    "Recipe",
    "Record",
    "Reject",
    "Reply",
    "Request",
    "Run",
    "Sampling",
    "Scripted",
    "TanemakiError",
]

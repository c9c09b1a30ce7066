"""Format orders ("in three bullet points", "ends with …") as objects that say themselves and check a text.

Usable alone, without a model or a run::

    from tanemaki.verify.formats import BulletsExactly, broken, order_of

    BulletsExactly(3).check(text)  # None, or a Failure with measured, limit and message
    BulletsExactly(3).wordings("ja")  # how the order is said
    broken(row["constraints"], text)  # every order of a dataset's row that the text does not obey

``ORDERS`` holds all classes by name; :func:`clash` says whether two orders can be obeyed together.
"""

from tanemaki.verify.formats.order import Failure, Order
from tanemaki.verify.formats.registry import ORDERS, broken, clash, constraint_of, order_of

__all__ = ["ORDERS", "Failure", "Order", "broken", "clash", "constraint_of", "order_of"]

"""Prime factors, as lists and as they are written."""

from __future__ import annotations

from collections.abc import Iterable


def prime_factors(n: int) -> list[int]:
    """Return the prime factors of a number from 2 up, the small ones first.

    >>> prime_factors(84)
    [2, 2, 3, 7]
    """
    found, prime = [], 2
    while prime * prime <= n:
        while n % prime == 0:
            found.append(prime)
            n //= prime
        prime += 1
    return [*found, n] if n > 1 else found


def product(numbers: Iterable[int]) -> str:
    """Return the numbers as a product is written.

    >>> product([2, 2, 3])
    '2 × 2 × 3'
    """
    return " × ".join(map(str, numbers))

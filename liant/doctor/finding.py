"""What a look at one part gave."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """`fault` is None where it is well; `seconds` how long it took, where that was measured."""

    part: str
    address: str
    fault: str | None = None
    seconds: float | None = None
    note: str = ""

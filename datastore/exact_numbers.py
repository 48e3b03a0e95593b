"""Numbers as JSON spells them, as DynamoDB holds them, and as JSON text again, without losing a digit."""

from decimal import Decimal
from math import isfinite


class ExactFloat(float):
    """A float that remembers its text, so that 0.1 is still 0.1 when it becomes a Decimal.

    It is a float all the same: GraphQL's Float and Int take it as they take any other.
    """

    __slots__ = ("text",)

    text: str

    def __new__(cls, text: str) -> "ExactFloat":
        number = super().__new__(cls, text)
        number.text = text
        return number


def to_decimal(number: int | float | Decimal) -> Decimal:
    """The exact Decimal; of a plain float, the shortest number that reads back as that float."""
    match number:
        case ExactFloat():
            return Decimal(number.text)
        case float():
            if not isfinite(number):
                raise ValueError(f"{number} is not a number that JSON or DynamoDB can hold.")
            return Decimal(repr(float(number)))
        case Decimal() if not number.is_finite():
            raise ValueError(f"{number} is not a number that JSON or DynamoDB can hold.")
        case _:
            return Decimal(number)


def number_text(number: Decimal) -> str:
    """JSON text of a finite Decimal: whole numbers digit by digit, tiny fractions with an exponent."""
    if not number.is_finite():
        raise ValueError(f"{number} has no JSON text.")
    text = str(number) if number.adjusted() < -6 else format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text and "E" not in text else text


def significant_digits(number: Decimal) -> tuple[str, int]:
    """The digits without the zeros at either end, and the power of ten of the last; none for 0."""
    mantissa, _, exponent = format(number.copy_abs(), "E").partition("E")
    digits = mantissa.replace(".", "").rstrip("0")
    return digits, int(exponent) - len(digits) + 1

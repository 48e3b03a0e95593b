"""Passwords checked within the limits of how often one may be tried."""

from datastore.login_limits import LoginLimits
from datastore.operations import PasswordVerdict, VerifyPassword
from datastore.passwords import PasswordHasher


class PasswordVerification:
    """The limits come first: what is tried too often costs no hash."""

    def __init__(self, passwords: PasswordHasher, limits: LoginLimits) -> None:
        self._passwords = passwords
        self._limits = limits

    async def verify(self, attempt: VerifyPassword) -> PasswordVerdict:
        """Raises BadRequest or LimitExceeded for what can be nobody's password."""
        admission = self._limits.admit(attempt.account, attempt.address)
        if admission.refused:
            return PasswordVerdict(wait_seconds=admission.wait_seconds)
        if not await self._passwords.verify(attempt.password, attempt.stored):
            return PasswordVerdict(last=admission.left == 0)
        self._limits.forgive(attempt.account, attempt.address)
        return PasswordVerdict(matches=True, outdated=self._passwords.is_outdated(attempt.stored or ""))

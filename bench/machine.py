"""How quiet the machine was: what a busy one prints should not be believed."""

import os
import resource
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
IDLE, IOWAIT = 3, 4  # columns of the first line of /proc/stat


@dataclass(frozen=True)
class Machine:
    """Seconds since the machine started: of all cores, of those not idle, and this bench's own."""

    total: float
    busy: float
    own: float

    @classmethod
    def now(cls) -> "Machine":
        line = Path("/proc/stat").read_text().partition("\n")[0]
        ticks = [int(each) for each in line.split()[1:9]]
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        own = sum(each.ru_utime + each.ru_stime for each in used)
        return cls(sum(ticks) / TICK, (sum(ticks) - ticks[IDLE] - ticks[IOWAIT]) / TICK, own)

    def elsewhere_since(self, before: "Machine") -> float:
        """The share of all cores' time that went to other programs, or that the host took."""
        elsewhere = (self.busy - before.busy) - (self.own - before.own)
        return max(0.0, elsewhere) / max(self.total - before.total, 1 / TICK)

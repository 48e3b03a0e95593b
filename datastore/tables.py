"""Every table, declared once: the local engine, cdk/, the documentation and the tests are made from here."""

from dataclasses import dataclass
from enum import StrEnum


class StreamView(StrEnum):
    """What a stream record carries, in DynamoDB's words."""

    NEW_AND_OLD_IMAGES = "NEW_AND_OLD_IMAGES"


@dataclass(frozen=True)
class Index:
    """A global secondary index on GSI{number}PK and GSI{number}SK, all attributes projected, sparse."""

    name: str
    number: int

    @property
    def partition_key(self) -> str:
        return f"GSI{self.number}PK"

    @property
    def sort_key(self) -> str:
        return f"GSI{self.number}SK"


@dataclass(frozen=True, eq=False)
class Table:
    """A table with string keys PK and SK, billed per request. `group` names what it serves.

    Each is declared once and equals itself alone: keys hold their table, and are hashed often.
    """

    name: str
    description: str
    group: str = "storage"
    indexes: tuple[Index, ...] = ()
    ttl_attribute: str | None = None
    stream: StreamView | None = None
    point_in_time_recovery: bool = True

    partition_key = "PK"
    sort_key = "SK"

    def name_parameter(self, prefix: str) -> str:
        """The SSM parameter with this table's name in a deployment: cdk/ writes it, the server reads it."""
        return f"{prefix}/{self.group}/{self.name}-table-name"


GSI1 = Index("GSI1", 1)
EMAIL_DOMAIN_INDEX = Index("EmailDomainIndex", 2)
CREATED_AT_INDEX = Index("CreatedAtIndex", 3)
OWNER_STATUS_INDEX = Index("OwnerStatusIndex", 4)
TIER_LOOKUP_INDEX = Index("TierLookupIndex", 1)
USER_TIMESTAMP_INDEX = Index("UserTimestampIndex", 1)
SESSION_LOOKUP_INDEX = Index("SessionLookupIndex", 2)

KV_STORAGE_DATA = Table(
    "kv-storage-data",
    "Users, API keys, namespaces and keys",
    indexes=(GSI1, EMAIL_DOMAIN_INDEX, CREATED_AT_INDEX, OWNER_STATUS_INDEX),
    ttl_attribute="ttl",
    stream=StreamView.NEW_AND_OLD_IMAGES,
)
USER_QUOTAS = Table("user-quotas", "Tiers, their assignment, and usage", "quota", indexes=(TIER_LOOKUP_INDEX,))
QUOTA_EVENTS = Table("quota-events", "Quota thresholds reached and plans changed", "quota", ttl_attribute="ttl")
SESSIONS_METADATA = Table(
    "sessions-metadata",
    "Signed-in sessions",
    "cost-tracking",
    indexes=(USER_TIMESTAMP_INDEX, SESSION_LOOKUP_INDEX),
    ttl_attribute="ttl",
)
OIDC_STATE = Table(
    "oidc-state",
    "Single sign-on under way, consumed once",
    "auth",
    ttl_attribute="expiresAt",
    point_in_time_recovery=False,  # ten-minute data: the seed declares none
)

TABLES = (KV_STORAGE_DATA, USER_QUOTAS, QUOTA_EVENTS, SESSIONS_METADATA, OIDC_STATE)

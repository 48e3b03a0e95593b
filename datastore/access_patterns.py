"""Every way in which the tables are read and written. Keys are built from these rows and from nowhere else."""

from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from datastore.grants import Grant
from datastore.key_templates import check_prefix, fill, split_template
from datastore.tables import (
    CREATED_AT_INDEX,
    EMAIL_DOMAIN_INDEX,
    GSI1,
    KV_STORAGE_DATA,
    OIDC_STATE,
    OWNER_STATUS_INDEX,
    QUOTA_EVENTS,
    SESSION_LOOKUP_INDEX,
    SESSIONS_METADATA,
    TIER_LOOKUP_INDEX,
    USER_QUOTAS,
    USER_TIMESTAMP_INDEX,
    Index,
    Table,
)

_BEHIND_SEPARATOR = "$"  # the character after '#': "2026$" lies behind all that goes on as "2026#"


class PrimaryKey(NamedTuple):
    """PK and SK of one item of a table."""

    pk: str
    sk: str
    table: Table = KV_STORAGE_DATA

    def attributes(self) -> dict[str, str]:
        return {"PK": self.pk, "SK": self.sk}


@dataclass(frozen=True)
class KeyRange:
    """One partition of a table or index, narrowed to the sort keys that begin with `prefix` and lie `between` two.

    Both ends of `between` are included, and begin with `prefix` themselves.
    """

    index: Index | None
    pk: str
    prefix: str
    table: Table = KV_STORAGE_DATA
    between: tuple[str, str] | None = None

    @property
    def partition_key(self) -> str:
        return self.index.partition_key if self.index else "PK"

    @property
    def sort_key(self) -> str:
        return self.index.sort_key if self.index else "SK"

    def holds(self, sort_key: str) -> bool:
        """Whether an item with this sort key is in the range."""
        if self.between and not self.between[0] <= sort_key <= self.between[1]:
            return False
        return sort_key.startswith(self.prefix)


@dataclass(frozen=True)
class Row:
    """One access pattern. `actions` are DynamoDB's; templates are written as stored.

    `narrowed`: the condition by which a Query narrows the sort key, where that is not known whole.
    """

    serves: str
    table: Table
    index: Index | None
    partition: str
    sort: str
    actions: str
    narrowed: str = "begins_with"


class AccessPattern(Row, Enum):
    """VERB_NOUN, in the order of the seed's six, then by item.

    A Query narrows its sort key to what stands before the first placeholder, or to a prefix of the placeholder's value,
    or to what lies between two values of it.
    """

    # fmt: off
    #                      serves                                        table              index                 partition key      sort key                            actions
    GET_USER             = "Query.user, Query.me",                       KV_STORAGE_DATA,   None,                 "USER#{user_id}",  "METADATA",                         "GetItem PutItem UpdateItem DeleteItem BatchGetItem ConditionCheckItem"
    GET_USER_BY_API_KEY  = "Query.userByApiKey",                         KV_STORAGE_DATA,   GSI1,                 "APIKEY#{digest}", "METADATA",                         "Query"
    LIST_NAMESPACES      = "Query.namespaces, User.namespaces",          KV_STORAGE_DATA,   None,                 "USER#{user_id}",  "NS#{namespace}",                   "Query"
    GET_NAMESPACE        = "Query.namespace, updateNamespace",           KV_STORAGE_DATA,   None,                 "NS#{namespace}",  "METADATA",                         "GetItem PutItem UpdateItem DeleteItem BatchGetItem ConditionCheckItem"
    GET_KEY              = "Query.key, putKey, deleteKey",               KV_STORAGE_DATA,   None,                 "NS#{namespace}",  "KEY#{key}",                        "GetItem PutItem UpdateItem DeleteItem BatchGetItem BatchWriteItem ConditionCheckItem"
    LIST_KEYS            = "Query.keys, Namespace.keys",                 KV_STORAGE_DATA,   GSI1,                 "NS#{namespace}",  "KEY#{key}",                        "Query"
    LIST_KEYS_CONSISTENT = "Query.keys(consistent: true)",               KV_STORAGE_DATA,   None,                 "NS#{namespace}",  "KEY#{key}",                        "Query"
    GET_GRANT            = "authorisation in a namespace",               KV_STORAGE_DATA,   None,                 "USER#{user_id}",  "NS#{namespace}",                   "GetItem PutItem UpdateItem DeleteItem BatchGetItem ConditionCheckItem"
    GET_MEMBER           = "shareNamespace, unshareNamespace",           KV_STORAGE_DATA,   None,                 "NS#{namespace}",  "MEMBER#{user_id}",                 "PutItem DeleteItem BatchGetItem BatchWriteItem"
    LIST_MEMBERS         = "Namespace.members, deletion of a namespace", KV_STORAGE_DATA,   None,                 "NS#{namespace}",  "MEMBER#{user_id}",                 "Query"
    LIST_EVERYTHING      = "deletion of a namespace",                    KV_STORAGE_DATA,   None,                 "NS#{namespace}",  "",                                 "Query"
    LIST_BY_STATUS       = "users(status)",                              KV_STORAGE_DATA,   OWNER_STATUS_INDEX,   "STATUS#{status}", "OWNER#{user_id}",                  "Query"
    LIST_GOING           = "deletion of a namespace",                    KV_STORAGE_DATA,   OWNER_STATUS_INDEX,   "STATUS#{status}", "OWNER#{user_id}#NS#{namespace}",   "Query"
    GET_API_KEY          = "authentication, createApiKey, revokeApiKey", KV_STORAGE_DATA,   None,                 "APIKEY#{digest}", "METADATA",                         "GetItem PutItem UpdateItem DeleteItem BatchGetItem"
    LIST_API_KEYS        = "User.apiKeys",                               KV_STORAGE_DATA,   GSI1,                 "USER#{user_id}",  "APIKEY#{created_at}#{digest}",     "Query"
    CLAIM_EMAIL          = "signUp, login, updateMe, shareNamespace",    KV_STORAGE_DATA,   None,                 "EMAIL#{email}",   "METADATA",                         "GetItem PutItem DeleteItem"
    LIST_BY_EMAIL_DOMAIN = "users(emailDomain)",                         KV_STORAGE_DATA,   EMAIL_DOMAIN_INDEX,   "DOMAIN#{domain}", "EMAIL#{email}",                    "Query"
    LIST_BY_CREATED_AT   = "users(createdFrom, createdTo)",              KV_STORAGE_DATA,   CREATED_AT_INDEX,     "USERS#{month}",   "TIMESTAMP#{created_at}#{user_id}", "Query", "between"
    GET_SIGN_ON          = "startOidcLogin, completeOidcLogin",          OIDC_STATE,        None,                 "STATE#{digest}",  "METADATA",                         "PutItem UpdateItem DeleteItem"
    GET_SUBJECT          = "completeOidcLogin, access tokens",           KV_STORAGE_DATA,   None,                 "OIDC#{digest}",   "METADATA",                         "GetItem PutItem DeleteItem ConditionCheckItem"
    GET_LINK             = "completeOidcLogin, deleteMe",                KV_STORAGE_DATA,   None,                 "USER#{user_id}",  "OIDC#{digest}",                    "PutItem DeleteItem"
    LIST_LINKS           = "deletion of an account",                     KV_STORAGE_DATA,   None,                 "USER#{user_id}",  "OIDC#{digest}",                    "Query"
    LIST_ACCOUNT         = "deletion of an account",                     KV_STORAGE_DATA,   None,                 "USER#{user_id}",  "",                                 "Query"
    GET_REPLAY           = "idempotencyKey",                             KV_STORAGE_DATA,   None,                 "USER#{user_id}",  "IDEMPOTENCY#{digest}",             "GetItem PutItem"
    GET_CONFIG           = "Query.config, updateConfig",                 KV_STORAGE_DATA,   None,                 "CONFIG",          "CONFIG",                           "GetItem PutItem BatchGetItem"
    GET_ROLE             = "putRole, setUserRole",                       KV_STORAGE_DATA,   None,                 "ROLE#{role}",     "METADATA",                         "GetItem PutItem BatchGetItem"
    LIST_ROLES           = "authorisation, Query.roles",                 KV_STORAGE_DATA,   GSI1,                 "ROLES",           "ROLE#{role}",                      "Query"
    GET_TIER             = "authorisation, Query.tiers",                 USER_QUOTAS,       None,                 "QUOTA#{tier}",    "METADATA",                         "BatchGetItem"
    GET_MESSAGE          = "what users are told, markMessageRead",       KV_STORAGE_DATA,   None,                 "USER#{user_id}",  "MESSAGE#{ulid}",                   "PutItem UpdateItem"
    LIST_MESSAGES        = "User.messages",                              KV_STORAGE_DATA,   None,                 "USER#{user_id}",  "MESSAGE#{ulid}",                   "Query"
    ADD_AUDIT_EVENT      = "changes of credentials, roles, shares",      KV_STORAGE_DATA,   None,                 "USER#{user_id}",  "TIMESTAMP#{created_at}#{ulid}",    "PutItem"
    LIST_AUDIT_EVENTS    = "User.auditEvents",                           KV_STORAGE_DATA,   None,                 "USER#{user_id}",  "TIMESTAMP#{created_at}#{ulid}",    "Query", "between"
    GET_SESSION          = "authentication, login, logout",              SESSIONS_METADATA, None,                 "USER#{user_id}",  "SESSION#{digest}",                 "GetItem PutItem UpdateItem DeleteItem"
    LIST_SESSIONS        = "User.sessions",                              SESSIONS_METADATA, USER_TIMESTAMP_INDEX, "USER#{user_id}",  "TIMESTAMP#{created_at}",           "Query"
    LIST_OWN_SESSIONS    = "updateMe",                                   SESSIONS_METADATA, None,                 "USER#{user_id}",  "SESSION#{digest}",                 "Query"
    LOOK_UP_SESSION      = "revokeSession by an administrator",          SESSIONS_METADATA, SESSION_LOOKUP_INDEX, "SESSION#{digest}", "METADATA",                        "Query"
    GET_ASSIGNMENT       = "setUserPlan, createNamespace",              USER_QUOTAS,       None,                 "USER#{user_id}",  "QUOTA#monthly",                    "GetItem PutItem UpdateItem BatchGetItem"
    LIST_BY_TIER         = "users(plan)",                               USER_QUOTAS,       TIER_LOOKUP_INDEX,    "TIER#{tier}",     "USER#{user_id}",                   "Query"
    ADD_USAGE            = "metering of requests",                      USER_QUOTAS,       None,                 "USER#{user_id}",  "QUOTA#{month}#{shard}",            "UpdateItem"
    LIST_USAGE           = "User.quota, limits of a month",             USER_QUOTAS,       None,                 "USER#{user_id}",  "QUOTA#{month}#{shard}",            "Query"
    ADD_STORAGE          = "metering of keys and bytes",                USER_QUOTAS,       None,                 "USER#{user_id}",  "QUOTA#storage#{namespace}",        "UpdateItem DeleteItem"
    ADD_QUOTA_EVENT      = "setUserPlan, 80 % and 100 % of a quota",     QUOTA_EVENTS,      None,                 "USER#{user_id}",  "TIMESTAMP#{created_at}#{ulid}",    "PutItem"
    LIST_STORAGE         = "User.quota, limits of storage",             USER_QUOTAS,       None,                 "USER#{user_id}",  "QUOTA#storage#{namespace}",        "Query"
    LIST_QUOTA_ITEMS     = "deletion of an account",                     USER_QUOTAS,       None,                 "USER#{user_id}",  "",                                 "Query"
    DELETE_QUOTA_EVENT   = "deletion of an account",                     QUOTA_EVENTS,      None,                 "USER#{user_id}",  "TIMESTAMP#{created_at}#{ulid}",    "DeleteItem"
    LIST_QUOTA_EVENTS    = "deletion of an account",                     QUOTA_EVENTS,      None,                 "USER#{user_id}",  "",                                 "Query"
    # fmt: on

    def key(self, grant: Grant | None = None, **parts: str) -> PrimaryKey:
        """The item's primary key. A key under NS# takes its namespace from a Grant and from nothing else."""
        return PrimaryKey(self._partition(grant, parts), fill(self.sort, parts), self.table)

    def entry(self, grant: Grant | None = None, **parts: str) -> dict[str, str]:
        """The two index attributes that make an item appear in this pattern's index."""
        assert self.index is not None, f"{self.name} is served by the table itself"  # noqa: S101
        return {
            self.index.partition_key: self._partition(grant, parts),
            self.index.sort_key: fill(self.sort, parts),
        }

    def range(self, grant: Grant | None = None, *, prefix: str = "", **parts: str) -> KeyRange:
        """All items of the partition whose sort key goes on with `prefix`."""
        if prefix:
            check_prefix(prefix)
        return KeyRange(self.index, self._partition(grant, parts), split_template(self.sort)[0] + prefix, self.table)

    def between(self, grant: Grant | None = None, *, low: str, high: str, **parts: str) -> KeyRange:
        """All items of the partition whose sort key's first part lies between the two, both included."""
        assert self.narrowed == "between", f"{self.name} is narrowed by {self.narrowed}"  # noqa: S101
        first = self.sort.partition("}")[0] + "}"
        ends = [
            fill(first, dict.fromkeys([name for name, _ in split_template(first)[1]], text)) for text in (low, high)
        ]
        return replace(self.range(grant, **parts), between=(ends[0], ends[1] + _BEHIND_SEPARATOR))

    def since(self, grant: Grant | None = None, *, low: str, **parts: str) -> KeyRange:
        """All items of the partition from this first part on, whatever follows what the sort key begins with."""
        whole = self.range(grant, **parts)
        return replace(whole, between=(whole.prefix + low, whole.prefix[:-1] + _BEHIND_SEPARATOR))

    def _partition(self, grant: Grant | None, parts: dict[str, str]) -> str:
        if self.partition.startswith("NS#"):
            if not isinstance(grant, Grant):
                raise TypeError(f"{self.name} builds a key under NS#, which takes a Grant")
            return _namespace_partition(self.partition, grant.namespace)
        return fill(self.partition, parts)


@lru_cache(10_000)
def _namespace_partition(template: str, namespace: str) -> str:
    """Each operation on a key has one, and some have two."""
    return fill(template, {"namespace": namespace})

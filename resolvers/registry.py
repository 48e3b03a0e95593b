"""Every field that has a resolver, and who may call it. A test holds this table against the schema."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import ModuleType

from resolvers.access import Rule, Who
from resolvers.mutation import (
    batch_delete_keys,
    batch_put_keys,
    complete_oidc_login,
    create_api_key,
    create_namespace,
    delete_key,
    delete_me,
    delete_namespace,
    increment_key,
    login,
    logout,
    mark_message_read,
    put_key,
    put_role,
    put_tier,
    revoke_api_key,
    revoke_session,
    set_user_plan,
    set_user_role,
    set_user_status,
    share_namespace,
    sign_up,
    start_oidc_login,
    touch_key,
    transact_keys,
    unshare_namespace,
    update_config,
    update_me,
    update_namespace,
)
from resolvers.namespace import key as namespace_key
from resolvers.namespace import keys as namespace_keys
from resolvers.namespace import members
from resolvers.permissions import Permission
from resolvers.query import (
    config,
    key,
    keys,
    keys_by_name,
    me,
    namespace,
    namespaces,
    roles,
    tiers,
    user,
    user_by_api_key,
    users,
)
from resolvers.user import api_keys, audit_events, messages, quota, sessions
from resolvers.user import namespaces as user_namespaces


@dataclass(frozen=True)
class Field:
    """A field's resolver and its rule."""

    resolver: ModuleType
    rule: Rule


_USER = Rule(Who.SELF_OR_PERMITTED, "user_id", Permission.USERS_READ)
_OF_USER = Rule(Who.SELF_OR_PERMITTED, "source", Permission.USERS_READ)
_UPDATE_CONFIG = Rule(Who.PERMITTED, permission=Permission.CONFIG_WRITE, while_read_only=True)
_SHARING = Rule(Who.OWNER, "namespace", needs_admin_scope=True)

# fmt: off
FIELDS: Mapping[str, Field] = {
    "Query.me":                  Field(me,                Rule(Who.SIGNED_IN)),
    "Query.user":                Field(user,              _USER),
    "Query.userByApiKey":        Field(user_by_api_key,   Rule(Who.PERMITTED, permission=Permission.USERS_READ)),
    "Query.users":               Field(users,             Rule(Who.PERMITTED, permission=Permission.USERS_READ)),
    "Query.config":              Field(config,            Rule(Who.SIGNED_IN)),
    "Query.roles":               Field(roles,             Rule(Who.SIGNED_IN)),
    "Query.tiers":              Field(tiers,             Rule(Who.SIGNED_IN)),
    "Query.namespaces":          Field(namespaces,        Rule(Who.SIGNED_IN, narrowed=True)),
    "Query.namespace":           Field(namespace,         Rule(Who.VIEWER, "namespace", lenient=True, ahead=True)),
    "Query.key":                 Field(key,               Rule(Who.VIEWER, "namespace", ahead=True)),
    "Query.keys":                Field(keys,              Rule(Who.VIEWER, "namespace")),
    "Query.keysByName":          Field(keys_by_name,      Rule(Who.VIEWER, "namespace")),
    "User.namespaces":           Field(user_namespaces,   _OF_USER),
    "User.apiKeys":              Field(api_keys,          _OF_USER),
    "User.messages":             Field(messages,          Rule(Who.SELF, "source")),
    "User.auditEvents":          Field(audit_events,      Rule(Who.SELF_OR_PERMITTED, "source", Permission.AUDIT_READ)),
    "User.sessions":             Field(sessions,          _OF_USER),
    "User.quota":               Field(quota,             _OF_USER),
    "Namespace.key":             Field(namespace_key,     Rule(Who.VIEWER, "source")),
    "Namespace.keys":            Field(namespace_keys,    Rule(Who.VIEWER, "source")),
    "Namespace.members":         Field(members,           Rule(Who.VIEWER, "source", lenient=True)),
    "Mutation.signUp":           Field(sign_up,           Rule(Who.ANYONE)),
    "Mutation.login":           Field(login,             Rule(Who.ANYONE)),
    "Mutation.logout":          Field(logout,            Rule(Who.SIGNED_IN)),
    "Mutation.revokeSession":   Field(revoke_session,    Rule(Who.SIGNED_IN, needs_admin_scope=True)),
    "Mutation.updateMe":        Field(update_me,         Rule(Who.SIGNED_IN, needs_admin_scope=True)),
    "Mutation.startOidcLogin":   Field(start_oidc_login,    Rule(Who.ANYONE)),
    "Mutation.completeOidcLogin": Field(complete_oidc_login, Rule(Who.ANYONE)),
    "Mutation.deleteMe":         Field(delete_me,         Rule(Who.SIGNED_IN, needs_admin_scope=True)),
    "Mutation.createApiKey":     Field(create_api_key,    Rule(Who.SIGNED_IN, needs_admin_scope=True)),
    "Mutation.revokeApiKey":     Field(revoke_api_key,    Rule(Who.SIGNED_IN, needs_admin_scope=True)),
    "Mutation.markMessageRead":  Field(mark_message_read, Rule(Who.SIGNED_IN)),
    "Mutation.setUserStatus":    Field(set_user_status,   Rule(Who.PERMITTED, permission=Permission.USERS_WRITE)),
    "Mutation.setUserPlan":     Field(set_user_plan,     Rule(Who.PERMITTED, permission=Permission.USERS_WRITE)),
    "Mutation.putTier":         Field(put_tier,          Rule(Who.PERMITTED, permission=Permission.TIERS_WRITE)),
    "Mutation.updateConfig":     Field(update_config,     _UPDATE_CONFIG),
    "Mutation.putRole":          Field(put_role,          Rule(Who.PERMITTED, permission=Permission.ROLES_WRITE)),
    "Mutation.setUserRole":      Field(set_user_role,     Rule(Who.PERMITTED, permission=Permission.ROLES_WRITE)),
    "Mutation.createNamespace":  Field(create_namespace,  Rule(Who.SIGNED_IN)),
    "Mutation.updateNamespace":  Field(update_namespace,  Rule(Who.OWNER, "namespace")),
    "Mutation.deleteNamespace":  Field(delete_namespace,  Rule(Who.OWNER, "namespace", lenient=True)),
    "Mutation.shareNamespace":   Field(share_namespace,   _SHARING),
    "Mutation.unshareNamespace": Field(unshare_namespace, replace(_SHARING, or_self="user_id")),
    "Mutation.putKey":           Field(put_key,           Rule(Who.EDITOR, "put.namespace")),
    "Mutation.deleteKey":        Field(delete_key,        Rule(Who.EDITOR, "delete.namespace")),
    "Mutation.incrementKey":     Field(increment_key,     Rule(Who.EDITOR, "increment.namespace")),
    "Mutation.touchKey":         Field(touch_key,         Rule(Who.EDITOR, "namespace")),
    "Mutation.batchPutKeys":     Field(batch_put_keys,    Rule(Who.EDITOR, "puts[].namespace")),
    "Mutation.batchDeleteKeys":  Field(batch_delete_keys, Rule(Who.EDITOR, "namespace")),
    "Mutation.transactKeys":     Field(transact_keys,     Rule(Who.EDITOR, "writes[].namespace")),
}
# fmt: on

OPEN_FIELDS = frozenset(path for path, field in FIELDS.items() if field.rule.who is Who.ANYONE)
CREDENTIAL_FIELDS = frozenset(
    {
        "Mutation.signUp",
        "Mutation.login",
        "Mutation.startOidcLogin",
        "Mutation.completeOidcLogin",
        "Mutation.updateMe",
        "Mutation.deleteMe",
    }
)

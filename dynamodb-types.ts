// The items of the tables, one interface for each kind. Made by `make types`: do not edit.
// An attribute that can be absent is optional; times are ISO 8601, except ttl and what ends in epoch seconds.

export interface UserEntity {
  PK: `USER#${string}`;
  SK: 'METADATA';
  entityType: 'USER';
  createdAt: string;
  updatedAt: string;
  GSI1PK?: `APIKEY#${string}`;
  GSI1SK?: 'METADATA';
  GSI2PK?: `DOMAIN#${string}`;
  GSI2SK?: `EMAIL#${string}`;
  GSI3PK?: `USERS#${string}`;
  GSI3SK?: `TIMESTAMP#${string}#${string}`;
  GSI4PK?: `STATUS#${string}`;
  GSI4SK?: `OWNER#${string}`;
  userId: string;
  email?: string;
  passwordHash?: string;
  apiKey?: string;
  plan?: 'free' | 'pro' | 'scale';
  status?: 'ACTIVE' | 'SUSPENDED' | 'DELETING';
  role?: string;
  requestCount?: number;
  requestMonth?: string;
  storageBytes?: number;
  deletingSince?: number;
  leaseUntil?: number;
  sessionEpoch?: string;
  writeId?: string;
}

export interface ApiKeyEntity {
  PK: `APIKEY#${string}`;
  SK: 'METADATA';
  entityType: 'APIKEY';
  createdAt: string;
  updatedAt: string;
  GSI1PK: `USER#${string}`;
  GSI1SK: `APIKEY#${string}#${string}`;
  apiKeyId: string;
  userId: string;
  name: string;
  prefix: string;
  scopes: string[];
  lastUsedAt?: string;
  expiresAt?: number;
  ttl?: number;
}

export interface GrantEntity {
  PK: `USER#${string}`;
  SK: `NS#${string}`;
  entityType: 'NAMESPACE';
  createdAt: string;
  updatedAt: string;
  namespace: string;
  userId: string;
  ownerId?: string;
  role: 'VIEWER' | 'EDITOR' | 'OWNER';
  status?: 'ACTIVE' | 'DELETING';
}

export interface NamespaceEntity {
  PK: `NS#${string}`;
  SK: 'METADATA';
  entityType: 'NAMESPACE';
  createdAt: string;
  updatedAt: string;
  GSI4PK?: `STATUS#${string}`;
  GSI4SK?: string;
  namespace: string;
  ownerId: string;
  description?: string;
  status?: 'ACTIVE' | 'DELETING';
  deletingSince?: number;
  leaseUntil?: number;
  membersUntil?: number;
  writeId?: string;
}

export interface MemberEntity {
  PK: `NS#${string}`;
  SK: `MEMBER#${string}`;
  entityType: 'MEMBER';
  createdAt: string;
  updatedAt: string;
  userId: string;
  email?: string;
  role: 'VIEWER' | 'EDITOR' | 'OWNER';
}

export interface KeyEntity {
  PK: `NS#${string}`;
  SK: `KEY#${string}`;
  entityType: 'KEY';
  createdAt: string;
  updatedAt: string;
  GSI1PK?: `NS#${string}`;
  GSI1SK?: `KEY#${string}`;
  value?: any;
  ttl?: number;
  version?: number;
  writeId?: string;
}

export interface ReplayEntity {
  PK: `USER#${string}`;
  SK: `IDEMPOTENCY#${string}`;
  entityType: 'REPLAY';
  createdAt: string;
  updatedAt: string;
  payload: string;
  result: string[];
  ttl: number;
}

export interface SessionEntity {
  PK: `USER#${string}`;
  SK: `SESSION#${string}`;
  entityType: 'SESSION';
  createdAt: string;
  updatedAt: string;
  GSI1PK: `USER#${string}`;
  GSI1SK: `TIMESTAMP#${string}`;
  GSI2PK: `SESSION#${string}`;
  GSI2SK: 'METADATA';
  sessionId: string;
  userId: string;
  lastSeenAt: string;
  expiresAt: number;
  ttl: number;
  userAgent?: string;
  epoch?: string;
}

export interface AssignmentEntity {
  PK: `USER#${string}`;
  SK: 'QUOTA#monthly';
  entityType: 'ASSIGNMENT';
  createdAt: string;
  updatedAt: string;
  GSI1PK: `TIER#${string}`;
  GSI1SK: `USER#${string}`;
  userId: string;
  tier: 'free' | 'pro' | 'scale';
  namespaces?: number;
}

export interface UsageEntity {
  PK: `USER#${string}`;
  SK: `QUOTA#${string}#${string}`;
  entityType: 'USAGE';
  createdAt: string;
  updatedAt: string;
  userId: string;
  requestCount: number;
  flushed: number;
}

export interface StorageEntity {
  PK: `USER#${string}`;
  SK: `QUOTA#storage#${string}`;
  entityType: 'STORAGE';
  createdAt: string;
  updatedAt: string;
  userId: string;
  namespace: string;
  keys: number;
  storageBytes: number;
  expiring?: boolean;
  countedAt?: string;
}

export interface MessageEntity {
  PK: `USER#${string}`;
  SK: `MESSAGE#${string}`;
  entityType: 'MESSAGE';
  createdAt: string;
  updatedAt: string;
  messageId: string;
  userId: string;
  kind: string;
  subject: string;
  body: string;
  readAt?: string;
}

export interface AuditEventEntity {
  PK: `USER#${string}`;
  SK: `TIMESTAMP#${string}#${string}`;
  entityType: 'AUDIT';
  createdAt: string;
  updatedAt: string;
  userId: string;
  action: string;
  actorId?: string;
  target?: string;
  detail?: any;
}

export interface QuotaEventEntity {
  PK: `USER#${string}`;
  SK: `TIMESTAMP#${string}#${string}`;
  entityType: 'QUOTA_EVENT';
  createdAt: string;
  updatedAt: string;
  userId: string;
  kind: 'THRESHOLD_REACHED' | 'PLAN_CHANGED';
  ttl: number;
  resource?: 'requests' | 'storage';
  percent?: number;
  used?: number;
  allowed?: number;
  plan?: 'free' | 'pro' | 'scale';
  planBefore?: 'free' | 'pro' | 'scale';
}

export interface ConfigEntity {
  PK: 'CONFIG';
  SK: 'CONFIG';
  entityType: 'CONFIG';
  createdAt: string;
  updatedAt: string;
  signUpOpen?: boolean;
  defaultPlan?: 'free' | 'pro' | 'scale';
  readOnly?: boolean;
  writeId?: string;
}

export interface RoleEntity {
  PK: `ROLE#${string}`;
  SK: 'METADATA';
  entityType: 'ROLE';
  createdAt: string;
  updatedAt: string;
  GSI1PK: 'ROLES';
  GSI1SK: `ROLE#${string}`;
  role: string;
  permissions: string[];
  description?: string;
  writeId?: string;
}

export interface TierEntity {
  PK: `QUOTA#${string}`;
  SK: 'METADATA';
  entityType: 'TIER';
  createdAt: string;
  updatedAt: string;
  tier: 'free' | 'pro' | 'scale';
  maxNamespaces: number;
  maxKeysPerNamespace?: number;
  maxStorageBytes: number;
  maxValueBytes: number;
  requestsPerMonth: number;
  requestsPerSecond: number;
  writeId?: string;
}

export interface SignOnEntity {
  PK: `STATE#${string}`;
  SK: 'METADATA';
  entityType: 'SIGN_ON';
  createdAt: string;
  updatedAt: string;
  redirectUri: string;
  verifier: string;
  nonce: string;
  challenge?: string;
  userId?: string;
  claimedBy?: string;
  expiresAt: number;
}

export interface SubjectEntity {
  PK: `OIDC#${string}`;
  SK: 'METADATA';
  entityType: 'SUBJECT';
  createdAt: string;
  updatedAt: string;
  issuer: string;
  subject: string;
  userId: string;
}

export interface LinkEntity {
  PK: `USER#${string}`;
  SK: `OIDC#${string}`;
  entityType: 'LINK';
  createdAt: string;
  updatedAt: string;
  issuer: string;
  userId: string;
}

export type Item = UserEntity | ApiKeyEntity | GrantEntity | NamespaceEntity | MemberEntity | KeyEntity | ReplayEntity | SessionEntity | AssignmentEntity | UsageEntity | StorageEntity | MessageEntity | AuditEventEntity | QuotaEventEntity | ConfigEntity | RoleEntity | TierEntity | SignOnEntity | SubjectEntity | LinkEntity;

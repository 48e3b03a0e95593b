// What an author of a Lambda function writes against dynamodb-types.ts; checked by tsc, run by nothing.
import type { GrantEntity, Item, KeyEntity, UserEntity } from '../../dynamodb-types';

const user: UserEntity = {
  PK: 'USER#user123',
  SK: 'METADATA',
  entityType: 'USER',
  userId: 'user123',
  email: 'test@example.com',
  apiKey: 'abc123...',
  plan: 'free',
  createdAt: '2024-01-01T00:00:00Z',
  updatedAt: '2024-01-01T00:00:00Z',
};

const key: KeyEntity = {
  PK: 'NS#myapp',
  SK: 'KEY#user:123',
  GSI1PK: 'NS#myapp',
  GSI1SK: 'KEY#user:123',
  entityType: 'KEY',
  value: { name: 'John', email: 'john@example.com' },
  createdAt: '2024-01-01T00:00:00Z',
  updatedAt: '2024-01-01T00:00:00Z',
};

// @ts-expect-error: a partition key of a user begins with USER#
const wrongKey: UserEntity = { ...user, PK: 'NS#myapp' };

// @ts-expect-error: there is no such plan
const wrongPlan: UserEntity = { ...user, plan: 'gold' };

// @ts-expect-error: updatedAt is required
const unfinished: KeyEntity = { PK: 'NS#myapp', SK: 'KEY#a', entityType: 'KEY', createdAt: '2024-01-01T00:00:00Z' };

// entityType tells the kinds of items apart, for the compiler too
export function title(item: Item): string {
  switch (item.entityType) {
    case 'USER':
      return item.userId;
    case 'KEY':
      return `${item.SK} expires ${item.ttl ?? 'never'}`;
    default:
      return item.PK;
  }
}

export const all: Item[] = [user, key, wrongKey, wrongPlan, unfinished];
export const namespaceOf = (grant: GrantEntity): `NS#${string}` => grant.SK;

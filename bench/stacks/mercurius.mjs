// Mercurius with its compiler on, and the AWS SDK v3 document client, as their documentation shows them.
import { createHash } from 'node:crypto'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import Fastify from 'fastify'
import { GraphQLScalarType, Kind } from 'graphql'
import mercurius from 'mercurius'

const TableName = 'kv-storage-data'
const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint: process.env.BENCH_ENDPOINT }))

const schema = `
  scalar AWSJSON
  scalar AWSTimestamp
  type Key {
    namespace: ID! key: String! value: AWSJSON ttl: AWSTimestamp version: Int! size: Int!
    createdAt: String! updatedAt: String!
  }
  type KeyConnection { items: [Key!]! nextToken: String }
  input PutKeyInput { namespace: ID! key: String! value: AWSJSON! ttl: AWSTimestamp }
  type Query {
    key(namespace: ID!, key: String!): Key
    keys(namespace: ID!, prefix: String, limit: Int): KeyConnection!
  }
  type Mutation { putKey(input: PutKeyInput!): Key! }
`

const address = (namespace, key) => ({ PK: `NS#${namespace}`, SK: `KEY#${key}` })

const shown = (item) => ({ ...item, namespace: item.PK.slice('NS#'.length), key: item.SK.slice('KEY#'.length) })

const resolvers = {
  AWSJSON: new GraphQLScalarType({
    name: 'AWSJSON',
    serialize: (value) => JSON.stringify(value),
    parseValue: (text) => JSON.parse(text),
    parseLiteral: (node) => (node.kind === Kind.STRING ? JSON.parse(node.value) : undefined)
  }),
  AWSTimestamp: new GraphQLScalarType({ name: 'AWSTimestamp', serialize: Number, parseValue: Number }),
  Query: {
    async key (_, { namespace, key }) {
      const { Item } = await dynamo.send(new GetCommand({ TableName, Key: address(namespace, key) }))
      return Item ? shown(Item) : null
    },
    async keys (_, { namespace, prefix, limit }) {
      const page = await dynamo.send(new QueryCommand({
        TableName,
        IndexName: 'GSI1',
        KeyConditionExpression: 'GSI1PK = :partition AND begins_with(GSI1SK, :prefix)',
        ExpressionAttributeValues: { ':partition': `NS#${namespace}`, ':prefix': `KEY#${prefix ?? ''}` },
        Limit: limit ?? 50
      }))
      return {
        items: page.Items.map(shown),
        nextToken: page.LastEvaluatedKey ? JSON.stringify(page.LastEvaluatedKey) : null
      }
    }
  },
  Mutation: {
    async putKey (_, { input }) {
      const Key = address(input.namespace, input.key)
      const { Attributes } = await dynamo.send(new UpdateCommand({
        TableName,
        Key,
        UpdateExpression: 'SET #value = :value, #ttl = :ttl, updatedAt = :now, ' +
          'createdAt = if_not_exists(createdAt, :now), entityType = :type, GSI1PK = :partition, GSI1SK = :sort ' +
          'ADD version :one',
        ExpressionAttributeNames: { '#value': 'value', '#ttl': 'ttl' },
        ExpressionAttributeValues: {
          ':value': input.value,
          ':ttl': input.ttl,
          ':now': new Date().toISOString(),
          ':type': 'KEY',
          ':partition': Key.PK,
          ':sort': Key.SK,
          ':one': 1
        },
        ReturnValues: 'ALL_NEW'
      }))
      return shown(Attributes)
    }
  }
}

const known = new Map()

async function authenticate (request) {
  const digest = createHash('sha256').update(request.headers['x-api-key'] ?? '').digest('hex')
  const remembered = known.get(digest)
  if (remembered?.until > Date.now()) return remembered
  const Key = { PK: `APIKEY#${digest}`, SK: 'METADATA' }
  const { Item } = await dynamo.send(new GetCommand({ TableName, Key, ConsistentRead: true }))
  if (!Item) throw new mercurius.ErrorWithProps('User is not authenticated')
  const identity = { userId: Item.userId, until: Date.now() + 1000 * process.env.BENCH_IDENTITY_SECONDS }
  known.set(digest, identity)
  return identity
}

const app = Fastify()
app.register(mercurius, { schema, resolvers, jit: 1, context: authenticate })
await app.listen({ port: Number(process.argv[2]) })

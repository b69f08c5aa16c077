import type { Static, TSchema } from 'typebox'

interface JsonResponseOptions<Schema extends TSchema> {
  description: string
  /** A whole body, as it may come. */
  example: Static<Schema>
}

/** The `response` part of a route's schema for a JSON body. */
export function jsonResponse<Schema extends TSchema>(
  schema: Schema,
  { description, example }: JsonResponseOptions<Schema>,
) {
  return { description, content: { 'application/json': { schema, examples: { example: { value: example } } } } }
}

import fastJsonStringify, { type Schema } from 'fast-json-stringify'
import fp from 'fastify-plugin'
import { oncePerObject } from '../lib/once-per-object.js'

/** One for all apps of this process: what another has answered with before need not be compiled again. */
const serializerOf = oncePerObject((schema: Schema) => fastJsonStringify(schema))

/** Writes replies by their schemas as Fastify does by default, whatever compiler a surrounding app has set. */
export default fp(
  async (app) => {
    app.setSerializerCompiler<Schema>(({ schema }) => serializerOf(schema))
  },
  { name: 'facemetric-serialization', fastify: '5.x' },
)

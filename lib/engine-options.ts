import { type TSchema, Type } from 'typebox'
import { ConfigSchema } from './config-schema.js'
import { wrongValues } from './wrong-values.js'

const { engine, preset, precision, maxPixels, falseMatchRate, samePhoto, minQuality, queue, timeout, workerMemory } =
  ConfigSchema.properties

/** What an engine is made with: the limits are those of the settings. */
const ENGINE_OPTIONS = Type.Partial(
  Type.Object({
    runtime: engine,
    preset,
    precision,
    maxPixels,
    falseMatchRate,
    samePhoto,
    minQuality,
    threshold: Type.Number(),
    threads: Type.Integer({ minimum: 1 }),
    warmUp: Type.Boolean(),
  }),
)
const POOL_OPTIONS = Type.Partial(
  Type.Object({
    ...ENGINE_OPTIONS.properties,
    workers: Type.Integer({ minimum: 1 }),
    queue,
    timeout,
    workerMemory,
    onEvent: Type.Unknown(),
  }),
)

/** @throws RangeError that names the option, with what is accepted and what was given */
export function checkEngineOptions(options: object): void {
  check(ENGINE_OPTIONS, options)
}

/** As `checkEngineOptions`, for an engine with inference processes. */
export function checkPoolOptions(options: object): void {
  check(POOL_OPTIONS, options)
}

function check(schema: TSchema & { properties: Record<string, TSchema> }, options: object): void {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const unknown = Object.keys(given).filter((name) => !(name in schema.properties))
  if (unknown.length > 0) {
    const known = Object.keys(schema.properties).join(', ')
    throw new RangeError(`there is no option ${unknown.join(', ')}; there are ${known}`)
  }
  const wrong = wrongValues(schema, given).map(
    ({ name, expected }) => `the option ${name} ${expected}; got ${JSON.stringify(given[name])}`,
  )
  if (wrong.length > 0) throw new RangeError(wrong.join('. '))
}

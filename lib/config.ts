import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { ConfigSchema } from './config-schema.js'
import { wrongValues } from './wrong-values.js'

/** The settings of a service, all of them with a value. */
export type Config = Static<typeof ConfigSchema>

/** A value that is `writeOnly` is a secret: it is never shown. */
type SettingSchema = TSchema & { title?: string; description?: string; type?: string; writeOnly?: boolean }

/** The schema of each setting by its name in Config. */
const SETTINGS = new Map<string, SettingSchema>(Object.entries(ConfigSchema.properties))

/**
 * The settings that `given` holds, completed with the defaults.
 * @throws Error that names each setting that is wrong or that there is none of, what is expected and what was given
 */
export function completeConfig(given: Readonly<Record<string, unknown>> = {}): Config {
  const unknown = Object.keys(given).filter((name) => !SETTINGS.has(name))
  if (unknown.length > 0) throw new Error(`There is no setting ${unknown.join(', ')}`)
  const config = Value.Default(ConfigSchema, { ...given })
  if (Value.Check(ConfigSchema, config)) return config
  const wrong = wrongValues(ConfigSchema, config).map(({ name, expected }) => {
    const { title = name, description, writeOnly } = SETTINGS.get(name) ?? {}
    const got = writeOnly ? '' : `; got ${JSON.stringify(given[name])}`
    return `${title} ${expected}${got} (${description})`
  })
  throw new Error(`Wrong setting: ${wrong.join('. ')}`)
}

/**
 * Reads the settings from environment variables. An empty variable counts as absent.
 * @throws Error that names each variable that is wrong, what is expected and what was given
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given: Record<string, unknown> = {}
  for (const [name, { title = '', type }] of SETTINGS) {
    const text = env[title]?.trim()
    const number = type === 'string' ? Number.NaN : Number(text)
    if (text) given[name] = Number.isNaN(number) ? text : number
  }
  return completeConfig(given)
}

/** Variables that look like settings and are none: most likely misspelt. */
export function unknownSettings(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set([...SETTINGS.values()].map(({ title }) => title))
  // Kubernetes sets FACEMETRIC_SERVICE_... and FACEMETRIC_PORT... beside a Service of that name.
  const fromKubernetes = /^FACEMETRIC_(SERVICE|PORT)(_|$)/
  return Object.keys(env).filter((name) => /^FACEMETRIC_/.test(name) && !known.has(name) && !fromKubernetes.test(name))
}

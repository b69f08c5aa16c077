import type { TSchema } from 'typebox'
import { ConfigSchema } from './config-schema.js'

/** A setting in words, for tables and help. */
export interface SettingDescription {
  /** The environment variable. */
  readonly name: string
  readonly description: string
  /** The default; undefined where there is none. */
  readonly value?: unknown
  /** What takes the place of the default's value where that depends on the machine or on other settings, or there is none. */
  readonly byDefault?: string
  /** The values that are accepted: each of `choices`, or what `accepts` says. */
  readonly choices?: readonly string[]
  readonly accepts: string
  /** Whether it is one of those that most people set. */
  readonly common: boolean
}

/** What the schema of a setting may say besides what JSON Schema knows: `byDefault`, `accepts` and `common`, as above. */
type SettingSchema = TSchema & {
  title?: string
  description?: string
  default?: unknown
  byDefault?: string
  accepts?: string
  common?: boolean
  enum?: readonly string[]
  minimum?: number
  exclusiveMinimum?: number
  maximum?: number
  type?: string
}

/** Every setting, in the order of the schema. */
export function describeSettings(): SettingDescription[] {
  const settings: SettingSchema[] = Object.values(ConfigSchema.properties)
  return settings.map((setting) => ({
    name: setting.title ?? '',
    description: setting.description ?? '',
    value: setting.default,
    byDefault: setting.byDefault ?? (setting.default === undefined ? 'none' : undefined),
    choices: setting.enum,
    accepts: setting.accepts ?? acceptedBy(setting),
    common: setting.common ?? false,
  }))
}

function acceptedBy({ type, enum: choices, minimum, exclusiveMinimum, maximum }: SettingSchema): string {
  if (choices) return choices.join(', ')
  if (type === 'string') return 'text'
  const least = minimum === undefined ? `above ${exclusiveMinimum}` : `from ${minimum}`
  const range = maximum === undefined ? least : `${least} to ${maximum}`
  return `${type === 'integer' ? 'whole number' : 'number'} ${range}`
}

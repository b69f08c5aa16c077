import fp from 'fastify-plugin'
import type { TObject } from 'typebox'
import { Compile } from 'typebox/compile'
import { oncePerObject } from '../lib/once-per-object.js'

/** One for all apps of this process: what another has checked before need not be compiled again. */
const validatorOf = oncePerObject((schema: TObject) => {
  const validator = Compile(schema)
  const fields = Object.entries(schema.properties)
  // Looked up once: TypeBox's own way to give defaults goes through the whole schema for every form.
  const defaults = fields.flatMap(([name, field]) => ('default' in field ? [[name, field.default]] : []))
  const numbers = fields.flatMap(([name, field]) => ('type' in field && field.type === 'number' ? [name] : []))
  return (form: Record<string, unknown>) => {
    const value = { ...Object.fromEntries(defaults), ...form }
    for (const name of numbers) if (name in value) value[name] = asNumber(value[name])
    return validator.Check(value) ? { value } : { error: validator.Errors(value) }
  }
})

/**
 * Checks forms with TypeBox itself, whatever a surrounding app checks its requests with. Text becomes a number where the
 * schema asks for one. (Ajv's own conversion would take the text Infinity for a number within any limits.)
 */
export default fp(
  async (app) => {
    app.setValidatorCompiler<TObject>(({ schema }) => validatorOf(schema))
  },
  { name: 'facemetric-validation', fastify: '5.x' },
)

/** As people write numbers; JavaScript would also read `0x1` and white space. */
const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i

function asNumber(text: unknown): unknown {
  return typeof text === 'string' && NUMBER.test(text) ? Number(text) : text
}

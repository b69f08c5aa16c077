import fp from 'fastify-plugin'
import type { TObject } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'

/**
 * Checks forms with TypeBox itself, whatever a surrounding app checks its requests with. Text becomes a number where the
 * schema asks for one. (Ajv's own conversion would take the text Infinity for a number within any limits.)
 */
export default fp(
  async (app) => {
    app.setValidatorCompiler<TObject>(({ schema }) => {
      const validator = Compile(schema)
      return (form: Record<string, unknown>) => {
        const value = Value.Default(schema, Object.fromEntries(withNumbers(form, schema)))
        return validator.Check(value) ? { value } : { error: validator.Errors(value) }
      }
    })
  },
  { name: 'facemetric-validation', fastify: '5.x' },
)

function withNumbers(form: Record<string, unknown>, { properties }: TObject): [string, unknown][] {
  return Object.entries(form).map(([name, text]) => {
    const schema = properties[name]
    const isNumber =
      schema && 'type' in schema && schema.type === 'number' && typeof text === 'string' && text.trim() !== ''
    return [name, isNumber && Number.isFinite(Number(text)) ? Number(text) : text]
  })
}

import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'

/** A property of an object that is not as its schema asks for. */
export interface WrongValue {
  readonly name: string
  /** What was expected, to follow the name: `must be >= 1`. */
  readonly expected: string
}

/**
 * Which properties of an object are wrong.
 * @param schema of the object; where a property's has `accepts`, that says in words what its pattern does
 */
export function wrongValues(schema: TSchema & { properties: Record<string, TSchema> }, value: unknown): WrongValue[] {
  return Value.Errors(schema, value).map(({ instancePath, keyword, message, params }) => {
    const name = instancePath.slice(1)
    const property: TSchema & { accepts?: string } = schema.properties[name] ?? {}
    if (keyword === 'pattern' && property.accepts !== undefined)
      return { name, expected: `must be ${property.accepts}` }
    const choices = 'allowedValues' in params ? `: ${[params.allowedValues].flat().join(', ')}` : ''
    return { name, expected: `${message}${choices}` }
  })
}

import { styleText } from 'node:util'

/** The looks there are in the output of commands. */
export type Look = 'bold' | 'dim' | 'green' | 'red' | 'yellow'

/** Gives a text a look, or leaves it as it is. */
export type Paint = (look: Look, text: string) => string

type Output = Pick<NodeJS.WriteStream, 'isTTY' | 'hasColors'>

/** The paint for an output: colours in a terminal that has them, and wherever FORCE_COLOR asks for them. */
export function paintFor(output: Output, env: NodeJS.ProcessEnv = process.env): Paint {
  if (!wantsColours(output, env)) return (_, text) => text
  return (look, text) => styleText(look, text, { validateStream: false })
}

/** As Node itself decides: FORCE_COLOR before NO_COLOR (https://no-color.org), an empty one counts as absent. */
function wantsColours(output: Output, env: NodeJS.ProcessEnv): boolean {
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  if (env.NO_COLOR) return false
  return output.isTTY && output.hasColors()
}

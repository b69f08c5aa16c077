import { getManyValues, none } from 'stream-chain/defs.js'
import { jsonParser, type Token } from 'stream-json/core/parser.js'
import { Problem } from '../problem.js'

/** Deeper nesting is nothing that a client of this service means. */
const MAX_DEPTH = 32

/** A value that is whole or begins or ends; of a string the next piece, of an object the next key. */
export type JsonToken = Token

/** Reads JSON that arrives in pieces as tokens. A string is never held as a whole, however long it is. */
export class JsonTokens {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true })
  readonly #parser = jsonParser({ streamKeys: false, packStrings: false, streamNumbers: false })
  #begun = false
  #depth = 0

  /** @throws Problem `malformed_json` */
  read(bytes: Uint8Array): JsonToken[] {
    const text = this.#decode(bytes)
    if (text === '') return []
    try {
      return this.#checked(valuesOf(this.#parser(text)))
    } catch (error) {
      if (error instanceof Problem) throw error
      const reason = error instanceof Error ? error.message : String(error)
      throw malformedJson(reason.replace(/^Parser (cannot parse input: )?/, ''))
    }
  }

  /** To be called when all has been read. @throws Problem `malformed_json` when it breaks off */
  end(): void {
    if (!this.#begun || this.#depth > 0) throw malformedJson('it breaks off')
  }

  #decode(bytes: Uint8Array): string {
    try {
      return this.#decoder.decode(bytes, { stream: true })
    } catch {
      throw malformedJson('it is not UTF-8')
    }
  }

  #checked(tokens: readonly Token[]): Token[] {
    if (tokens.length > 0) this.#begun = true
    for (const { name } of tokens) {
      if (name === 'startObject' || name === 'startArray') this.#depth++
      if (name === 'endObject' || name === 'endArray') this.#depth--
      if (this.#depth > MAX_DEPTH) throw malformedJson(`it is nested more than ${MAX_DEPTH} deep`)
    }
    return joinPieces(tokens)
  }
}

export function malformedJson(reason: string): Problem {
  return new Problem('malformed_json', `The JSON cannot be read: ${reason}.`)
}

function valuesOf(result: ReturnType<ReturnType<typeof jsonParser>>): readonly Token[] {
  return result === none ? [] : getManyValues(result)
}

/** The parser gives a string in pieces of 256 characters, or one for each escape. */
function joinPieces(tokens: readonly Token[]): Token[] {
  const joined: Token[] = []
  for (const token of tokens) {
    const last = joined.at(-1)
    if (token.name === 'stringChunk' && last?.name === 'stringChunk') last.value += token.value
    else joined.push(token.name === 'stringChunk' ? { ...token } : token)
  }
  return joined
}

/** What a photo and its descriptor look like in what a service wrote, in whatever form. */
export interface Trace {
  readonly what: string
  isIn(written: Buffer): boolean
}

/**
 * Numbers of a descriptor as text, and several in a row as bytes and as base64. One number alone shows nothing: among the
 * times that a service writes, one in some hundred runs has the same six digits.
 */
export function descriptorTraces(descriptor: readonly number[]): Trace[] {
  const texts = descriptor
    .slice(0, 16)
    .map((value) =>
      [value.toPrecision(6), Math.fround(value).toPrecision(6), value.toFixed(6)].map((text) =>
        text.replace(/^-?0?/, ''),
      ),
    )
  const numbers: Trace = {
    what: 'numbers of the descriptor',
    isIn: (written) => texts.filter((digits) => digits.some((text) => written.includes(text))).length > 1,
  }
  const inRow = descriptor.slice(8, 16)
  const binary = [Float32Array.from(inRow), Float64Array.from(inRow)].flatMap((array) =>
    rawAndEncoded(`${array.constructor.name} of the descriptor`, Buffer.from(array.buffer)),
  )
  return [numbers, ...binary]
}

/** A part of a photo's file, as it is and encoded. */
export function photoTraces(what: string, file: Buffer): Trace[] {
  return rawAndEncoded(what, file.subarray(file.length / 2, file.length / 2 + 48))
}

/** As it is, as hexadecimal digits, and as base64, wherever in a longer text it begins. */
function rawAndEncoded(what: string, bytes: Buffer): Trace[] {
  const base64 = [0, 1, 2].map((start) => bytes.subarray(start).toString('base64').slice(0, -4))
  return [
    bytesTrace(what, bytes),
    ...base64.map((text) => bytesTrace(`base64 of ${what}`, Buffer.from(text))),
    bytesTrace(`hexadecimal of ${what}`, Buffer.from(bytes.toString('hex'))),
  ]
}

export function textTrace(text: string): Trace {
  return bytesTrace(text, Buffer.from(text))
}

function bytesTrace(what: string, bytes: Buffer): Trace {
  return { what, isIn: (written) => written.includes(bytes) }
}

/** What of it is in there. */
export function found(written: Buffer, traces: readonly Trace[]): string[] {
  return traces.filter((trace) => trace.isIn(written)).map(({ what }) => what)
}

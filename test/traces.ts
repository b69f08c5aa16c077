/** What a photo and its descriptor look like in what a service wrote, in whatever form. */
export interface Trace {
  readonly what: string
  readonly bytes: Buffer
}

/** Numbers of a descriptor as text, and several in a row as bytes and as base64. */
export function descriptorTraces(descriptor: readonly number[]): Trace[] {
  const texts = descriptor.slice(0, 16).flatMap((value) => {
    const digits = [value.toPrecision(6), Math.fround(value).toPrecision(6), value.toFixed(6)]
    return digits.map((text) => ({ what: `the number ${value}`, bytes: Buffer.from(text.replace(/^-?0?/, '')) }))
  })
  const inRow = descriptor.slice(8, 16)
  const binary = [Float32Array.from(inRow), Float64Array.from(inRow)].map((array) => ({
    what: `${array.constructor.name} of the descriptor`,
    bytes: Buffer.from(array.buffer),
  }))
  return [...texts, ...binary, ...binary.flatMap(({ what, bytes }) => encoded(what, bytes))]
}

/** A part of a photo's file, as it is and encoded. */
export function photoTraces(what: string, file: Buffer): Trace[] {
  const bytes = file.subarray(file.length / 2, file.length / 2 + 48)
  return [{ what, bytes }, ...encoded(what, bytes)]
}

/** As hexadecimal digits and as base64, wherever in a longer text it begins. */
function encoded(what: string, bytes: Buffer): Trace[] {
  const base64 = [0, 1, 2].map((start) => {
    const text = bytes.subarray(start).toString('base64')
    return { what: `base64 of ${what}`, bytes: Buffer.from(text.slice(0, -4)) }
  })
  return [...base64, { what: `hexadecimal of ${what}`, bytes: Buffer.from(bytes.toString('hex')) }]
}

export function textTrace(text: string): Trace {
  return { what: text, bytes: Buffer.from(text) }
}

/** What of it is in there. */
export function found(written: Buffer, traces: readonly Trace[]): string[] {
  return traces.filter(({ bytes }) => written.includes(bytes)).map(({ what }) => what)
}

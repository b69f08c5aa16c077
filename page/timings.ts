/** Something that took its time. */
export interface Timing {
  readonly name: string
  readonly milliseconds: number
}

/** What a `Server-Timing` header says (W3C Server Timing): `decode;dur=12.3, detect;desc="Find faces";dur=20`. */
export function parseServerTiming(header: string | null): Timing[] {
  const entries = (header ?? '').match(/(?:[^,"]|"[^"]*")+/g) ?? []
  return entries.flatMap((entry) => {
    const [name, ...parameters] = (entry.match(/(?:[^;"]|"[^"]*")+/g) ?? []).map((part) => part.trim())
    const values = new Map(parameters.map((parameter) => splitOnce(parameter)))
    const milliseconds = Number(values.get('dur') ?? Number.NaN)
    return name && Number.isFinite(milliseconds) ? [{ name: values.get('desc') ?? name, milliseconds }] : []
  })
}

function splitOnce(parameter: string): [string, string] {
  const [name, ...rest] = parameter.split('=')
  return [
    name.trim().toLowerCase(),
    rest
      .join('=')
      .trim()
      .replace(/^"(.*)"$/, '$1'),
  ]
}

/**
 * Where log lines go when somebody watches them: to a terminal, in colours and a line each, where pino-pretty is installed.
 * @returns undefined where there is no terminal or no pino-pretty: then they are JSON, for programs
 */
export async function openTerminalLog(): Promise<NodeJS.WritableStream | undefined> {
  if (!process.stdout.isTTY) return undefined
  try {
    const { default: pretty } = await import('pino-pretty')
    // What the text says already, or is the same in every line. In this process and at once: a line is there before a crash.
    return pretty({ sync: true, singleLine: true, ignore: 'pid,hostname,method,route,status,milliseconds' })
  } catch {
    return undefined
  }
}

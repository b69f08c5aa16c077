/** `absent` is something the service can do without. */
export type Verdict = 'ok' | 'absent' | 'warning' | 'failed'

/** One thing the doctor looked at. */
export interface Finding {
  /** What it belongs to, such as `weights`. */
  readonly part: string
  /** Which one of that part. */
  readonly name: string
  readonly verdict: Verdict
  /** What was found, or what is wrong and what to do. */
  readonly detail: string
}

/** Looks at one thing; what it throws is a finding as well. */
export async function find(part: string, name: string, look: () => string | Promise<string>): Promise<Finding> {
  try {
    return { part, name, verdict: 'ok', detail: await look() }
  } catch (error) {
    return { part, name, verdict: 'failed', detail: reasonOf(error) }
  }
}

/** The first line of what went wrong: the rest is a stack or advice for developers. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]
}

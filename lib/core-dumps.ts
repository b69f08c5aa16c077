import { writeFileSync } from 'node:fs'

/**
 * Should this process crash, or one that it starts, the kernel shall write no photo to a disk: core dumps, wherever they go,
 * hold no memory from now on. Source: core(5), "Controlling which mappings are written to the core dump".
 */
export function keepMemoryOutOfCoreDumps(): void {
  try {
    writeFileSync('/proc/self/coredump_filter', '0')
  } catch {
    // Not Linux, or not allowed: docs/PRIVACY.md says what to see to.
  }
}

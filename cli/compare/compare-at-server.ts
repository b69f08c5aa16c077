import { readFile } from 'node:fs/promises'
import { FacemetricClient, FacemetricError } from '../../client/index.js'
import { type Comparer, Refusal, type Wishes } from './comparer.js'

/** One is sent while another is compared. */
const AT_A_TIME = 2

/** Has a running service compare. */
export async function compareAtServer(
  reference: string,
  wishes: Wishes,
  { server, apiKey }: { server: URL; apiKey?: string },
): Promise<Comparer> {
  const client = new FacemetricClient({ url: server, apiKey })
  const referencePhoto = await photoOf(reference)
  return {
    atATime: AT_A_TIME,
    async compare(live) {
      const livePhoto = await photoOf(live)
      return client.compare(referencePhoto, livePhoto, wishes).catch((error: unknown) => {
        throw error instanceof FacemetricError ? new Refusal(error.problem) : error
      })
    },
    close: async () => {},
  }
}

/** A Blob, which the client sends as it is: the reference goes with every comparison. */
async function photoOf(file: string): Promise<Blob> {
  return new Blob([new Uint8Array(await readFile(file))])
}

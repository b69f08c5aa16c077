import type { Test } from 'tap'
import { buildApp } from '../app.js'
import type { FaceEngine } from '../lib/face-engine.js'
import { requestFilesIn } from './request-files.js'

/** Most bytes of a photo in these tests. */
export const MAX_FILE_BYTES = 100_000

/** The service around an engine, with a folder of its own for temporary files. */
export function appWith(t: Test, faceEngine: FaceEngine, config = {}) {
  const tempDir = t.testdir()
  const app = buildApp({ faceEngine, config: { logLevel: 'silent', tempDir, maxFileBytes: MAX_FILE_BYTES, ...config } })
  t.teardown(() => app.close())
  return { app, tempDir }
}

/** All files below the folders of requests. */
export async function filesIn(tempDir: string): Promise<string[]> {
  return requestFilesIn(tempDir)
}

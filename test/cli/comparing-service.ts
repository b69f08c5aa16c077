import type { Test } from 'tap'
import { buildApp } from '../../app.js'
import type { Config } from '../../lib/config.js'
import { createFaceEngine } from '../../lib/create-face-engine.js'

/**
 * A service in this process, for tests of what a command makes of answers: loading the networks in each process of the
 * command would take most of their time.
 * @returns its URL
 */
export async function startComparingService(t: Test, config: Partial<Config> = {}): Promise<string> {
  const faceEngine = await createFaceEngine({ runtime: 'onnx' })
  const app = buildApp({ config: { logLevel: 'silent', ...config }, faceEngine })
  t.teardown(async () => {
    await app.close()
    await faceEngine.close()
  })
  return app.listen({ port: 0, host: '127.0.0.1' })
}

/**
 * Loaded into every test process before the test (see .taprc). tap adds a module loader to each process that a test starts,
 * and to those that these start, to record which files they load. That doubles the time they take, and they would not be
 * as their users have them. This undoes it, by emptying the list of what the package process-on-spawn calls at each start.
 */
const state: unknown = Reflect.get(globalThis, Symbol.for('process-on-spawn@*:singletonId'))
if (typeof state === 'object' && state !== null && 'listeners' in state && Array.isArray(state.listeners)) {
  state.listeners.length = 0
}
for (const name of Object.keys(process.env)) {
  if (name === 'NODE_OPTIONS' || name.startsWith('_TAPJS_')) delete process.env[name]
}

export {}

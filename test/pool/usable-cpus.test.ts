import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { usableCpus } from '../../lib/pool/usable-cpus.js'

/** A root with these files in it. */
function rootWith(test: { testdir(): string }, files: Record<string, string>): string {
  const root = test.testdir()
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
    writeFileSync(path.join(root, name), content)
  }
  return root
}

t.test('without a quota all CPUs of the machine are used', async (t) => {
  t.equal(usableCpus(rootWith(t, {}), 8), 8)
  t.equal(usableCpus(rootWith(t, { 'sys/fs/cgroup/cpu.max': 'max 100000\n' }), 8), 8)
})

t.test('a container’s quota limits them, rounded down to whole CPUs and at least one', async (t) => {
  t.equal(usableCpus(rootWith(t, { 'sys/fs/cgroup/cpu.max': '200000 100000\n' }), 8), 2)
  t.equal(usableCpus(rootWith(t, { 'sys/fs/cgroup/cpu.max': '150000 100000\n' }), 8), 1)
  t.equal(usableCpus(rootWith(t, { 'sys/fs/cgroup/cpu.max': '25000 100000\n' }), 8), 1)
})

t.test('a quota above the machine’s CPUs changes nothing', async (t) => {
  t.equal(usableCpus(rootWith(t, { 'sys/fs/cgroup/cpu.max': '1600000 100000\n' }), 4), 4)
})

t.test('the smallest quota of all groups around the process counts', async (t) => {
  const root = rootWith(t, {
    'proc/self/cgroup': '0::/system.slice/facemetric.service\n',
    'sys/fs/cgroup/system.slice/cpu.max': '300000 100000\n',
    'sys/fs/cgroup/system.slice/facemetric.service/cpu.max': 'max 100000\n',
  })
  t.equal(usableCpus(root, 8), 3)
})

t.test('the quota of cgroup version 1 is read as well', async (t) => {
  const quota = (microseconds: string) => ({
    'proc/self/cgroup': '2:cpuacct:/\n1:cpu:/\n0::/\n',
    'sys/fs/cgroup/cpu/cpu.cfs_quota_us': microseconds,
    'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
  })
  t.equal(usableCpus(rootWith(t, quota('200000\n')), 8), 2)
  t.equal(usableCpus(rootWith(t, quota('-1\n')), 8), 8)
})

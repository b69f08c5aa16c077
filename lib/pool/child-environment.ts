/**
 * All that an inference process may see of the environment: where programs, libraries and caches are, and how text and
 * time are written. Keys and passwords of the service are none of its business: it decodes what strangers send.
 */
const PASSED_ON = [
  ...['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'XDG_CACHE_HOME'],
  ...['LD_LIBRARY_PATH', 'LD_PRELOAD', 'DYLD_LIBRARY_PATH', 'TF_CPP_MIN_LOG_LEVEL'],
  ...['SYSTEMROOT', 'TEMP', 'TMP', 'USERPROFILE', 'LOCALAPPDATA'],
]

/** One thread a process: with as many processes as CPUs, more threads would only get in each other's way. */
const ONE_THREAD = {
  OMP_NUM_THREADS: '1',
  TF_NUM_INTRAOP_THREADS: '1',
  VIPS_CONCURRENCY: '1',
}

/**
 * glibc keeps a heap for each thread that ever asked for memory, and freed photos stay in it: two heaps are enough, of which more than
 * 16 MB unused are given back, and blocks from 4 MB on lie outside of them. By itself it learns from large photos to keep all
 * that they took (docs/PERFORMANCE.md).
 */
const SMALL_HEAPS = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_TRIM_THRESHOLD_: String(16 * 2 ** 20),
  MALLOC_MMAP_THRESHOLD_: String(4 * 2 ** 20),
}

/** The environment of an inference process. */
export function childEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names = [...PASSED_ON, ...Object.keys(SMALL_HEAPS)]
  const passedOn = Object.fromEntries(names.filter((name) => name in env).map((name) => [name, env[name]]))
  return { ...SMALL_HEAPS, ...passedOn, ...ONE_THREAD }
}

/**
 * Arguments for node in an inference process. V8 counts pixels and tensors as if they were its own objects, so that with its
 * default, a limit that begins at a few megabytes, it collects all garbage every eight pairs of photos, on four threads
 * beside. That is a tenth of the processor time; with a limit from 48 MB on, and no other threads, it is next to nothing.
 * Young objects need little room, as hardly any outlive a comparison: with V8's own limit of 16 MB it takes 30 MB more and no
 * less time (docs/PERFORMANCE.md).
 */
export const CHILD_ARGUMENTS: readonly string[] = [
  '--initial-old-space-size=48',
  '--max-semi-space-size=4',
  '--single-threaded-gc',
]

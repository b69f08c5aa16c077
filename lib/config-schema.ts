import { tmpdir } from 'node:os'
import { Type } from 'typebox'
import { SAME_PHOTO_POLICIES } from '../schemas/compare.js'
import { ADDRESS_DETAILS } from './client-address.js'
import { DEFAULT_PRESET, PRESET_NAMES } from './face/presets.js'
import { DEFAULT_IMAGE_LIMITS } from './image/limits.js'
import { DEFAULT_TIMEOUT, DEFAULT_WORKER_MEMORY, QUEUE_PER_WORKER } from './pool/pool-defaults.js'
import { usableCpus } from './pool/usable-cpus.js'
import { RUNTIME_NAMES } from './runtime/face-networks.js'
import { PRECISION_CHOICES } from './runtime/precision.js'
import { TRUST_NOBODY } from './trusted-proxies.js'
import { DEFAULT_FALSE_MATCH_RATE } from './verdict.js'

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/** Who may see a part of the service that compares nothing. */
const ACCESS = ['open', 'key', 'off'] as const
const OPEN_KEY_OFF = 'open to all, only with a key where there are keys, or off'

/**
 * Every setting of the service; `title` is the environment variable it is read from. For the tables in the documentation
 * (lib/describe-settings; `npm run docs:settings` writes them): `accepts` says which texts are accepted, `byDefault` which
 * default there is where it is no constant, `common` marks those for the README.
 */
export const ConfigSchema = Type.Object({
  port: Type.Integer({
    title: 'PORT',
    description: 'TCP port to listen on; 0 takes any free one',
    default: 5000,
    minimum: 0,
    maximum: 65_535,
    common: true,
  }),
  host: Type.String({
    title: 'HOST',
    description: 'Address to listen on; 127.0.0.1 keeps the service to this machine',
    // Phones, other containers and health checks have to reach it, and not all machines have IPv6.
    default: '0.0.0.0',
    accepts: 'address or host name',
    common: true,
  }),
  trustProxy: Type.String({
    title: 'TRUST_PROXY',
    description: 'Proxies that are believed about the address, protocol and host of clients',
    default: TRUST_NOBODY,
    accepts: 'none, how many stand in front, or their addresses and networks, separated by commas',
    common: true,
  }),
  apiKeys: Type.Optional(
    Type.String({
      title: 'FACEMETRIC_API_KEYS',
      description: 'Keys of those who may compare',
      byDefault: 'everybody may',
      accepts: 'NAME:KEY or NAME:sha256:HEX, separated by commas',
      writeOnly: true,
      common: true,
    }),
  ),
  apiKeysFile: Type.Optional(
    Type.String({
      title: 'FACEMETRIC_API_KEYS_FILE',
      description: 'File of such keys, one a line, which is read again when it changes',
      accepts: 'file that exists',
      common: true,
    }),
  ),
  page: Type.Enum([...ACCESS], {
    title: 'FACEMETRIC_PAGE',
    description: `The page to try it with: ${OPEN_KEY_OFF}`,
    default: 'open',
  }),
  docs: Type.Enum([...ACCESS], {
    title: 'FACEMETRIC_DOCS',
    description: `The description of the interface, /docs and /openapi.json: ${OPEN_KEY_OFF}`,
    default: 'open',
  }),
  metrics: Type.Enum([...ACCESS], {
    title: 'FACEMETRIC_METRICS',
    description: `The metrics for Prometheus, /metrics: ${OPEN_KEY_OFF}`,
    default: 'key',
  }),
  rateLimit: Type.Integer({
    title: 'FACEMETRIC_RATE_LIMIT',
    description: 'Most requests of one API key, or of one address without a key, in a window; 0 for any number',
    // A limit for addresses would hit everybody at once where a proxy in front is not known (TRUST_PROXY).
    default: 0,
    minimum: 0,
    common: true,
  }),
  rateWindow: Type.Number({
    title: 'FACEMETRIC_RATE_WINDOW',
    description: 'Length of that window in seconds',
    default: 60,
    exclusiveMinimum: 0,
    maximum: 86_400,
  }),
  redisUrl: Type.Optional(
    Type.String({
      title: 'REDIS_URL',
      description: 'Redis in which several replicas count those requests together',
      byDefault: 'each for itself',
      accepts: 'URL such as redis://user:password@host:6379/0, or rediss:// for TLS',
      pattern: '^rediss?://',
      writeOnly: true,
    }),
  ),
  logLevel: Type.Enum([...LOG_LEVELS], {
    title: 'FACEMETRIC_LOG_LEVEL',
    description: 'Least severe messages that are logged',
    default: 'info',
    common: true,
  }),
  logAddress: Type.Enum([...ADDRESS_DETAILS], {
    title: 'FACEMETRIC_LOG_ADDRESS',
    description: 'How much of the address of a client is logged: nothing, its network (/24, /48), or all',
    default: 'masked',
  }),
  otlpEndpoint: Type.Optional(
    Type.String({
      title: 'OTEL_EXPORTER_OTLP_ENDPOINT',
      description: 'OpenTelemetry collector that is sent a trace of each request, over HTTP',
      byDefault: 'nothing is sent',
      accepts: 'URL such as http://collector:4318',
      pattern: '^https?://',
    }),
  ),
  engine: Type.Enum(['auto', ...RUNTIME_NAMES], {
    title: 'FACEMETRIC_ENGINE',
    description: 'Runtime of the networks; auto takes the first that loads',
    default: 'auto',
    common: true,
  }),
  preset: Type.Enum([...PRESET_NAMES], {
    title: 'FACEMETRIC_PRESET',
    description: 'How thoroughly a face is described; accurate takes longer, fastest less long',
    default: DEFAULT_PRESET,
    common: true,
  }),
  falseMatchRate: Type.Number({
    title: 'FACEMETRIC_FALSE_MATCH_RATE',
    description: 'How often two different people may be taken for the same; the threshold follows from it',
    default: DEFAULT_FALSE_MATCH_RATE,
    exclusiveMinimum: 0,
    exclusiveMaximum: 1,
    accepts: 'number within the calibration, such as 1e-4',
    common: true,
  }),
  precision: Type.Enum([...PRECISION_CHOICES], {
    title: 'FACEMETRIC_PRECISION',
    description: 'Numbers the networks are computed with; auto takes int8 where this CPU is right and faster with it',
    default: 'auto',
    common: true,
  }),
  workers: Type.Integer({
    title: 'FACEMETRIC_WORKERS',
    description: 'Inference processes, one thread each; 0 compares inside the service itself',
    default: usableCpus(),
    byDefault: 'the CPUs it may use',
    minimum: 0,
    maximum: 1024,
    common: true,
  }),
  queue: Type.Optional(
    Type.Integer({
      title: 'FACEMETRIC_QUEUE',
      description: 'Comparisons that may wait for an inference process; fewer during overload',
      byDefault: `${QUEUE_PER_WORKER} for each process`,
      minimum: 0,
      maximum: 100_000,
      common: true,
    }),
  ),
  workerMemory: Type.Integer({
    title: 'FACEMETRIC_WORKER_MEMORY',
    description: 'Megabytes of memory one inference process may take; one that takes more is replaced',
    default: DEFAULT_WORKER_MEMORY,
    minimum: 1,
    maximum: 1_048_576,
  }),
  maxFileBytes: Type.Integer({
    title: 'FACEMETRIC_MAX_FILE_BYTES',
    description: 'Most bytes one photo may have',
    default: 20 * 2 ** 20,
    minimum: 1,
    common: true,
  }),
  maxPixels: Type.Integer({
    title: 'FACEMETRIC_MAX_PIXELS',
    description: 'Most pixels one photo may have',
    default: DEFAULT_IMAGE_LIMITS.maxPixels,
    minimum: 1,
  }),
  minQuality: Type.Number({
    title: 'FACEMETRIC_MIN_QUALITY',
    description: 'Least quality a face must have to be compared, 0 to 1; 0 takes any',
    default: 0,
    minimum: 0,
    maximum: 1,
  }),
  samePhoto: Type.Enum([...SAME_PHOTO_POLICIES], {
    title: 'FACEMETRIC_SAME_PHOTO',
    description:
      'What becomes of a live photo that is a copy of the reference photo: report it only, or refuse: not identical',
    default: 'report',
  }),
  tempDir: Type.String({
    title: 'FACEMETRIC_TEMP_DIR',
    description: 'Folder in which the photos lie while a request runs, in a private folder of their own',
    default: tmpdir(),
    byDefault: 'the system’s, such as `/tmp`',
    accepts: 'folder that exists',
    common: true,
  }),
  corsOrigin: Type.String({
    title: 'FACEMETRIC_CORS_ORIGIN',
    description: 'Web origins whose pages may call the service: * for any',
    default: '*',
    pattern: String.raw`^(\*|none|https?://[^/,\s]+(,\s*https?://[^/,\s]+)*)$`,
    accepts: '*, none, or origins such as https://a.example, separated by commas',
    common: true,
  }),
  maxConnections: Type.Integer({
    title: 'FACEMETRIC_MAX_CONNECTIONS',
    description: 'Most connections at a time; further ones are closed at once',
    default: 1000,
    minimum: 1,
    maximum: 1_000_000,
  }),
  uploadTimeout: Type.Number({
    title: 'FACEMETRIC_UPLOAD_TIMEOUT',
    description: 'Seconds within which a request must have arrived',
    default: 60,
    exclusiveMinimum: 0,
    maximum: 86_400,
  }),
  timeout: Type.Number({
    title: 'FACEMETRIC_TIMEOUT',
    description: 'Seconds within which a comparison must be done; its process is ended and replaced otherwise',
    default: DEFAULT_TIMEOUT,
    exclusiveMinimum: 0,
    maximum: 86_400,
  }),
})

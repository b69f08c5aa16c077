import { UsageError } from './arguments.js'
import { layOptions } from './columns.js'
import type { Command } from './command.js'
import { compareMany } from './compare/compare-many.js'
import { compareOne } from './compare/compare-one.js'
import { COMPARE_OPTIONS, type CompareArguments, readCompareArguments } from './compare/compare-options.js'
import type { Comparer } from './compare/comparer.js'
import { checkIsFile, findPhotos } from './compare/photo-paths.js'
import { StatusLine } from './status-line.js'

export const compare: Command = {
  options: COMPARE_OPTIONS,
  operands: 'files',
  help: `Usage: facemetric compare REFERENCE LIVE... [options]

Says whether two photos show the same person. REFERENCE is the photo that is known to show the person, LIVE the one to be
checked; JPEG, PNG, BMP, GIF, WebP, AVIF or TIFF. No service has to run, and nothing is written or sent anywhere.

With several LIVE, a folder of photos, or a pattern in quotes, each is compared with the reference: a table, from the
nearest on. With --json it is a line for each, as soon as it is known, with the path as "photo".

Options:
${layOptions(COMPARE_OPTIONS)}

FACEMETRIC_PRECISION, FACEMETRIC_MAX_PIXELS, FACEMETRIC_MIN_QUALITY, FACEMETRIC_SAME_PHOTO, FACEMETRIC_TIMEOUT and
FACEMETRIC_WORKER_MEMORY hold here as well: facemetric serve --help tells what they are. NO_COLOR and FORCE_COLOR decide
on colours; without them there are some in a terminal.

Examples:
  facemetric compare passport.jpg selfie.jpg
  facemetric compare passport.jpg selfie.jpg --annotate verdict.jpg
  facemetric compare passport.jpg selfie.jpg --json | jq .distance
  facemetric compare passport.jpg selfie.jpg --threshold 0.33 --faces single && echo welcome
  facemetric compare passport.jpg photos/ 'more/**/*.png'
  FACEMETRIC_API_KEY=... facemetric compare passport.jpg selfie.jpg --server https://faces.example

Exit code 0: the same person, 1: two different people, 2: an error. With several photos 0: at least one shows the person of
the reference, 1: none does, 2: an error, or none does but some could not be compared. Ctrl-C ends it by SIGINT (130).
`,
  async run(args) {
    const given = readCompareArguments(args, process.env)
    await checkIsFile(given.reference)
    const photos = await findPhotos(given.lives, given.reference)
    if (given.annotate !== undefined && !photos.single) throw new UsageError('--annotate draws one pair of photos')
    const status = new StatusLine()
    try {
      const comparer = await prepare(given, photos.paths.length, status)
      try {
        return photos.single
          ? await compareOne(comparer, given, photos.paths[0], status)
          : await compareMany(comparer, given, photos.paths, status)
      } finally {
        await comparer.close()
      }
    } finally {
      status.clear()
    }
  },
}

async function prepare(
  { reference, wishes, where }: CompareArguments,
  photos: number,
  status: StatusLine,
): Promise<Comparer> {
  if ('server' in where) {
    const { compareAtServer } = await import('./compare/compare-at-server.js')
    return compareAtServer(reference, wishes, where)
  }
  status.show('Loading the networks …')
  const { compareHere } = await import('./compare/compare-here.js')
  return compareHere(reference, wishes, where.here, photos)
}

import path from 'node:path'
import { parseArguments } from './arguments.js'
import type { Command } from './command.js'

export const samples: Command = {
  options: {},
  operands: 'folders',
  help: `Usage: facemetric samples FOLDER

Writes three photos to try the service with into FOLDER, which is made if it is absent:
  reference.jpg      a woman in a room
  same-person.jpg    the same picture as if taken again: turned, shifted, smaller, darker, compressed more
  other-person.jpg   another woman in that room
They are cut from the demo photos of the installed package @vladmandic/face-api. Where another file of such a name is in FOLDER,
nothing is written.

Examples:
  facemetric samples /tmp/photos
  facemetric compare /tmp/photos/reference.jpg /tmp/photos/same-person.jpg

Exit code 0: written, 2: an error.
`,
  async run(args) {
    const [folder] = parseArguments(args, {}, { needed: ['FOLDER'] }).positionals
    const { writeSamplePhotos } = await import('../lib/sample-photos.js')
    const photos = await writeSamplePhotos(folder)
    const shown = Object.values(photos).map((photo) => path.relative('', photo) || photo)
    process.stdout.write(`${shown.join('\n')}\n`)
    return 0
  },
}

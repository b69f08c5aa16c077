import path from 'node:path'
import { UsageError } from '../arguments.js'

const ENDINGS = ['.jpg', '.jpeg', '.png', '.webp']

/** @throws UsageError unless a drawing can be written in the format that the name of the file says */
export function checkDrawingPath(file: string): void {
  if (!ENDINGS.includes(path.extname(file).toLowerCase())) {
    throw new UsageError(`--annotate takes a file that ends in ${ENDINGS.join(', ')}; got '${file}'`)
  }
}

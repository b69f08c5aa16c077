/** Where a file lies: absolute, with a drive, or as a URL. */
const PATH = /(file:\/\/|[A-Za-z]:[\\/]|\/)[^\s'"`,;()<>]*[^\s'"`,;()<>.:]/g

/** A text for strangers: what it tells of this machine's folders is left out. */
export function withoutPaths(text: string): string {
  return text.replace(PATH, '…')
}

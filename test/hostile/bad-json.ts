import { mapValues } from './bad-forms.js'
import { head, JSON_TYPE, type Request, requestOf } from './requests.js'

const MEGABYTE = 2 ** 20

/** JSON that is none, that hides photos where none belong, or is far too long or deep. */
export function badJson(portrait: Buffer): Record<string, Request> {
  const photo = portrait.toString('base64')
  const both = (reference: unknown, live: unknown = photo) =>
    JSON.stringify({ reference_image: reference, live_image: live })
  const texts: Record<string, string> = {
    'JSON without a photo': '{"reference_image":""}',
    'JSON that is a list': `["${photo}","${photo}"]`,
    'JSON that is a text': `"${photo}"`,
    'JSON that is a number': '1',
    'JSON that is null': 'null',
    'two JSON objects': `${both(photo)}${both(photo)}`,
    'JSON followed by something': `${both(photo)} and more`,
    'JSON with a comma too many': `{"reference_image":"${photo}","live_image":"${photo}",}`,
    'JSON in single quotes': `{'reference_image':'${photo}'}`,
    'JSON with half a word': '{"threshold":tru',
    'JSON with half a surrogate': `{"reference_image":"\\ud800","live_image":"\\udc00\\ud800"}`,
    'JSON nested a million deep': '[{"a":'.repeat(1_000_000),
    'JSON with objects nested a million deep': '{"a":'.repeat(1_000_000),
    'JSON with a list of five million numbers': `{"a":[${'1,'.repeat(5_000_000)}1]}`,
    'JSON with a list of a million photos': `{"live_image":[${'"",'.repeat(1_000_000)}""]}`,
    'JSON with a number of 10 MB': `{"threshold":${'1'.repeat(10 * MEGABYTE)}}`,
    'JSON with a key of 10 MB': `{"${'k'.repeat(10 * MEGABYTE)}":1}`,
    'JSON with 100,000 keys': `{${Array.from({ length: 100_000 }, (_, i) => `"k${i}":1`).join(',')}}`,
    'JSON with base64 of nothing but escapes': `{"reference_image":"${'\\u0041'.repeat(2_000_000)}"}`,
    'JSON of 20 MB of white space': ' '.repeat(20 * MEGABYTE),
    'JSON with base64 of 20 MB of white space': `{"reference_image":"${' '.repeat(20 * MEGABYTE)}"}`,
    'JSON with 60 MB in one photo': both(Buffer.concat([portrait, Buffer.alloc(60 * MEGABYTE)]).toString('base64')),
    'JSON with the same photo twice': `{"reference_image":"${photo}",${both(photo).slice(1)}`,
    'JSON with live photos twice': `{"live_image":["${photo}"],${both(photo).slice(1)}`,
    'JSON with eleven live photos': both(photo, Array(11).fill(photo)),
    'JSON with live photos in a list in a list': both(photo, [[photo]]),
    'JSON with a list for the reference photo': both([photo]),
    'JSON with an object for a photo': both({ data: photo }),
    'JSON with numbers for photos': both(1, [2, 3]),
    'JSON with null for a photo': both(null),
    'JSON with names that every object has': `{"__proto__":{"reference_image":"${photo}"},"constructor":"${photo}"}`,
    'JSON with a threshold beyond numbers': `{"threshold":1e999,${both(photo).slice(1)}`,
    'JSON with a list for a threshold': `{"threshold":[0.4],${both(photo).slice(1)}`,
    'base64 with its padding in the middle': both(`${photo.slice(0, 1000)}==${photo.slice(1000)}`),
    'base64 with too much padding': both(`${photo.replace(/=+$/, '')}====`),
    'base64 that breaks off within a byte': both(photo.replace(/=+$/, '').slice(0, 4001)),
    'base64 with other letters': both(`${photo.slice(0, 1000)}*${photo.slice(1001)}`),
    'base64 of base64': both(Buffer.from(photo).toString('base64')),
    'a data URL of text that says it is a PNG': both(
      `data:image/png;base64,${Buffer.from('hello').toString('base64')}`,
    ),
    'a data URL without base64': both('data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"/>'),
    'a data URL within a data URL': both(`data:image/jpeg;base64,data:image/jpeg;base64,${photo}`),
    'a data URL whose type never ends': both(`data:${'image/'.repeat(2 * MEGABYTE)}`),
    'the address of a photo': both('http://127.0.0.1:1/photo.jpg'),
    'the path of a photo': both('file:///etc/passwd'),
  }
  return {
    ...mapValues(texts, (text) => requestOf(Buffer.from(text), JSON_TYPE)),
    'JSON in UTF-16': requestOf(Buffer.from(`\ufeff${both(photo)}`, 'utf16le'), JSON_TYPE),
    'JSON that is no UTF-8': requestOf(Buffer.from(`{"reference_image":"\xff\xfe${photo}"}`, 'latin1'), JSON_TYPE),
    'JSON of zero bytes': requestOf(Buffer.alloc(MEGABYTE), JSON_TYPE),
    'JSON that breaks off in a photo': {
      pieces: [
        head({ 'content-type': JSON_TYPE, 'content-length': 10 * MEGABYTE }),
        `{"reference_image":"${portrait.toString('base64')}`,
      ],
      ending: 'destroy',
    },
  }
}

/** What is said of the photo is wrong, and does not count: it is compared as what it is. */
export function misnamedPhotos(portrait: Buffer): Record<string, Request> {
  const photo = portrait.toString('base64')
  const pair = (reference: string) =>
    requestOf(Buffer.from(JSON.stringify({ reference_image: reference, live_image: photo })), JSON_TYPE)
  return {
    'a data URL of a JPEG that says it is a PNG': pair(`data:image/png;base64,${photo}`),
    'a data URL of a JPEG that says it is a page': pair(`data:text/html;charset=utf-8;base64,${photo}`),
  }
}

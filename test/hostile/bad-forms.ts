import { FORM_TYPE, form, part, type Request, rawPart, requestOf, textPart } from './requests.js'

const MEGABYTE = 2 ** 20

/** Forms without or with a wrong boundary, that are none, or that have far too little or too much in them. */
export function badForms(portrait: Buffer): Record<string, Request> {
  const reference = part('reference_image', portrait)
  const live = part('live_image', portrait)
  const good = form(reference, live)
  const lives = (count: number, content: Buffer) => Array.from({ length: count }, () => part('live_image', content))
  const forms: Record<string, Buffer> = {
    'text that is called a form': Buffer.from('hello'),
    'JSON that is called a form': Buffer.from('{"reference_image":"","live_image":""}'),
    'an empty form': form(),
    'no body': Buffer.alloc(0),
    'one photo only': form(reference),
    'two reference photos': form(reference, reference, live),
    'eleven live photos': form(reference, ...lives(11, portrait)),
    'ten live photos of nothing': form(reference, ...lives(10, Buffer.alloc(0))),
    'ten live photos that break off': form(reference, ...lives(10, portrait.subarray(0, portrait.length / 2))),
    'empty photos': form(part('reference_image', Buffer.alloc(0)), part('live_image', Buffer.alloc(0))),
    'photos as text': form(textPart('reference_image', 'photo'), textPart('live_image', 'photo')),
    '1,000 parts': form(...Array.from({ length: 1000 }, (_, i) => part(`photo-${i}`, Buffer.from('x')))),
    '1,000 text fields': form(...Array.from({ length: 1000 }, (_, i) => textPart(`field-${i}`, 'x'))),
    'a field name of 10 MB': form(part('n'.repeat(10 * MEGABYTE), portrait)),
    'a file name of 10 MB': form(part('reference_image', portrait, 'n'.repeat(10 * MEGABYTE))),
    'a text field of 10 MB': form(textPart('threshold', '1'.repeat(10 * MEGABYTE))),
    'a part with 10,000 headers': form(rawPart('x-header: y\r\n'.repeat(10_000)), Buffer.from('z\r\n')),
    'a part without a name': form(rawPart('content-type: image/jpeg\r\n'), portrait, Buffer.from('\r\n')),
    'a part without an end to its headers': Buffer.concat([rawPart('x: y\r\n').subarray(0, -2), portrait]),
    'names that lead elsewhere': form(
      part('../../../etc/passwd', portrait, '../../etc/passwd'),
      part('reference_image', portrait, '/dev/null'),
    ),
    'names with zero bytes and line breaks': form(
      part('reference_image\0', portrait),
      part('live_image\r\n', portrait),
    ),
    'names that every object has': form(part('__proto__', portrait), part('constructor', portrait)),
    'a threshold that is no number': form(textPart('threshold', 'NaN'), reference, live),
    'a form without its end': good.subarray(0, -20),
    '10 MB before the form': Buffer.concat([Buffer.alloc(10 * MEGABYTE, '-'), good.subarray(0, -20)]),
    '10 MB of nearly a boundary': form(
      part('reference_image', Buffer.alloc(10 * MEGABYTE, '\r\n--boundary-of-the-for')),
    ),
    '60 MB of one photo': form(part('reference_image', Buffer.concat([portrait, Buffer.alloc(60 * MEGABYTE)]))),
  }
  const types: Record<string, string> = {
    'a form without a boundary': 'multipart/form-data',
    'a form with an empty boundary': 'multipart/form-data; boundary=',
    'a form with another boundary': 'multipart/form-data; boundary=another',
    'a boundary of 10,000 letters': `multipart/form-data; boundary=${'b'.repeat(10_000)}`,
    'a form that is called JSON': 'application/json',
    'a form that is called a photo': 'image/jpeg',
  }
  return {
    ...mapValues(forms, (content) => requestOf(content, FORM_TYPE)),
    ...mapValues(types, (type) => requestOf(good, type)),
  }
}

export function mapValues<From, To>(record: Record<string, From>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))
}

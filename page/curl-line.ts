/** One field of a form: a text, or a file by its name. */
export type CurlField = readonly [name: string, value: string | { readonly file: string }]

/** The command that sends the same request from a shell. A key is named by a variable, so that it is not shown. */
export function curlLine(url: string, fields: readonly CurlField[], withKey: boolean): string {
  const parts = fields.map(([name, value]) =>
    typeof value === 'string'
      ? `--form-string ${shellQuote(`${name}=${value}`)}`
      : `-F ${shellQuote(`${name}=@${curlFileName(value.file)}`)}`,
  )
  const key = withKey ? ['-H "Authorization: Bearer $FACEMETRIC_API_KEY"'] : []
  return ['curl', ...key, ...parts, shellQuote(url)].join(' ')
}

/** In a form, curl reads what follows `;` or `,` as something other than the name, unless it is quoted. */
function curlFileName(name: string): string {
  return /[;,"]/.test(name) ? `"${name.replace(/["\\]/g, '\\$&')}"` : name
}

function shellQuote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

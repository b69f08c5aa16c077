const form = document.getElementById('form')
const button = document.getElementById('compare')
const answer = document.getElementById('answer')
const verdict = document.getElementById('verdict')
const json = document.getElementById('json')

document.getElementById('url').textContent = form.action

// Without this script the form works too: the browser then shows the reply itself.
form.addEventListener('submit', async (event) => {
  event.preventDefault()
  button.disabled = true
  show('Comparing …', '')
  try {
    const response = await fetch(form.action, { method: 'POST', body: new FormData(form) })
    const reply = await response.json()
    show(response.ok ? inWords(reply) : reply.error, JSON.stringify(reply, null, 2))
  } catch (error) {
    show(`The service did not answer: ${error.message}`, '')
  } finally {
    button.disabled = false
  }
})

function inWords({ identical }) {
  return identical ? '✓ The same person' : '✗ Not the same person'
}

function show(text, details) {
  verdict.textContent = text
  json.textContent = details
  json.hidden = details === ''
  answer.hidden = false
}

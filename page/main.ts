/** The page at `/`: its parts, put together. Without scripts the form works too; the browser then shows the reply itself. */
import type { Calibration } from '../lib/verdict.js'
import { ApiKeyField } from './api-key.js'
import { Camera, whyNoCamera } from './camera.js'
import { codeBox } from './code-box.js'
import { compare, type Outcome } from './comparison-request.js'
import { type CurlField, curlLine } from './curl-line.js'
import { find, showText } from './dom.js'
import { evidenceOf } from './evidence.js'
import { takeIncomingPhotos } from './incoming-photos.js'
import { PhotoSlot } from './photo-slot.js'
import { showReadiness } from './readiness.js'
import { offerSamples } from './samples.js'
import { shrink } from './shrink.js'
import { VerdictPanel } from './verdict-panel.js'

const form = find(HTMLFormElement, '#form')
const button = find(HTMLButtonElement, '#compare')
const threshold = find(HTMLInputElement, '#threshold')
const shrinkLarge = find(HTMLInputElement, '#shrink')
const evidence = find(HTMLElement, '#evidence')
const slots = [new PhotoSlot('#reference', 'reference_image'), new PhotoSlot('#live', 'live_image')] as const
const apiKey = new ApiKeyField()
const verdict = new VerdictPanel()
let calibration: Calibration | undefined
let busy = false

prepare()

function prepare(): void {
  document.documentElement.classList.add('scripted')
  // The page says itself what is missing, beside the photo.
  form.noValidate = true
  threshold.disabled = false
  for (const id of ['threshold-field', 'shrink-field']) find(HTMLElement, `#${id}`).hidden = false
  find(HTMLElement, '#url').textContent = form.action

  takeIncomingPhotos(slots)
  offerCamera()
  offerSamples((reference, live) => {
    slots[0].put(reference)
    slots[1].put(live)
    form.requestSubmit()
  })
  for (const slot of slots) slot.onChange = clearResult
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    submit()
  })
  showReadiness()
  fetchCalibration()
}

function offerCamera(): void {
  const why = whyNoCamera()
  showText(find(HTMLElement, '#no-camera'), why)
  if (why !== undefined) return
  const camera = new Camera()
  for (const slot of slots) {
    const open = find(HTMLButtonElement, '.use-camera', slot.card)
    const title = find(HTMLElement, 'h2', slot.card).textContent
    open.hidden = false
    open.addEventListener('click', () => camera.open(`Take the ${title.toLowerCase()}`, (photo) => slot.put(photo)))
  }
}

async function fetchCalibration(): Promise<void> {
  const response = await fetch('calibration.json').catch(() => undefined)
  if (response?.ok) calibration = await response.json()
}

function clearResult(): void {
  verdict.clear()
  evidence.replaceChildren()
}

async function submit(): Promise<void> {
  const missing = slots.filter(({ file }) => file === undefined)
  for (const slot of missing) slot.showProblem('Choose a photo, take one, or drop one here.')
  if (missing.length > 0) return missing[0].focus()
  if (busy) return
  setBusy(true)
  try {
    const { key } = apiKey
    show(await compare(form.action, await formData(), key), key !== '')
  } finally {
    setBusy(false)
  }
}

/** The button is not disabled: it would lose the focus. */
function setBusy(now: boolean): void {
  busy = now
  button.setAttribute('aria-disabled', String(now))
  if (!now) return
  evidence.replaceChildren()
  for (const slot of slots) slot.clearFindings()
  verdict.showBusy()
}

async function formData(): Promise<FormData> {
  const data = new FormData(form)
  if (threshold.value === '') data.delete(threshold.name)
  if (!shrinkLarge.checked) return data
  for (const { field, file } of slots) if (file) data.set(field, await shrink(file))
  return data
}

function show(outcome: Outcome, withKey: boolean): void {
  verdict.show(outcome, calibration)
  if (outcome.kind === 'answer') {
    const { comparison, timings } = outcome
    for (const slot of slots) slot.showFaces(comparison[slot.field])
    evidence.replaceChildren(...evidenceOf(comparison, timings, calibration))
    evidence.append(codeBox('The reply', JSON.stringify(comparison, null, 2)))
    apiKey.accepted()
  } else if (outcome.kind === 'problem') {
    const { problem } = outcome
    slots.find(({ field }) => field === problem.field)?.showProblem(problem.detail)
    evidence.replaceChildren(codeBox('The reply', JSON.stringify(problem, null, 2)))
    if (problem.status === 401) apiKey.ask()
  }
  evidence.append(codeBox('The same request with curl', curlLine(form.action, curlFields(), withKey)))
}

function curlFields(): CurlField[] {
  return [...new FormData(form)]
    .filter(([, value]) => value !== '')
    .map(([name, value]) => [name, typeof value === 'string' ? value : { file: value.name }])
}

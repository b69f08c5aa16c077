import { find } from './dom.js'
import { jpegFile } from './jpeg-file.js'

const READY = 'Fill the oval with the face, light from the front, and nothing over the face.'
/** Sizes above bring nothing: a face needs no more than some hundred pixels. */
const WANTED = { width: { ideal: 1280 }, height: { ideal: 960 } }

/** What the person can do where the browser gives no picture, by the name of the error (W3C Media Capture). */
const ADVICE: Readonly<Record<string, string>> = {
  NotAllowedError: 'The browser may not use the camera. Allow it beside the address of this page, then open it again.',
  NotFoundError: 'This device has no camera. Choose a photo instead.',
  NotReadableError: 'The camera is busy. Close other programs that use it, then open it again.',
  OverconstrainedError: 'This camera cannot be used. Choose another one.',
}

/** Why photos cannot be taken on this page; undefined where they can. */
export function whyNoCamera(): string | undefined {
  if (!window.isSecureContext) {
    return 'Browsers give the camera only to pages from https:// or localhost: open this page that way to take photos here.'
  }
  return navigator.mediaDevices ? undefined : 'This browser has no camera for pages.'
}

/** The window in which a photo is taken. */
export class Camera {
  readonly #dialog = find(HTMLDialogElement, '#camera')
  readonly #title = find(HTMLElement, '#camera-title')
  readonly #video = find(HTMLVideoElement, '#camera video')
  readonly #advice = find(HTMLElement, '#camera-advice')
  readonly #choice = find(HTMLElement, '#camera-choice')
  readonly #list = find(HTMLSelectElement, '#camera-list')
  readonly #shutter = find(HTMLButtonElement, '#shutter')
  #stream: MediaStream | undefined
  /** Counts starts and stops: what a start has waited for is of no use once another one or a stop has followed. */
  #turn = 0
  #onPhoto: (photo: File) => void = () => {}

  constructor() {
    this.#shutter.addEventListener('click', () => this.#take())
    this.#list.addEventListener('change', () => this.#start({ deviceId: { exact: this.#list.value } }))
    find(HTMLButtonElement, '#camera-cancel').addEventListener('click', () => this.#dialog.close())
    // Also with the Escape key: the camera's light goes out whenever the window does.
    this.#dialog.addEventListener('close', () => this.#stop())
  }

  /** Opens the window; `onPhoto` gets the photo, if one is taken. */
  open(title: string, onPhoto: (photo: File) => void): void {
    this.#title.textContent = title
    this.#onPhoto = onPhoto
    this.#dialog.showModal()
    this.#start({ facingMode: 'user' })
  }

  async #start(which: MediaTrackConstraints): Promise<void> {
    this.#stop()
    const turn = this.#turn
    this.#advice.textContent = 'Starting the camera …'
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { ...WANTED, ...which } })
      // The window was closed, or another camera chosen, while the browser asked the person.
      if (turn !== this.#turn || !this.#dialog.open) return stopTracks(stream)
      this.#stream = stream
      const { facingMode, deviceId } = stream.getVideoTracks()[0].getSettings()
      // People know themselves from mirrors; what the camera at the back sees, they know as it is.
      this.#video.classList.toggle('mirrored', facingMode !== 'environment')
      this.#video.srcObject = stream
      await this.#video.play()
      const { videoWidth, videoHeight } = this.#video
      this.#video.parentElement?.style.setProperty('--picture', `${videoWidth} / ${videoHeight}`)
      this.#advice.textContent = READY
      this.#shutter.disabled = false
      this.#shutter.focus()
      await this.#listCameras(deviceId)
    } catch (error) {
      if (turn !== this.#turn) return
      const name = error instanceof Error ? error.name : ''
      this.#advice.textContent = ADVICE[name] ?? `The camera does not start: ${name}.`
    }
  }

  async #listCameras(used: string | undefined): Promise<void> {
    const devices = await navigator.mediaDevices.enumerateDevices()
    const cameras = devices.filter(({ kind }) => kind === 'videoinput')
    const options = cameras.map(({ label, deviceId }, i) => new Option(label || `Camera ${i + 1}`, deviceId))
    this.#list.replaceChildren(...options)
    if (used) this.#list.value = used
    this.#choice.hidden = cameras.length < 2
  }

  async #take(): Promise<void> {
    const canvas = document.createElement('canvas')
    canvas.width = this.#video.videoWidth
    canvas.height = this.#video.videoHeight
    canvas.getContext('2d')?.drawImage(this.#video, 0, 0)
    const photo = await jpegFile(canvas, 'camera')
    if (!photo) return
    this.#dialog.close()
    this.#onPhoto(photo)
  }

  #stop(): void {
    this.#turn++
    if (this.#stream) stopTracks(this.#stream)
    this.#stream = undefined
    this.#video.srcObject = null
    this.#shutter.disabled = true
  }
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}

import type { PhotoSlot } from './photo-slot.js'

/** Photos that are dropped or pasted onto the page: into the card they are meant for, or else into those still empty. */
export function takeIncomingPhotos(slots: readonly PhotoSlot[]): void {
  let marked: PhotoSlot | undefined
  const mark = (slot: PhotoSlot | undefined) => {
    marked?.card.classList.remove('over')
    slot?.card.classList.add('over')
    marked = slot
  }

  document.addEventListener('dragover', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return
    // Without this the browser would leave the page and show the photo instead.
    event.preventDefault()
    mark(slotAt(slots, event.target) ?? emptySlots(slots)[0])
  })
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) mark(undefined)
  })
  document.addEventListener('drop', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    mark(undefined)
    distribute(event.dataTransfer.files, slots, event.target)
  })
  document.addEventListener('paste', (event) => {
    if (!event.clipboardData || event.clipboardData.files.length === 0) return
    event.preventDefault()
    distribute(event.clipboardData.files, slots, document.activeElement)
  })
}

function distribute(files: FileList, slots: readonly PhotoSlot[], target: EventTarget | null): void {
  const first = slotAt(slots, target)
  const empty = emptySlots(slots)
  const order = first ? [first, ...slots] : [...empty, ...slots]
  const takers = [...new Set(order)]
  for (const [i, file] of [...files].slice(0, takers.length).entries()) takers[i].put(file)
}

function slotAt(slots: readonly PhotoSlot[], target: EventTarget | null): PhotoSlot | undefined {
  return slots.find(({ card }) => target instanceof Node && card.contains(target))
}

function emptySlots(slots: readonly PhotoSlot[]): PhotoSlot[] {
  return slots.filter(({ file }) => file === undefined)
}

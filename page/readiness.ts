import { find } from './dom.js'

/** How often a service that is not ready yet is asked again. */
const ASK_AGAIN_MS = 2000

/** Says at the top of the page whether the service can compare photos; asks until it can. */
export async function showReadiness(): Promise<void> {
  const link = find(HTMLAnchorElement, '#readiness')
  const say = (text: string, state: string) => {
    link.textContent = text
    link.className = state
  }
  try {
    const response = await fetch(link.href)
    const { engine }: { engine?: string } = await response.json()
    if (response.ok) return say(engine ? `Ready: ${engine}` : 'Ready', 'ready')
    say('Not ready yet', 'waiting')
  } catch {
    say('No answer', 'waiting')
  }
  setTimeout(showReadiness, ASK_AGAIN_MS)
}

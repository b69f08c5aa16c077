import type { Socket } from 'node:net'
import proxyAddr from '@fastify/proxy-addr'

/**
 * Whether what a peer says about the client it speaks for is believed.
 * @param address of the peer
 * @param hop 0 for the peer at the other end of the connection, 1 for the one before it, and so on
 */
export type TrustPeer = (address: string, hop: number) => boolean

/** Whether the peer at the other end of a connection is believed. */
export function trustsPeerOf({ remoteAddress = '' }: Socket, trustPeer: TrustPeer | undefined): boolean {
  return trustPeer?.(remoteAddress, 0) ?? false
}

/** What TRUST_PROXY says when nobody is believed. */
export const TRUST_NOBODY = 'none'

/**
 * Reads TRUST_PROXY: `none`, how many proxies stand in front, or their addresses and networks, separated by commas. (Fastify
 * takes a number as well, but then trusts nobody; and it takes true, with which every client can pass for any other.)
 * @throws Error that names what is no address
 */
export function parseTrustProxy(text: string): TrustPeer | undefined {
  if (text === TRUST_NOBODY || text === '0') return undefined
  if (/^\d+$/.test(text)) return (_address, hop) => hop < Number(text)
  const addresses = text.split(',').map((address) => address.trim())
  try {
    return proxyAddr.compile(addresses)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(
      `Wrong setting: TRUST_PROXY takes ${TRUST_NOBODY}, the number of proxies, or their addresses; ${reason}`,
    )
  }
}

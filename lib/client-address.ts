import ipaddr from 'ipaddr.js'

/** How much of a client's address is told: nothing, its network, or all of it. */
export const ADDRESS_DETAILS = ['off', 'masked', 'full'] as const
export type AddressDetail = (typeof ADDRESS_DETAILS)[number]

/** Bits of an address that are left when it is masked: a network of some hundred connections, or of one site's. */
const IPV4_BITS = 24
const IPV6_BITS = 48

/** An address without the port that some proxies tell behind it: `192.0.2.7:1234`, `[2001:db8::7]:1234`. */
export function withoutPort(address: string): string {
  const [, ipv4, ipv6] = /^(?:([\d.]+)(?::\d+)?|\[([^\]]+)\](?::\d+)?)$/.exec(address) ?? []
  return ipv4 ?? ipv6 ?? address
}

/**
 * A client's address as far as it may be told; undefined where nothing may, or there is no address (a Unix socket).
 * IPv4 addresses that arrive in the form of IPv6 (`::ffff:192.0.2.7`) become plain ones.
 */
export function tellAddress(address: string | undefined, detail: AddressDetail): string | undefined {
  if (detail === 'off' || address === undefined) return undefined
  const plain = withoutPort(address)
  if (!ipaddr.isValid(plain)) return undefined
  const parsed = ipaddr.process(plain)
  if (detail === 'full') return parsed.toString()
  const isIpv4 = parsed.kind() === 'ipv4'
  const network = `${parsed.toString().split('%', 1)[0]}/${isIpv4 ? IPV4_BITS : IPV6_BITS}`
  const masked = (isIpv4 ? ipaddr.IPv4 : ipaddr.IPv6).networkAddressFromCIDR(network)
  return `${masked.toString()}/${isIpv4 ? IPV4_BITS : IPV6_BITS}`
}

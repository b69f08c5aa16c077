import t from 'tap'
import { tellAddress } from '../lib/client-address.js'

t.test('an address is told as far as the setting lets it be', async (t) => {
  const addresses: [address: string, masked: string, full: string][] = [
    ['192.0.2.77', '192.0.2.0/24', '192.0.2.77'],
    ['::ffff:192.0.2.77', '192.0.2.0/24', '192.0.2.77'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48', '2001:db8:1:2:3:4:5:6'],
    ['fe80::1:2%eth0', 'fe80::/48', 'fe80::1:2%eth0'],
    ['::1', '::/48', '::1'],
    ['192.0.2.77:1234', '192.0.2.0/24', '192.0.2.77'],
    ['[2001:db8:1::6]:1234', '2001:db8:1::/48', '2001:db8:1::6'],
  ]
  for (const [address, masked, full] of addresses) {
    t.equal(tellAddress(address, 'masked'), masked, address)
    t.equal(tellAddress(address, 'full'), full, address)
    t.equal(tellAddress(address, 'off'), undefined, address)
  }
})

t.test('what is no address is not told', async (t) => {
  t.equal(tellAddress(undefined, 'full'), undefined)
  for (const text of ['', 'unknown', '/run/facemetric.sock', 'a.example']) {
    t.equal(tellAddress(text, 'full'), undefined, text)
  }
})

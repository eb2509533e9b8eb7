import { BlockList, isIPv6 } from 'node:net';

// IANA special-purpose registries (RFC 6890 and its updates): nothing of this is on the public internet.
const special = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  special.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of [
  // ::/3 would be simpler still, but 2000::/3 is where the public ones are.
  ['::', 96],
  // Addresses that carry an IPv4 one inside: NAT64, 6to4, Teredo.
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  special.addSubnet(net, prefix, 'ipv6');

/** Is this address one of the public internet? `::ffff:a.b.c.d` counts as a.b.c.d. */
export function isPublicAddress(address: string): boolean {
  if (!isIPv6(address)) return !special.check(address, 'ipv4');
  const mapped = mappedIpv4(address);
  return mapped === null ? !special.check(address, 'ipv6') : !special.check(mapped, 'ipv4');
}

/** The IPv4 address inside ::ffff:0:0/96, however it is spelled. */
function mappedIpv4(address: string): string | null {
  const canonical = new URL(`http://[${address.split('%')[0]}]/`).hostname.slice(1, -1);
  const found = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (!found?.[1] || !found[2]) return null;
  const [high, low] = [Number.parseInt(found[1], 16), Number.parseInt(found[2], 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

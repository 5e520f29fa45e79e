import { BlockList, isIP } from 'node:net';

// https://www.iana.org/assignments/iana-ipv4-special-registry and its IPv6 counterpart, with multicast and reserved space.
const NOT_PUBLIC_V4 =
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 ' +
  '192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 ' +
  // The host's own agent on Azure, at an address that would be public elsewhere.
  '168.63.129.16/32';
/** Of all the rest of IPv6, what is not in here leads into a private network or by a tunnel into IPv4. */
const PUBLIC_V6 = '2000::/3';
const NOT_PUBLIC_V6 = '2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20';

const notPublic = new BlockList();
for (const range of NOT_PUBLIC_V4.split(' ')) add(notPublic, range, 'ipv4');
for (const range of NOT_PUBLIC_V6.split(' ')) add(notPublic, range, 'ipv6');
const publicV6 = new BlockList();
add(publicV6, PUBLIC_V6, 'ipv6');

/** Whether an IP address is one of the open internet's: not of this host, of a private network, or a way around to them. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !notPublic.check(address, 'ipv4');
    case 6:
      // With a zone it is an address of this link.
      return !address.includes('%') && publicV6.check(address, 'ipv6') && !notPublic.check(address, 'ipv6');
    default:
      return false;
  }
}

function add(list: BlockList, range: string, family: 'ipv4' | 'ipv6'): void {
  const [net = '', prefix] = range.split('/');
  list.addSubnet(net, Number(prefix), family);
}

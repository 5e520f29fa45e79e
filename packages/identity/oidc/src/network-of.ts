import { isIPv6 } from 'node:net';

const GROUPS = 8;
/** One network of somebody's: a house or a server has at least that many addresses to come from. */
const NETWORK_GROUPS = 4;

/** Whose an address is, as far as it tells: of IPv6 the /64 that it is in. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(address)?.[1];
  const [plain = ''] = address.split('%');
  if (mapped !== undefined || !isIPv6(plain)) return mapped ?? address;
  const [head = '', tail] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const after = groups(tail ?? '');
  const before = groups(head);
  const zeros = Array.from({ length: GROUPS - before.length - after.length }, () => '0');
  return `${[...before, ...zeros, ...after].slice(0, NETWORK_GROUPS).join(':')}::/64`;
}

import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { GatewayError } from '../errors/gateway-error.ts';
import type { Hook } from '../pipeline/hook.ts';

export type GateOptions = {
  /** Addresses and networks, such as `10.0.0.0/8`, `::1` and `*`. Default: from everywhere. */
  readonly allowFrom?: readonly string[] | undefined;
  /** Goes before `allowFrom`. */
  readonly denyFrom?: readonly string[] | undefined;
};

/** Lets calls in by the address they come from, before anything else is asked of them. Calls of the host's own have none. */
export function gate(options: GateOptions): Hook {
  const check = addressCheck(options);
  return {
    name: 'gate',
    phase: 'auth',
    handle(ctx, next) {
      const { clientAddress, headers } = ctx.source;
      if (headers !== undefined) check(clientAddress);
      return next();
    },
  };
}

/** @throws GatewayError `address_not_allowed` from what it answers. */
export function addressCheck({ allowFrom, denyFrom }: GateOptions): (address: string | undefined) => void {
  const allowed = allowFrom && networks(allowFrom);
  const denied = networks(denyFrom ?? []);
  return (address) => {
    if (denied(address) || allowed?.(address) === false) throw new GatewayError('address_not_allowed', 'Calls are not taken from this address');
  };
}

/** Whether a list of addresses and networks holds one. An address that is not known is in `*` only. */
function networks(entries: readonly string[]): (address: string | undefined) => boolean {
  const list = new BlockList();
  const holdsAll = entries.includes('*');
  for (const entry of entries) {
    const network = readNetwork(entry);
    if (network) list.addSubnet(network.address, network.prefix, network.family);
  }
  return (address) => {
    if (holdsAll || address === undefined) return holdsAll;
    const plain = plainAddress(address);
    return list.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6');
  };
}

export type Network = { readonly address: string; readonly prefix: number; readonly family: 'ipv4' | 'ipv6' };

/** An entry of a list: an address, or a network as CIDR writes it. Nothing where it is neither. */
export function readNetwork(entry: string): Network | undefined {
  const [address = '', bits, ...rest] = entry.split('/');
  const family = isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : undefined;
  if (!family || rest.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return undefined;
  const most = family === 'ipv4' ? 32 : 128;
  const prefix = bits === undefined ? most : Number(bits);
  return prefix <= most ? { address, prefix, family } : undefined;
}

/** IPv4 comes as IPv6 where a server listens for both; zones of link-local addresses are names of this machine's own. */
function plainAddress(address: string): string {
  const bare = address.split('%', 1)[0] as string;
  return /^::ffff:\d/i.test(bare) ? bare.slice(7) : bare;
}

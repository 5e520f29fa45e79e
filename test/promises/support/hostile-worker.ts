import { type Hostile, openHostile } from './hostile.ts';

/** What the parent of this process may ask for. */
export type HostileOrder = { readonly open: Parameters<typeof openHostile> } | { readonly attack: Parameters<Hostile['attack']> };

let hostile: Hostile | undefined;

process.on('message', (order: HostileOrder) => void obey(order));
process.on('disconnect', () => process.exit());

async function obey(order: HostileOrder): Promise<void> {
  if ('open' in order) hostile = await openHostile(...order.open);
  else await hostile?.attack(...order.attack);
  process.send?.({ url: hostile?.url });
}

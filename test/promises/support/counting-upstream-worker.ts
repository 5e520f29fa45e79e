import { type CountingPlan, type CountingUpstream, openCountingUpstream } from './counting-upstream.ts';

/** What the parent of this process may ask for. */
export type CountingOrder = { readonly open: CountingPlan } | 'sent';

let upstream: CountingUpstream | undefined;

process.on('message', (order: CountingOrder) => void obey(order));
process.on('disconnect', () => process.exit());

async function obey(order: CountingOrder): Promise<void> {
  if (order === 'sent') return void process.send?.(await upstream?.sent());
  upstream = await openCountingUpstream(order.open);
  process.send?.(upstream.baseUrl);
}

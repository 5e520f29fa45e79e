import { type Instance, type InstanceOptions, openInstance } from './instance.ts';
import type { Storm } from './storm.ts';

/** What the parent of this process may ask for. */
export type Order =
  | { readonly open: InstanceOptions }
  | { readonly totals: readonly string[]; readonly windowMs?: number | undefined }
  | { readonly storm: Storm }
  | 'tally'
  | 'close';

let instance: Instance | undefined;

process.on('message', (order: Order) => void obey(order));
process.on('disconnect', () => process.exit());

async function obey(order: Order): Promise<void> {
  if (order === 'tally') process.send?.({ tally: await instance?.tally() });
  else if (order === 'close') {
    await instance?.close();
    process.exit();
  } else if ('totals' in order) process.send?.(await instance?.totals(order.totals, order.windowMs));
  else if ('storm' in order) process.send?.(await instance?.storm(order.storm));
  else {
    instance = await openInstance(order.open);
    process.send?.({ url: instance.url, filesAtStart: instance.filesAtStart });
  }
}

import { describe, expect, it } from 'vitest';
import { memoryStore } from '../store/memory-store.ts';
import { type OpenBatch, OpenBatches } from './open-batches.ts';

const batch = (upstreamId: string): OpenBatch => ({ ref: { deployment: 'd', model: 'm', upstreamId }, overdueAt: 1 });

async function idsIn(open: OpenBatches): Promise<string[]> {
  const ids: string[] = [];
  for await (const { batch: found } of open.all()) ids.push(found.ref.upstreamId);
  return ids;
}

async function added(open: OpenBatches, id: string): Promise<number> {
  const place = await open.nextPlace();
  await open.add(place, batch(id));
  return place;
}

describe('the batches that are open', () => {
  it('are the same for every gateway of a store, until they are forgotten', async () => {
    const store = memoryStore();
    const [one, other] = [new OpenBatches(store), new OpenBatches(store)];
    const ids = Array.from({ length: 120 }, (_, index) => `b${index}`);
    const places: number[] = [];
    for (const [index, id] of ids.entries()) places.push(await added(index % 2 === 0 ? one : other, id));
    expect(await idsIn(one)).toEqual(ids);
    for (const place of places.slice(0, 100)) await other.forget(place);
    expect(await idsIn(one)).toEqual(ids.slice(100));
    expect(await idsIn(other)).toEqual(ids.slice(100));
  });

  it('are not looked for again where all have been forgotten, and one that is being written down is never passed over', async () => {
    const plain = memoryStore();
    let reads = 0;
    const open = new OpenBatches({ ...plain, get: (key) => (/open:\d+$/.test(key) ? (reads += 1) : 0, plain.get(key)) });
    for (let count = 0; count < 200; count += 1) await open.forget(await added(open, `b${count}`));
    const late = await open.nextPlace();
    expect(await idsIn(open)).toEqual([]);
    await open.add(late, batch('late'));
    expect(await idsIn(open)).toEqual(['late']);
    reads = 0;
    expect(await idsIn(open)).toEqual(['late']);
    expect(reads).toBe(1);
  });

  it('are looked at by one gateway only, and by none for a while after', async () => {
    let now = 1_000_000;
    const store = memoryStore({ now: () => now });
    const gateways = Array.from({ length: 5 }, () => new OpenBatches(store));
    const looks = async (): Promise<number> => (await Promise.all(gateways.map((open) => open.claim(7, 60_000)))).filter(Boolean).length;
    expect(await looks()).toBe(1);
    now += 50_000;
    expect(await looks()).toBe(0);
    now += 20_000;
    expect(await looks()).toBe(1);
  });
});

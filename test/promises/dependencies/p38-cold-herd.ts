import { issueKey } from '@sluice/core';
import { sqlDirectoryStore } from '@sluice/store-sql';
import { createClient } from '@redis/client';
import { after, answer, startUpstream } from '../../governance/support/upstream.ts';
import { atMost, none } from '../frame/check.ts';
import type { Evidence, Proof, Run } from '../frame/proof.ts';
import { atRate, call, type Called, failures } from '../support/call.ts';
import { countingProxy } from '../support/counting-proxy.ts';
import { startInstance } from '../support/fork-instance.ts';
import { type GovernedSite, lacksServers, overSites } from '../support/governed-sites.ts';
import { groupOf } from '../support/group-of.ts';
import type { Instance } from '../support/instance.ts';
import { PAID } from '../support/paid-model.ts';

const SALT = 'a salt key for the proofs of Sluice';
/** Every so many calls one brings a key that nobody knows. */
const STRANGERS = 10;

export const proof: Proof = {
  id: 'P38',
  promise: 'A herd that meets cold caches does not trample the database',
  lacks: lacksServers,
  prove: (run) => overSites(run, ['one'], (site) => herd(run, site)),
};

/** A gateway that has just been started is asked at full speed, and its Redis is emptied under it. */
async function herd(run: Run, site: GovernedSite): Promise<Evidence> {
  const [keys, rate, seconds] = [run.scaled(5_000, 200), run.scaled(500, 100), run.scaled(30, 4)];
  const upstream = await startUpstream(after(20, answer()));
  const { ledger, redisUrl } = site.backing('herd');
  const known = await issued(ledger?.url ?? '', keys);
  const proxy = await countingProxy(ledger?.url ?? '');
  let instance: Instance | undefined;
  try {
    instance = await startInstance(run, {
      models: [groupOf('m', [upstream.baseUrl], {}, { price: PAID })],
      directory: { url: proxy.url, saltKey: SALT },
      ledger: { url: proxy.url, journalDir: ledger?.journalDir ?? '' },
      redisUrl: redisUrl ?? '',
      redis: { timeoutMs: 5_000 },
    });
    const { url } = instance;
    const one = (index: number): Promise<Called> => {
      const key = index % STRANGERS === 0 ? `sk-nobody-knows-this-one-${index}` : known[index % keys];
      return call(url, 'm', { max_tokens: 10 }, { authorization: `Bearer ${key}` });
    };
    const first = await atRate(rate, seconds / 2, one);
    await emptied(redisUrl ?? '');
    const second = await atRate(rate, seconds / 2, (index) => one(first.length + index));
    const all = [...first, ...second];
    const [ours, strangers] = [all.filter((_, index) => index % STRANGERS !== 0), all.filter((_, index) => index % STRANGERS === 0)];
    const met = new Set(all.flatMap((_, index) => (index % STRANGERS === 0 ? [] : [index % keys]))).size;
    const spends = proxy.queries.filter((text) => /^select .*spend_hourly/.test(text)).length;
    const reads = proxy.queries.filter((text) => /^select .*"objects"/.test(text)).length;
    return {
      test: `${rate} calls a second with ${keys} keys in turn and a stranger every ${STRANGERS}, from the start on, Redis emptied half-way`,
      n: all.length,
      checks: [
        atMost('queries of spend, by key', spends / met, 1),
        atMost('reads of the directory, by second', reads / seconds, 25, { bearable: 100 }),
        none('errors of known keys', failures(ours), ours.length),
        none('401 of known keys', failures(ours).filter((error) => error.startsWith('401')).length, ours.length),
        none('strangers that were not told so', failures(strangers).filter((error) => !error.startsWith('401')).length, strangers.length),
      ],
    };
  } finally {
    await instance?.close();
    await Promise.all([proxy.close(), upstream.close()]);
  }
}

/** Keys with budgets, made as management makes them. */
async function issued(url: string, count: number): Promise<readonly string[]> {
  const store = sqlDirectoryStore({ url });
  const made = Array.from({ length: count }, (_, index) => ({ id: `herd-${index}`, ...issueKey(SALT) }));
  for (let from = 0; from < count; from += 500)
    await store.write(
      made
        .slice(from, from + 500)
        .map(({ id, stored }) => ({ kind: 'key' as const, id, from: 0, body: { ...stored, hashes: [...stored.hashes], max_budget: 100 } })),
      [],
    );
  await store.close?.();
  return made.map(({ key }) => key);
}

async function emptied(redisUrl: string): Promise<void> {
  const client = createClient({ url: redisUrl });
  await client.connect();
  await client.flushAll();
  client.destroy();
}

import { request } from 'node:http';
import { atMost, exactly } from '../frame/check.ts';
import type { Proof } from '../frame/proof.ts';
import { percentile } from '../../support/percentile.ts';
import { startInstance } from '../support/fork-instance.ts';
import { groupOf } from '../support/group-of.ts';
import { mockUpstream } from '../support/mock-upstream.ts';
import { streamOf } from '../support/stream-of.ts';
import { ledgerCheck } from '../support/ledger-check.ts';

export const proof: Proof = {
  id: 'P22',
  promise: 'Events are handed on as they come',
  async prove(run) {
    const [events, streams] = [run.scaled(1_000, 50), run.scaled(5, 2)];
    const upstream = await mockUpstream((res) => streamOf(res, { words: events, everyMs: 10, word: () => ` ${performance.now()} ` }));
    const instance = await startInstance(run, { models: [groupOf('m', [upstream.url])] });
    try {
      await listen(instance.url);
      // The same streams without the gateway, at the same time: what they take is the machine's.
      const urls = Array.from({ length: streams }, () => [instance.url, upstream.url]).flat();
      const heard = await Promise.all(urls.map(listen));
      const through = heard.filter((_, index) => index % 2 === 0).flat();
      const bare = heard.filter((_, index) => index % 2 === 1).flat();
      return [
        {
          test: `${streams} streams of ${events.toLocaleString('en-US')} events at 10 ms, beside as many without the gateway`,
          n: through.length,
          checks: [
            exactly('events that arrived', through.length, events * streams),
            await ledgerCheck({ instances: [instance], isShared: false, calls: streams + 1, upstreams: [upstream] }),
            atMost('added delay, median', percentile(through, 0.5) - percentile(bare, 0.5), 5, { unit: 'ms', bearable: 200 }),
            atMost('added delay, p99', percentile(through, 0.99) - percentile(bare, 0.99), 5, { unit: 'ms', bearable: 1_000 }),
          ],
        },
      ];
    } finally {
      await instance.close();
      await upstream.close();
    }
  },
};

/** How long each event was on its way, by the time that it carries. */
function listen(url: string): Promise<number[]> {
  const body = JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'Say it' }] });
  return new Promise((resolve, reject) => {
    const delays: number[] = [];
    const sent = request(`${url}/chat/completions`, { method: 'POST', headers: { 'content-type': 'application/json' } }, (res) => {
      res.on('error', reject);
      res.on('data', (chunk: Buffer) => {
        const now = performance.now();
        for (const [, at] of chunk.toString().matchAll(/"content":" ([\d.]+) "/g)) delays.push(now - Number(at));
      });
      res.on('end', () => resolve(delays));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

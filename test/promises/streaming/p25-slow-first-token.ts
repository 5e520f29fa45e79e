import { request } from 'node:http';
import { atMost, exactly, none } from '../frame/check.ts';
import type { Proof } from '../frame/proof.ts';
import { startInstance } from '../support/fork-instance.ts';
import { groupOf } from '../support/group-of.ts';
import { mockUpstream } from '../support/mock-upstream.ts';
import { streamOf } from '../support/stream-of.ts';
import { ledgerCheck } from '../support/ledger-check.ts';

const COMMENT = /^(?:: [^\n]*\n\n)*$/;

export const proof: Proof = {
  id: 'P25',
  promise: 'Slow first tokens survive idle proxies',
  async prove(run) {
    const [silentMs, callers] = [run.scaled(90_000, 400), run.scaled(20, 3)];
    const upstream = await mockUpstream((res) => void setTimeout(() => streamOf(res, { words: 3 }), silentMs));
    const instance = await startInstance(run, { models: [groupOf('m', [upstream.url])], streamHeadAfterMs: run.scaled(10_000, 50) });
    try {
      const heard = await Promise.all(Array.from({ length: callers }, () => listen(instance.url)));
      const silences = heard.map(({ beforeFirst }) => beforeFirst);
      return [
        {
          test: `streams whose first token takes ${silentMs / 1000} s`,
          n: callers,
          checks: [
            atMost('longest gap', Math.max(...heard.map(({ longestGapMs }) => longestGapMs)) / 1000, 15, { unit: 's', bearable: 16 }),
            none('anything but comments before the first token', silences.filter((text) => !COMMENT.test(text)).length, callers),
            none('streams that did not end whole', heard.filter(({ isWhole }) => !isWhole).length, callers),
            exactly('requests upstream', upstream.arrivals.length, callers),
            await ledgerCheck({ instances: [instance], isShared: false, calls: callers, upstreams: [upstream] }),
          ],
        },
      ];
    } finally {
      await instance.close();
      await upstream.close();
    }
  },
};

type Heard = { readonly longestGapMs: number; readonly beforeFirst: string; readonly isWhole: boolean };

function listen(url: string): Promise<Heard> {
  const body = JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'Take your time' }] });
  return new Promise((resolve, reject) => {
    let [last, longestGapMs, text] = [performance.now(), 0, ''];
    const note = (): void => {
      const now = performance.now();
      longestGapMs = Math.max(longestGapMs, now - last);
      last = now;
    };
    const sent = request(`${url}/chat/completions`, { method: 'POST', headers: { 'content-type': 'application/json' } }, (res) => {
      note();
      res.on('error', reject);
      res.on('data', (chunk: Buffer) => {
        note();
        text += chunk;
      });
      res.on('end', () =>
        resolve({ longestGapMs, beforeFirst: text.slice(0, Math.max(0, text.indexOf('data: '))), isWhole: text.endsWith('data: [DONE]\n\n') }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

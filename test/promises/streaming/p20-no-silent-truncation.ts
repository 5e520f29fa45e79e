import { ANSWER_TEXT } from '@sluice/testing';
import { faultProxy } from '@sluice/testing/servers';
import { exactly, none } from '../frame/check.ts';
import type { Evidence, Proof, Run } from '../frame/proof.ts';
import { call } from '../support/call.ts';
import { groupOf } from '../support/group-of.ts';
import { openInstance } from '../support/instance.ts';
import { mockUpstream } from '../support/mock-upstream.ts';
import { streamOf } from '../support/stream-of.ts';
import { toTold } from '../../resilience/support.ts';
import { ledgerCheck } from '../support/ledger-check.ts';

const WORDS = ANSWER_TEXT.match(/\S+\s*/g) ?? [];

export const proof: Proof = {
  id: 'P20',
  promise: 'No stream is cut in silence',
  prove: async (run) => [await sweep(run, 'fin'), await sweep(run, 'rst')],
};

/** A proxy cuts the connection to the upstream behind every byte of its answer in turn. */
async function sweep(run: Run, how: 'fin' | 'rst'): Promise<Evidence> {
  const words = Array.from({ length: 20 }, (_, index) => WORDS[index % WORDS.length] ?? '');
  const text = words.join('');
  // An event a turn of the loop, so that some reach the caller before the cut.
  const upstream = await mockUpstream((res) => streamOf(res, { words: words.length, word: (index) => words[index] ?? '' }));
  const proxy = await faultProxy(upstream.port);
  const instance = await openInstance({ models: [groupOf('m', [`http://127.0.0.1:${proxy.port}/v1`])], router: { retries: 0, cooldownMs: 0 } });
  try {
    // Where the end of the stream stands is found out by the first cut that does no harm.
    const [silent, other]: [string[], string[]] = [[], []];
    let [n, isWhole, begun] = [0, false, 0];
    for (let at = 0; at < 20_000 && !isWhole; at += run.scaled(1, 331), n += 1) {
      proxy.fault = { kind: 'cut', at, how };
      const answered = await call(instance.url, 'm', { stream: true });
      const told = toTold({ status: answered.status, headers: new Headers(), body: answered.text });
      isWhole = told.isDone && told.error === undefined && told.text === text;
      if (isWhole) break;
      if (told.text !== '') begun += 1;
      if (told.isDone || told.error === undefined) silent.push(`at byte ${at}: done ${told.isDone}, error ${told.error}`);
      if (!text.startsWith(told.text)) other.push(`at byte ${at}: ${told.text}`);
    }
    return {
      test: `the connection to the upstream ends by ${how.toUpperCase()} behind each byte of a stream of ${n.toLocaleString('en-US')}, ${begun.toLocaleString('en-US')} of them behind the first token`,
      n,
      checks: [
        none('streams without an error event, or with [DONE]', silent, n),
        none('texts that are no beginning of the answer', other, n),
        exactly('found the end', isWhole ? 1 : 0, 1),
        await ledgerCheck({ instances: [instance], isShared: false, calls: isWhole ? n + 1 : n, upstreams: [upstream] }),
      ],
    };
  } finally {
    await instance.close();
    await proxy.close();
    await upstream.close();
  }
}

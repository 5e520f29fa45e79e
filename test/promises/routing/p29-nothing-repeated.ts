import { ANSWER_TEXT, type Fault, faultlessStream, faultUpstream } from '@sluice/testing';
import type { ModelGroup } from '@sluice/core';
import { none } from '../frame/check.ts';
import type { Proof } from '../frame/proof.ts';
import { call } from '../support/call.ts';
import { groupOf } from '../support/group-of.ts';
import { openInstance } from '../support/instance.ts';
import { toTold } from '../../resilience/support.ts';
import { ledgerCheck } from '../support/ledger-check.ts';

/** Calls for one gateway: each has groups of its own, and so deployments that nobody has failed at before. */
const BATCH = 100;

type Broken = { readonly repeated: string[]; readonly silent: string[]; readonly over: string[]; readonly apart: string[] };

export const proof: Proof = {
  id: 'P29',
  promise: 'Nothing is repeated after the first visible byte',
  async prove(run) {
    const calls = run.scaled(10_000, 100);
    const upstream = await faultUpstream();
    const found: Broken = { repeated: [], silent: [], over: [], apart: [] };
    let [begun, tries] = [0, 0];
    try {
      for (let first = 0; first < calls; first += BATCH) {
        upstream.reset();
        const chains = Array.from({ length: BATCH }, (_, index) => randomChain(`c${first + index}`, run.random, upstream.urlOf));
        const instance = await openInstance({
          models: chains.flat(),
          timeoutMs: 400,
          idleTimeoutMs: 400,
          router: { retries: 1, backoffMs: 1, maxBackoffMs: 2 },
        });
        const answers = await Promise.all(chains.map(([group]) => call(instance.url, group?.name ?? '', { stream: true })));
        for (const [index, { status, text, headers }] of answers.entries()) {
          const told = toTold({ status, headers: new Headers(), body: text });
          const name = chains[index]?.[0]?.name ?? '';
          if (told.text !== '') begun += 1;
          if (!ANSWER_TEXT.startsWith(told.text) || text.split('"role":"assistant"').length > 2) found.repeated.push(`${name}: ${told.text}`);
          if (told.isDone === (told.error !== undefined) || (told.isDone && told.text !== ANSWER_TEXT)) found.silent.push(`${name}: ${text.slice(-100)}`);
          // Three groups, each tried once more than at first.
          const attempts = 1 + Number(headers['x-sluice-attempted-retries']) + Number(headers['x-sluice-attempted-fallbacks']);
          if (!(attempts <= 6)) found.over.push(`${name}: ${attempts}`);
        }
        tries += upstream.requests.length;
        const books = await ledgerCheck({ instances: [instance], isShared: false, calls: answers.length });
        if (!books.isKept) found.apart.push(books.value);
        await instance.close();
      }
    } finally {
      await upstream.close();
    }
    return [
      {
        test: `streams over up to three groups of faulty deployments, ${tries.toLocaleString('en-US')} tries, ${begun.toLocaleString('en-US')} answers begun`,
        n: calls,
        checks: [
          none('texts with something repeated', found.repeated, calls),
          none('streams that end neither whole nor by an error', found.silent, calls),
          none('calls with more than six tries', found.over, calls),
          none('L: books that do not agree, or do not close', found.apart, calls / BATCH),
        ],
      },
    ];
  },
};

/** A group with its fallbacks, each with one or two deployments that have faults of their own. */
function randomChain(name: string, random: () => number, urlOf: (fault: Fault) => string): ModelGroup[] {
  const names = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, index) => (index === 0 ? name : `${name}-f${index}`));
  return names.map((own, index) => {
    const next = names[index + 1];
    const urls = Array.from({ length: 1 + Math.floor(random() * 2) }, () => urlOf(randomFault(random)));
    return groupOf(own, urls, next === undefined ? {} : { fallbacks: [next] });
  });
}

function randomFault(random: () => number): Fault {
  const framing = (['chunked', 'until-close', 'length'] as const)[Math.floor(random() * 3)] ?? 'chunked';
  const at = Math.floor(random() * faultlessStream(framing).length);
  const faults: readonly Fault[] = [
    { kind: 'cut', at, how: 'fin', framing },
    { kind: 'cut', at, how: 'rst', framing },
    { kind: 'cut', at: 0, how: 'rst' },
    { kind: 'stall', at: Math.floor(at / 2) },
    { kind: 'bad-chunk' },
    { kind: 'garbage' },
    { kind: 'no-json' },
    { kind: 'status', status: [429, 500, 502, 503, 529][Math.floor(random() * 5)] ?? 500 },
    { kind: 'error-event', message: 'overloaded' },
    { kind: 'none', framing },
  ];
  return faults[Math.floor(random() * faults.length)] as Fault;
}

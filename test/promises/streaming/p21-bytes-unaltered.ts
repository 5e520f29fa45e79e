import { createGateway, type Gateway, type Provider } from '@sluice/core';
import { openaiCompatible } from '@sluice/provider-openai';
import { none } from '../frame/check.ts';
import type { Proof } from '../frame/proof.ts';
import { groupOf } from '../support/group-of.ts';
import { cutAnywhere, framed, randomWords } from '../support/sse-bytes.ts';
import { toTold } from '../../resilience/support.ts';

export const proof: Proof = {
  id: 'P21',
  promise: 'Bytes are not altered, and no event is held back',
  async prove(run) {
    const streams = run.scaled(100_000, 150);
    let body: () => AsyncGenerator<Uint8Array> = () => piecewise([], () => undefined);
    const provider: Provider = {
      ...openaiCompatible({ name: 'upstream', baseUrl: 'http://127.0.0.1:1/v1' }),
      send: () => Promise.resolve({ status: 200, headers: { 'content-type': 'text/event-stream' }, body: body() }),
    };
    const gateway = createGateway({ auth: false, providers: [provider], models: [groupOf('m', ['http://127.0.0.1:1/v1'])] });
    const [altered, replaced, held]: [string[], string[], string[]] = [[], [], []];
    for (let index = 0; index < streams; index += 1) {
      const words = randomWords(run.random);
      const { bytes, ends } = framed(words, run.random);
      let heard = '';
      let isHeld = false;
      const pieces = cutAnywhere(bytes, run.random);
      body = () =>
        piecewise(pieces, (given) => {
          // What has come whole has to be out before anything else is asked for.
          const due = ends.filter((end) => end <= given).length;
          if ((heard.match(/^data: \{/gm)?.length ?? 0) < due) isHeld = true;
        });
      heard = await read(gateway, (piece) => (heard += piece));
      const told = toTold({ status: 200, headers: new Headers(), body: heard });
      const text = words.join('');
      if (told.text !== text || !told.isDone || told.error !== undefined) altered.push(JSON.stringify([index, text, told]).slice(0, 200));
      if (told.text.split('\uFFFD').length !== text.split('\uFFFD').length) replaced.push(String(index));
      if (isHeld) held.push(String(index));
    }
    await gateway.close();
    return [
      {
        test: 'streams of random words, line ends, comments and fields, cut at random bytes',
        n: streams,
        checks: [
          none('texts that differ', altered, streams),
          none('letters replaced by U+FFFD', replaced, streams),
          none('streams with an event held back', held, streams),
        ],
      },
    ];
  },
};

async function read(gateway: Gateway, hear: (piece: string) => void): Promise<string> {
  const response = await gateway.fetch('http://sluice/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'Say it' }] }),
  });
  let text = '';
  const decoder = new TextDecoder();
  for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
    const part = decoder.decode(piece, { stream: true });
    text += part;
    hear(part);
  }
  return text;
}

/** The pieces one by one, each after whatever the last one has set off has come to rest. */
async function* piecewise(pieces: readonly Uint8Array[], check: (given: number) => void): AsyncGenerator<Uint8Array> {
  let given = 0;
  for (const piece of pieces) {
    if (given > 0) {
      await new Promise((resolve) => setImmediate(resolve));
      check(given);
    }
    given += piece.length;
    yield piece;
  }
}

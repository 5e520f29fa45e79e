import { ANSWER_TEXT, type FaultUpstream, faultUpstream, faultlessStream, type Framing } from '@sluice/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, group, openGateway, type Told, toTold } from './support.ts';

let upstream: FaultUpstream;

beforeAll(async () => {
  upstream = await faultUpstream();
});

afterAll(() => upstream.close());

async function tell(url: string): Promise<Told> {
  const gateway = openGateway([group('m', [url])], { router: { retries: 0 } });
  try {
    return toTold(await ask(gateway, 'm'));
  } finally {
    await gateway.close();
  }
}

describe('a stream that breaks off is never taken for a whole one (P20)', () => {
  const sweeps: readonly (readonly [how: 'fin' | 'rst', framing: Framing, step: number])[] = [
    ['fin', 'chunked', 1],
    ['rst', 'chunked', 3],
    ['fin', 'until-close', 1],
    ['rst', 'until-close', 7],
    ['fin', 'length', 7],
    ['rst', 'length', 7],
  ];

  it.each(sweeps)(
    'cut by %s, framed %s, at every byte (step %i)',
    async (how, framing, step) => {
      const whole = faultlessStream(framing);
      const endsAt = whole.indexOf('data: [DONE]');
      const models = Array.from({ length: Math.ceil(whole.length / step) }, (_, index) =>
        group(`at-${index * step}`, [upstream.urlOf({ kind: 'cut', how, framing, at: index * step })]),
      );
      const one = openGateway(models, { router: { retries: 0 } });
      for (let at = 0; at < whole.length; at += step) {
        const told = toTold(await ask(one, `at-${at}`));
        expect([at, ANSWER_TEXT.startsWith(told.text)]).toEqual([at, true]);
        expect([at, told.isDone && told.error !== undefined]).toEqual([at, false]);
        if (at <= endsAt) expect([at, told.isDone, told.error]).toEqual([at, false, expect.stringMatching(/^upstream_/)]);
        if (told.isDone) expect([at, told.text]).toEqual([at, ANSWER_TEXT]);
      }
      await one.close();
    },
    120_000,
  );

  it('says all of a whole one', async () => {
    for (const framing of ['chunked', 'length', 'until-close'] as const) {
      expect(await tell(upstream.urlOf({ kind: 'none', framing }))).toEqual({ text: ANSWER_TEXT, isDone: true, error: undefined });
    }
  });
});

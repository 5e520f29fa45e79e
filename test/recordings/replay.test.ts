import { afterAll, describe, expect, test } from 'vitest';
import { recordedIn } from '../support/recordings.ts';
import { HOSTS } from './hosts.ts';
import { replay } from './replay/replay.ts';
import { Tally } from './replay/tally.ts';

const tally = new Tally();

for (const host of HOSTS) {
  const { folder, operation, leftOut = {}, misses = {} } = host;
  // A status of 0 is a connection that never answered.
  const exchanges = recordedIn(folder).filter(({ id, response }) => response.status !== 0 && leftOut[id] === undefined);

  describe(`${operation} recordings of ${folder}`, () => {
    test('are there', (ctx) => {
      if (exchanges.length === 0) ctx.skip('no recordings beside the checkout');
    });

    test.each(exchanges.map((exchange) => [exchange.id, exchange] as const))('%s', async (id, exchange) => {
      const wrong = await replay(host, exchange);
      tally.add(host, exchange.features, wrong.length === 0);
      const reason = misses[id];
      if (reason !== undefined) tally.miss(id, reason);
      // A miss that is answered right by now is one to take off the list.
      if (reason === undefined) expect(wrong).toEqual([]);
      else expect(wrong).not.toEqual([]);
    });
  });
}

afterAll(() => console.log(String(tally)));

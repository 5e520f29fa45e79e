import { createGateway, memoryStore } from '@sluice/core';
import { between, none } from '../frame/check.ts';
import type { Evidence, Proof, Run } from '../frame/proof.ts';
import { completion, localProvider } from '../support/local-provider.ts';
import { ALLOWED_ONE_CENT, PAID, TOKEN_NANO_USD } from '../support/paid-model.ts';

const CENT = 10 * TOKEN_NANO_USD;
const DAY_MS = 86_400_000;
const SECOND = 1_000;
const ZONES = ['UTC', 'America/New_York', 'Europe/Berlin', 'Asia/Kolkata', 'Australia/Lord_Howe', 'America/Santiago'];

export const proof: Proof = {
  id: 'P10',
  promise: 'Budget windows begin anew at local midnight, once',
  async prove(run) {
    const days = run.scaled(3_653, 40);
    const all: Evidence[] = [];
    // The gateway asks the clock of the machine for it, so that one is replaced meanwhile.
    const clock = Date.now;
    try {
      for (const zone of ZONES) all.push(await everyMidnight(zone, days));
      all.push(await jumps(run));
    } finally {
      Date.now = clock;
    }
    return all;
  },
};

/** A cent a day: it has to be there again from midnight on, at most a second late and never early, and once. */
async function everyMidnight(zone: string, days: number): Promise<Evidence> {
  const site = open(zone, true);
  const found = { early: 0, late: 0, twice: 0 };
  let midnight = nextMidnight(Date.UTC(2026, 0, 1, 12), zone);
  await site.passes(midnight - DAY_MS / 3);
  for (let day = 0; day < days; day += 1) {
    if (await site.passes(midnight - SECOND)) found.early += 1;
    if (!(await site.passes(midnight + SECOND))) found.late += 1;
    const next = nextMidnight(midnight + DAY_MS / 2, zone);
    if (await site.passes(midnight + (next - midnight) / 2)) found.twice += 1;
    midnight = next;
  }
  await site.close();
  return {
    test: `a cent a day in ${zone}, asked for a second before and after each midnight and at noon`,
    n: days,
    checks: [
      none('begun anew more than a second early', found.early, days),
      none('begun anew more than a second late', found.late, days),
      none('begun anew twice', found.twice, days),
    ],
  };
}

/** The clock is set while the gateway runs. A day that was used up stays so, whenever it is come back to. */
async function jumps(run: Run): Promise<Evidence> {
  const rounds = run.scaled(500, 20);
  const found = { double: 0, locked: 0, least: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const zone = ZONES[Math.floor(run.random() * ZONES.length)] as string;
    const site = open(zone, false);
    const now = Date.UTC(2026, 0, 1) + Math.floor(run.random() * 3_650) * DAY_MS + Math.floor(run.random() * DAY_MS);
    const usedUp = nextMidnight(now, zone);
    if (!(await site.passes(usedUp + 4 * 3_600_000))) found.locked += 1;
    if (await site.passes(usedUp + 2 * 3_600_000)) found.double += 1;
    if (!(await site.passes(usedUp + 40 * DAY_MS + 7_200_000))) found.locked += 1;
    if (await site.passes(usedUp + 5 * 3_600_000)) found.double += 1;
    // Whether a day before all others is fresh is for the ledger to say, which has spent since then.
    await site.passes(usedUp - 40 * DAY_MS + 7_200_000);
    if (await site.passes(usedUp - 40 * DAY_MS + 7_300_000)) found.double += 1;
    found.least = Math.min(found.least, site.leastLeft());
    await site.close();
  }
  return {
    test: 'the clock set back by 2 h, forth by 40 days, back to the day that was used up, back by 40 more',
    n: rounds,
    checks: [
      none('a day spent twice', found.double, 3 * rounds),
      none('a fresh day refused', found.locked, 2 * rounds),
      between('least that was left', [found.least, 0], [0, 0]),
    ],
  };
}

type Clocked = { passes(at: number): Promise<boolean>; leastLeft(): number; close(): Promise<void> };

/** The store of a gateway keeps its pace when the clock is set; `storeFollows` it where days are to pass. */
function open(timeZone: string, storeFollows: boolean): Clocked {
  let now = 0;
  let opened: number | undefined;
  let least = 0;
  Date.now = () => now;
  const spent: { at: number; costNanoUsd: number }[] = [];
  const gateway = createGateway({
    providers: [localProvider(() => ({ status: 200, body: completion({ prompt_tokens: 0, completion_tokens: 10 }) }))],
    models: [{ name: 'm', deployments: [{ id: 'd', provider: 'local', model: 'm', price: PAID }] }],
    allowance: { perKey: { budgetNanoUsd: CENT, budgetWindow: { length: '1d', timeZone } } },
    store: memoryStore({ now: () => (storeFollows ? now : (opened ??= now)) }),
    ledger: {
      append: async ({ costNanoUsd = 0 }) => void spent.push({ at: now, costNanoUsd }),
      spentSince: async (_, since) => spent.filter(({ at }) => at >= since).reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0),
    },
    onError: () => undefined,
  });
  return {
    async passes(at) {
      now = at;
      try {
        await gateway.chat.completions.create(ALLOWED_ONE_CENT as never, { principal: { keyId: 'k' } });
        await gateway.idle();
        return true;
      } catch (error) {
        const [, left = '0'] = /has \$(-?[\d.]+) left/.exec(String(error)) ?? [];
        least = Math.min(least, Number(left));
        return false;
      }
    },
    leastLeft: () => least,
    close: () => gateway.close(),
  };
}

/** The first instant of the next local day, found by halving: the date that the zone's clocks show changes there. */
function nextMidnight(after: number, timeZone: string): number {
  const format = formatOf(timeZone);
  const today = format.format(after);
  let [early, late] = [after, after + 26 * 3_600_000];
  while (late - early > 1) {
    const middle = Math.floor((early + late) / 2);
    if (format.format(middle) === today) early = middle;
    else late = middle;
  }
  return late;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let found = formats.get(timeZone);
  if (!found) formats.set(timeZone, (found = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' })));
  return found;
}

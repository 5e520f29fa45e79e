import { atMost, between, none } from '../frame/check.ts';
import type { Evidence, Proof, Run } from '../frame/proof.ts';
import { call } from '../support/call.ts';
import { groupOf } from '../support/group-of.ts';
import { openInstance } from '../support/instance.ts';
import { answerAfter, mockUpstream, refuseWith } from '../support/mock-upstream.ts';
import { ledgerCheck } from '../support/ledger-check.ts';

type Headers = Readonly<Record<string, string>>;
type Form = readonly [name: string, headers: () => Headers, asksMs: (headers: Headers) => number];

const inSeconds = (seconds: number): Date => new Date(Date.now() + seconds * 1000);
const untilDate = ({ 'retry-after': date = '' }: Headers): number => Math.max(0, Date.parse(date.endsWith('GMT') ? date : `${date} GMT`) - Date.now());
const always = (ms: number) => () => ms;

/** The three forms of a date are those that HTTP names: RFC 9110, 5.6.7. */
const FORMS: readonly Form[] = [
  ['seconds', () => ({ 'retry-after': '1' }), always(1_000)],
  ['broken seconds', () => ({ 'retry-after': '1.5' }), always(1_500)],
  ['a date', () => ({ 'retry-after': inSeconds(3).toUTCString() }), untilDate],
  ['a date as in RFC 850', () => ({ 'retry-after': toRfc850(inSeconds(3)) }), untilDate],
  ['a date as by asctime', () => ({ 'retry-after': toAsctime(inSeconds(3)) }), untilDate],
  ['a date that has passed', () => ({ 'retry-after': inSeconds(-60).toUTCString() }), always(0)],
  ['zero', () => ({ 'retry-after': '0' }), always(0)],
  ['a negative number', () => ({ 'retry-after': '-5' }), always(0)],
  ['nonsense', () => ({ 'retry-after': 'soon' }), always(0)],
  ['nothing', () => ({ 'retry-after': '' }), always(0)],
  ['milliseconds', () => ({ 'retry-after-ms': '1250' }), always(1_250)],
  ['milliseconds beside seconds', () => ({ 'retry-after-ms': '1250', 'retry-after': '30' }), always(1_250)],
];

/** Longer than anybody is held for. */
const TOO_LONG: readonly (readonly [name: string, headers: () => Headers])[] = [
  ['seconds', () => ({ 'retry-after': '90' })],
  ['a date', () => ({ 'retry-after': inSeconds(90).toUTCString() })],
  ['milliseconds', () => ({ 'retry-after-ms': '90000' })],
];

export const proof: Proof = {
  id: 'P30',
  promise: 'Retry-After is honoured in all its forms',
  async prove(run) {
    const times = run.scaled(20, 2);
    return [...(await Promise.all(FORMS.map((form) => waits(form, times, run)))), await cap()];
  },
};

/** Asked to wait, then answered; the upstream's own clock says how long it took until the next try. */
async function waits([name, headers, asksMs]: Form, times: number, run: Run): Promise<Evidence> {
  const asked = new Map<number, number>();
  const upstream = await mockUpstream((res, request) => {
    if (upstream.arrivals.length % 2 === 0) return answerAfter(0)(res, request);
    const said = headers();
    asked.set(upstream.arrivals.length, asksMs(said));
    refuseWith(429, said)(res, request);
  });
  const instance = await openInstance({ models: [groupOf('m', [upstream.url])], router: { backoffMs: 20, cooldownMs: 0 } });
  try {
    const [offs, late]: [number[], number[]] = [[], []];
    // The first call of a process is slow by itself.
    for (let index = -1; index < times; index += 1) {
      const { status } = await call(instance.url, 'm');
      if (status !== 200) throw new Error(`${name}: answered with ${status}`);
      const [first, second] = upstream.arrivals.slice(-2) as [number, number];
      if (index < 0) continue;
      const wantedMs = asked.get(upstream.arrivals.length - 1) ?? 0;
      if (wantedMs > 0) offs.push((100 * (second - first - wantedMs)) / wantedMs);
      else late.push(second - first);
    }
    const check =
      offs.length > 0
        ? between('wait against what was asked for', [Math.min(...offs), Math.max(...offs)], [-1, 10], { unit: '%', bearable: run.isShort ? 500 : 10 })
        : atMost('longest wait', Math.max(...late), 100, { unit: 'ms', bearable: 2_000 });
    const calls = times + 1;
    const books = await ledgerCheck({ instances: [instance], isShared: false, calls, answered: calls, upstreams: [upstream] });
    return { test: `refused once, with ${name}`, n: times, checks: [check, books] };
  } finally {
    await instance.close();
    await upstream.close();
  }
}

async function cap(): Promise<Evidence> {
  const held: string[] = [];
  for (const [name, headers] of TOO_LONG) {
    const upstream = await mockUpstream((res, request) => refuseWith(429, headers())(res, request));
    const instance = await openInstance({ models: [groupOf('m', [upstream.url])] });
    const answered = await call(instance.url, 'm');
    const told = Number(answered.headers['retry-after']);
    if (answered.status !== 429 || upstream.arrivals.length !== 1 || answered.tookMs > 5_000 || told < 85 || told > 90) held.push(name);
    await instance.close();
    await upstream.close();
  }
  return { test: 'asked to wait for 90 s, in three forms', n: TOO_LONG.length, checks: [none('callers held, or not told', held, TOO_LONG.length)] };
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

function toRfc850(date: Date): string {
  const [, day = '', month = '', year = '', time = ''] = date.toUTCString().split(' ');
  return `${DAYS[date.getUTCDay()]}, ${day}-${month}-${year.slice(2)} ${time} GMT`;
}

function toAsctime(date: Date): string {
  const [weekday = '', day = '', month = '', year = '', time = ''] = date.toUTCString().split(' ');
  return `${weekday.slice(0, 3)} ${month} ${day.replace(/^0/, ' ')} ${time} ${year}`;
}

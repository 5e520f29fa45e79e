import type { BenchOptions } from './options.ts';
import { chatBody } from './requests.ts';
import { slope } from './stats.ts';
import { type Bench, startVariant, type Target } from './targets.ts';
import { VARIANTS } from './variants.ts';
import type { LoadRequest, LoadResult } from './workers/load-generator.ts';

const STEPS = 10;
/** The first step fills pools and caches. */
const SETTLED_FROM = 1;
/** Idle connections are kept for half a minute. */
const LONGEST_SETTLE_MS = 45_000;

export type SoakReport = {
  readonly requests: number;
  readonly heapBytesPerRequest: number;
  readonly rssGrowthBytes: number;
  readonly abortedStreams: number;
  readonly before: LeftOver;
  readonly after: LeftOver;
};

export type LeftOver = {
  readonly heapBytes: number;
  readonly openHandles: number;
  readonly upstreamStreams: number;
  readonly upstreamConnections: number;
};

/** A long run in one process: does the heap grow with the requests, and does a stream that was left leave anything behind? */
export async function soak(bench: Bench, options: BenchOptions): Promise<SoakReport> {
  const variant = VARIANTS.find(({ name }) => name === 'sluice-node');
  if (!variant) throw new Error('There is no variant to soak');
  const target = await startVariant(variant, bench.mockPort, options.node);
  try {
    const perStep = Math.ceil(options.soakRequests / STEPS);
    const points: NodeJS.MemoryUsage[] = [];
    for (let step = 0; step < STEPS; step += 1) {
      await load(bench, target, { body: JSON.stringify(chatBody('mock-0-0', 1024)), maxAnswers: perStep });
      points.push(await target.call<NodeJS.MemoryUsage>('memory'));
      console.error(`${(step + 1) * perStep} requests, heap ${toMb(points.at(-1)?.heapUsed)} MB, resident ${toMb(points.at(-1)?.rss)} MB`);
    }
    const settled = points.slice(SETTLED_FROM);

    await leaveStreams(bench, target, 100);
    const before = await leftOver(bench, target);
    const abortedStreams = Math.ceil(options.soakRequests / 10);
    await leaveStreams(bench, target, abortedStreams);
    return {
      requests: perStep * STEPS,
      heapBytesPerRequest: slope(settled.map(({ heapUsed }, step) => [step * perStep, heapUsed])),
      rssGrowthBytes: (settled.at(-1)?.rss ?? 0) - (settled[0]?.rss ?? 0),
      abortedStreams,
      before,
      after: await leftOver(bench, target),
    };
  } finally {
    await target.stop();
  }
}

const MUST = { heapBytesPerRequest: 4, rssGrowthBytes: 30 * 2 ** 20 } as const;

export function soakText(report: SoakReport): string {
  const { before, after } = report;
  const isLevel = report.heapBytesPerRequest <= MUST.heapBytesPerRequest && report.rssGrowthBytes <= MUST.rssGrowthBytes;
  const isClean = after.openHandles <= before.openHandles && after.upstreamStreams === 0 && after.upstreamConnections <= before.upstreamConnections;
  return [
    `M2 and M3 (at most ${MUST.heapBytesPerRequest} bytes of heap a request, ${toMb(MUST.rssGrowthBytes)} MB resident, over 10^6 requests) are ${isLevel ? 'kept' : 'missed'}; M4 (aborted streams leave nothing) is ${isClean ? 'kept' : 'missed'}.`,
    '',
    `After ${report.requests} requests: heap ${report.heapBytesPerRequest.toFixed(2)} bytes a request, resident memory ${toMb(report.rssGrowthBytes)} MB more than after the first tenth.`,
    `After ${report.abortedStreams} aborted streams: heap ${toMb(before.heapBytes)} -> ${toMb(after.heapBytes)} MB, open handles ${before.openHandles} -> ${after.openHandles},`,
    `streams still open upstream ${before.upstreamStreams} -> ${after.upstreamStreams}, connections upstream ${before.upstreamConnections} -> ${after.upstreamConnections}.`,
  ].join('\n');
}

function leaveStreams(bench: Bench, target: Target, count: number): Promise<void> {
  return load(bench, target, { body: JSON.stringify(chatBody('mock-400-20', 1024, true)), maxAnswers: count, leaveEarly: true });
}

async function load(bench: Bench, target: Target, own: Pick<LoadRequest, 'body' | 'maxAnswers' | 'leaveEarly'>): Promise<void> {
  const { port, path, headers } = target;
  const { errors } = await bench.loader.call<LoadResult>('load', { port, path, headers, connections: 64, durationMs: 3_600_000, ...own } as LoadRequest);
  if (errors.length > 0) throw new Error(errors.join('; '));
}

type MockCounts = { readonly activeStreams: number; readonly connections: number };

/** What is there when nobody calls any more, and the idle connections to the provider have been given up. */
async function leftOver(bench: Bench, target: Target): Promise<LeftOver> {
  const stopsAt = performance.now() + LONGEST_SETTLE_MS;
  let counts: MockCounts;
  do {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    counts = await bench.mock.call<MockCounts>('counts');
  } while (counts.connections > 0 && performance.now() < stopsAt);
  const { heapUsed } = await target.call<NodeJS.MemoryUsage>('memory');
  const resources = await target.call<Record<string, number>>('resources');
  const openHandles = Object.values(resources).reduce((sum, count) => sum + count, 0);
  return { heapBytes: heapUsed, openHandles, upstreamStreams: counts.activeStreams, upstreamConnections: counts.connections };
}

function toMb(bytes = Number.NaN): string {
  return (bytes / 2 ** 20).toFixed(1);
}

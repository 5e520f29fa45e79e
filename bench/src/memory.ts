import type { BenchOptions } from './options.ts';
import { chatBody } from './requests.ts';
import type { Results } from './results.ts';
import { median } from './stats.ts';
import { type Bench, startVariant, type Target } from './targets.ts';
import { VARIANTS } from './variants.ts';
import type { LoadRequest, LoadResult } from './workers/load-generator.ts';

const STREAMS = 1000;
const MODEL = 'mock-400-20';
const STREAM_SECONDS = 400 * 0.02;
const RAMP_MS = 1000;
/** All streams are open between these moments, and none has ended. */
const SAMPLE_FROM_MS = 3000;
const SAMPLES = 8;
const SAMPLE_EVERY_MS = 500;

const MEASURED: readonly string[] = ['bare-node', 'sluice-node', 'sluice-koa'];

/** What a thousand open streams cost: memory of a fresh process, and whether all of it is delivered in time. */
export async function measureOpenStreams(bench: Bench, options: BenchOptions, results: Results): Promise<void> {
  for (const variant of VARIANTS.filter(({ name }) => MEASURED.includes(name))) {
    const target = await startVariant(variant, bench.mockPort, options.node);
    try {
      await openStreams(bench, target, results);
    } finally {
      await target.stop();
    }
  }
}

export async function openStreams(bench: Bench, target: Target, results: Results): Promise<void> {
  const request: LoadRequest = {
    port: target.port,
    path: target.path,
    headers: target.headers,
    body: JSON.stringify(chatBody('mock-5-0', 1024, true)),
    connections: 16,
    durationMs: 500,
  };
  await bench.loader.call<LoadResult>('load', request);
  const before = await target.residentBytes();
  const cpuBefore = await target.cpuMicros();
  const running = bench.loader.call<LoadResult>('load', {
    ...request,
    body: JSON.stringify(chatBody(MODEL, 1024, true)),
    connections: STREAMS,
    maxAnswers: STREAMS,
    rampMs: RAMP_MS,
    durationMs: 600_000,
  });
  const samples: number[] = [];
  await sleep(SAMPLE_FROM_MS);
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    samples.push(await target.residentBytes());
    await sleep(SAMPLE_EVERY_MS);
  }
  const result = await running;
  results.add('open-streams', target.name, {
    rssBytes: median(samples),
    streamRssBytes: (median(samples) - before) / STREAMS,
    delivered: Math.min(1, STREAM_SECONDS / (result.p50Us / 1e6)),
    errors: STREAMS - result.answers,
    chunkCpuUs: ((await target.cpuMicros()) - cpuBefore) / result.chunks,
    chunkP50Us: result.chunkP50Us,
    chunkP99Us: result.chunkP99Us,
  });
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

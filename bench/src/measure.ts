import type { BenchOptions } from './options.ts';
import { chatBody } from './requests.ts';
import type { Results, Slice } from './results.ts';
import { type Scenario, takesPart } from './scenarios.ts';
import { inRound } from './stats.ts';
import type { Bench, Target } from './targets.ts';
import type { LoadRequest, LoadResult } from './workers/load-generator.ts';
import type { InProcessOptions, InProcessResult } from './gateways/in-process.ts';

/** Until the compiler is done with a program, it measures the compiler; on a busy machine that takes long. */
const WARM_UP_ANSWERS = 20_000;
const WARM_UP_CHUNKS = 100_000;
const LONGEST_WARM_UP_MS = 10_000;
const QUICK_SHARE = 0.3;
const UNTIL_DONE_MS = 600_000;

/** Every program a slice, then every program again, the other way round: what slows the machine down hits all alike. */
export async function measure(bench: Bench, scenario: Scenario, targets: readonly Target[], options: BenchOptions, results: Results): Promise<void> {
  const taking = targets.filter((target) => takesPart(scenario, target.name));
  for (const target of taking) await warmUp(bench, scenario, target, options);
  for (let round = 0; round < options.rounds; round += 1) {
    for (const target of inRound(taking, round)) results.add(scenario.name, target.name, await slice(bench, scenario, target, options.sliceMs));
  }
}

async function warmUp(bench: Bench, scenario: Scenario, target: Target, { isQuick }: BenchOptions): Promise<void> {
  const kind = `${target.name} ${scenario.isStream ? 'stream' : 'json'}`;
  if (bench.warmed.has(kind)) return;
  bench.warmed.add(kind);
  const share = isQuick ? QUICK_SHARE : 1;
  const stopsAt = performance.now() + LONGEST_WARM_UP_MS * share;
  for (let answers = 0, chunks = 0; answers < WARM_UP_ANSWERS * share && chunks < WARM_UP_CHUNKS * share && performance.now() < stopsAt; ) {
    const result = await bench.loader.call<LoadResult>('load', { ...toLoad(scenario, target, 250), durationMs: 250 });
    answers += result.answers;
    chunks += result.chunks;
  }
}

async function slice(bench: Bench, scenario: Scenario, target: Target, durationMs: number): Promise<Slice> {
  const request = toLoad(scenario, target, durationMs);
  const before = await target.cpuMicros();
  const result = await bench.loader.call<LoadResult>('load', request);
  const cpu = (await target.cpuMicros()) - before;
  if (result.errors.length > 0) throw new Error(`${target.label}, ${scenario.title}: ${result.errors.join('; ')}`);
  return {
    perSecond: result.answers / result.seconds,
    cpuUs: cpu / result.answers,
    p50Us: result.p50Us,
    p99Us: result.p99Us,
    ...(scenario.isStream && {
      chunksPerSecond: result.chunks / result.seconds,
      chunkCpuUs: cpu / result.chunks,
      chunkP50Us: result.chunkP50Us,
      chunkP99Us: result.chunkP99Us,
      firstChunkUs: result.firstChunkP50Us,
    }),
  };
}

export function toLoad(scenario: Scenario, target: Target, durationMs: number): LoadRequest {
  const { connections, oneEachOverMs } = scenario;
  return {
    port: target.port,
    path: target.path,
    headers: target.headers,
    body: JSON.stringify(chatBody(scenario.model, scenario.bytes, scenario.isStream)),
    connections,
    durationMs: oneEachOverMs === undefined ? durationMs : UNTIL_DONE_MS,
    ...(oneEachOverMs !== undefined && { maxAnswers: connections, rampMs: oneEachOverMs }),
  };
}

/** Calls from inside the gateway's own process, 64 at a time. */
export async function measureInProcess(target: Target, options: BenchOptions, results: Results): Promise<void> {
  for (let round = -1; round < options.rounds; round += 1) {
    for (const face of inRound(['client', 'fetch'] as const, round)) {
      const params: InProcessOptions = { face, body: chatBody('mock-0-0', 1024), concurrency: 64, durationMs: options.sliceMs };
      const before = await target.cpuMicros();
      const { calls, seconds, p50Us } = await target.call<InProcessResult>('callInProcess', params);
      const cpuUs = ((await target.cpuMicros()) - before) / calls;
      if (round >= 0) results.add('in-process', face, { perSecond: calls / seconds, cpuUs, p50Us });
    }
  }
}

import type { ChatRequest, Gateway } from '@sluice/core';
import { BENCH_KEY, type ChatBody, CLIENT_HEADERS } from '../requests.ts';
import { quantile } from '../stats.ts';

export type InProcessOptions = {
  readonly face: 'client' | 'fetch';
  readonly body: ChatBody;
  readonly concurrency: number;
  readonly durationMs: number;
};

export type InProcessResult = { readonly calls: number; readonly seconds: number; readonly p50Us: number };

/** Calls the gateway from its own process, each worker one call after the other. */
export async function callInProcess(gateway: Gateway, { face, body, concurrency, durationMs }: InProcessOptions): Promise<InProcessResult> {
  const call = face === 'client' ? () => callClient(gateway, body) : () => callFetch(gateway, body);
  const times: number[] = [];
  const startedAt = performance.now();
  const stopsAt = startedAt + durationMs;

  async function work(): Promise<void> {
    for (let at = performance.now(); at < stopsAt; ) {
      await call();
      const now = performance.now();
      times.push((now - at) * 1000);
      at = now;
    }
  }

  await Promise.all(Array.from({ length: concurrency }, work));
  return { calls: times.length, seconds: (performance.now() - startedAt) / 1000, p50Us: quantile(times, 0.5) };
}

async function callClient(gateway: Gateway, body: ChatBody): Promise<void> {
  const answer = await gateway.chat.completions.create(body as ChatRequest, { apiKey: BENCH_KEY });
  if (answer.choices.length === 0) throw new Error('An empty answer');
}

async function callFetch(gateway: Gateway, body: ChatBody): Promise<void> {
  const response = await gateway.fetch('http://sluice/v1/chat/completions', { method: 'POST', headers: CLIENT_HEADERS, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(await response.text());
  await response.json();
}

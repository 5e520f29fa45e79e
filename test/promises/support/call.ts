import { Agent, request } from 'node:http';

export type Called = {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly tookMs: number;
  /** The longest time in which nothing came: before the first piece of the answer, or between two. */
  readonly longestSilenceMs: number;
};

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

/** One chat call as a client makes it. Rejects when the connection fails; a bad status is an answer. */
export function call(url: string, model: string, more: object = {}, headers: Readonly<Record<string, string>> = {}): Promise<Called> {
  const startedAt = performance.now();
  let [heardAt, longestSilenceMs] = [startedAt, 0];
  const hear = (): void => {
    const now = performance.now();
    longestSilenceMs = Math.max(longestSilenceMs, now - heardAt);
    heardAt = now;
  };
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'Say it' }], ...more });
  return new Promise((resolve, reject) => {
    const sent = request(
      `${url}/chat/completions`,
      { method: 'POST', agent, headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers } },
      (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => {
          hear();
          chunks.push(chunk);
        });
        res.on('error', reject);
        res.on('end', () =>
          resolve({
            status: res.statusCode ?? 0,
            headers: res.headers,
            text: Buffer.concat(chunks).toString(),
            tookMs: performance.now() - startedAt,
            longestSilenceMs,
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Why calls have failed, a text each. */
export function failures(calls: readonly PromiseSettledResult<Called>[]): string[] {
  return calls.flatMap((outcome) => {
    if (outcome.status === 'rejected') return [String(outcome.reason)];
    const { status, text } = outcome.value;
    return status === 200 ? [] : [`${status} ${text.slice(0, 120)}`];
  });
}

/** The times that answered calls took, in milliseconds. */
export function times(calls: readonly PromiseSettledResult<Called>[]): number[] {
  return calls.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.tookMs] : []));
}

/** Starts `work` at an even pace for a while, without waiting for one to end before the next; answers what all came to. */
export async function atRate<T>(perSecond: number, seconds: number, work: (index: number) => Promise<T>): Promise<PromiseSettledResult<T>[]> {
  const startedAt = performance.now();
  const started: Promise<T>[] = [];
  const total = Math.round(perSecond * seconds);
  while (started.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) / 1000) * perSecond) + 1);
    while (started.length < due) {
      const one = work(started.length);
      one.catch(() => undefined);
      started.push(one);
    }
    await new Promise((resolve) => setTimeout(resolve, Math.max(1, 1000 / perSecond / 2)));
  }
  return Promise.allSettled(started);
}

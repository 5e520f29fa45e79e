import { setTimeout as sleep } from 'node:timers/promises';

export type PostOptions = {
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body: unknown;
  /** Longest wait for one answer, in milliseconds. */
  readonly timeoutMs: number;
  /** Says that nobody waits for the answer any more. */
  readonly signal?: AbortSignal | undefined;
};

const TRIES = 2;
const PAUSE_MS = 500;
/** An answer says in short what was wrong, or is a page that nobody reads. */
const LONGEST_REASON = 200;

/**
 * Sends JSON by POST, for sinks: once more where that may help, nowhere else than to `url`, and answers the text that
 * came back.
 * @throws Error with the status and how the answer begins, and nothing of what was sent.
 */
export async function postJson(url: string, { headers, body, timeoutMs, signal }: PostOptions): Promise<string> {
  const text = JSON.stringify(body);
  for (let attempt = 1; ; attempt += 1) {
    const limit = AbortSignal.timeout(timeoutMs);
    const init: RequestInit = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: text, redirect: 'error' };
    const outcome = await once(url, { ...init, signal: signal ? AbortSignal.any([limit, signal]) : limit });
    if (outcome.isTaken) return outcome.text;
    if (!outcome.mayPass || attempt === TRIES || signal?.aborted) throw new Error(`not taken: ${outcome.text}`);
    await sleep(PAUSE_MS, undefined, { ref: false, ...(signal && { signal }) });
  }
}

type Outcome = { readonly isTaken: boolean; readonly mayPass: boolean; readonly text: string };

async function once(url: string, init: RequestInit): Promise<Outcome> {
  try {
    const response = await fetch(url, init);
    const text = await response.text();
    if (response.ok) return { isTaken: true, mayPass: false, text };
    return { isTaken: false, mayPass: response.status === 429 || response.status >= 500, text: `${response.status} ${text.slice(0, LONGEST_REASON)}`.trim() };
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as { readonly code?: unknown };
    return { isTaken: false, mayPass: true, text: typeof code === 'string' ? code : (error as Error).name };
  }
}

import { GatewayError, type JsonObject, type Secret } from '@sluice/core';
import { toError } from '@sluice/openai-wire';

export type ProxyAddress = { readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly key: Secret | undefined };

const LONGEST_ANSWER_BYTES = 32 * 1024 * 1024;

/**
 * What the proxy answers to a question about itself.
 * @throws GatewayError `upstream_…` when it cannot be reached, refuses, or answers something else than JSON.
 */
export async function askProxy({ url, headers, key }: ProxyAddress, path: string, timeoutMs: number): Promise<JsonObject> {
  try {
    const response = await fetch(`${url}${path}`, { headers, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
    const text = await readText(response);
    if (!response.ok) throw toError({ status: response.status, headers: Object.fromEntries(response.headers), body: text }, key);
    return parse(text, path);
  } catch (cause) {
    if (GatewayError.is(cause)) throw cause;
    const isLate = (cause as Error).name === 'TimeoutError';
    throw isLate
      ? new GatewayError('upstream_timeout', `The proxy did not answer ${path} within ${timeoutMs} ms`, { cause, retryable: true })
      : new GatewayError('upstream_unreachable', `The proxy at ${url} cannot be reached`, { cause, retryable: true });
  }
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > LONGEST_ANSWER_BYTES) throw new GatewayError('upstream_invalid_answer', `The proxy's answer is over ${LONGEST_ANSWER_BYTES} bytes`);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string, path: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === 'object') return value as JsonObject;
  } catch {
    // Told below.
  }
  throw new GatewayError('upstream_invalid_answer', `The proxy answered ${path} with something that is not a JSON object`);
}

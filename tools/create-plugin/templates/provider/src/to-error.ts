import { GatewayError, type ProviderCall, readRetryAfter, redactKeys, upstreamCode, type WireError } from '@sluice/core';

const LONGEST_MESSAGE = 2000;

/** What went wrong: by the status, which callers see where it is their doing. A code of the API's own goes before it. */
export function toError({ status, headers, body }: WireError, { deployment }: ProviderCall): GatewayError {
  const retryAfterMs = readRetryAfter(headers);
  const message = redactKeys(messageIn(body) ?? `The provider answered ${status}`, deployment.apiKey).slice(0, LONGEST_MESSAGE);
  return new GatewayError(upstreamCode(status), message, {
    ...(status < 500 && { status }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    retryable: status === 408 || status === 429 || status >= 500,
  });
}

function messageIn(body: string): string | undefined {
  try {
    const { message } = JSON.parse(body) as { readonly message?: unknown };
    return typeof message === 'string' && message !== '' ? message : undefined;
  } catch {
    return undefined;
  }
}

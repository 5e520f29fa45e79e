import type { Deployment } from '@sluice/core';

/** Where a deployment's model is run, and with which headers. https://developers.cloudflare.com/api/resources/ai/methods/run/ */
export type Run = (deployment: Deployment) => { readonly url: string; readonly headers: Readonly<Record<string, string>> };

/** What a model answered, out of what Cloudflare's API has around it. */
export function resultIn<T extends object>(body: unknown): Partial<T> {
  return ((body as { readonly result?: T | null }).result ?? {}) as Partial<T>;
}

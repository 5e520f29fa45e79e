import type { JsonObject } from '@sluice/core';
import type { LogprobsResult } from '../wire.ts';

type Logprob = { readonly token: string; readonly logprob: number; readonly bytes: readonly number[] };

/** Log probabilities in OpenAI's form. */
export function toLogprobs({ chosenCandidates = [], topCandidates = [] }: LogprobsResult): JsonObject {
  const content = chosenCandidates.map((chosen, index) => ({ ...toLogprob(chosen), top_logprobs: (topCandidates[index]?.candidates ?? []).map(toLogprob) }));
  return { content, refusal: null };
}

function toLogprob({ token = '', logProbability = 0 }: { readonly token?: string; readonly logProbability?: number }): Logprob {
  return { token, logprob: logProbability, bytes: [...Buffer.from(token)] };
}

import type { ModelGroup } from '@sluice/core';
import { after, answer, fail, type Script, startUpstream, stream } from '../../governance/support/upstream.ts';
import { groupOf } from './group-of.ts';
import { PAID, TOKEN_NANO_USD } from './paid-model.ts';

/** Answers in all ways at once, by the model that is asked for, and keeps its own book of what it has given. */
export type MixedUpstream = {
  readonly groups: readonly ModelGroup[];
  /** What it is to be paid. */
  readonly givenNanoUsd: number;
  close(): Promise<void>;
};

/** The models. Of one the caller has to leave: it says five words and then nothing. */
export const MIXED = ['whole', 'streams', 'fails', 'breaks', 'falls silent'] as const;

export async function openMixedUpstream(): Promise<MixedUpstream> {
  let tokens = 0;
  const onChunk = (): void => void (tokens += 1);
  const whole = after(20, answer());
  const scripts: Readonly<Record<string, Script>> = {
    whole(request) {
      tokens += 10;
      return whole(request);
    },
    streams: stream({ chunks: 10, everyMs: 5, onChunk }),
    fails: fail(500),
    breaks: stream({ chunks: 5, ending: 'cut', onChunk }),
    'falls silent': stream({ chunks: 5, ending: 'silence', onChunk }),
  };
  const upstream = await startUpstream((request) => scripts[String(request.body.model)]?.(request));
  return {
    groups: MIXED.map((model) => groupOf(model, [upstream.baseUrl], model === 'fails' ? { fallbacks: ['whole'] } : {}, { model, price: PAID })),
    get givenNanoUsd() {
      return tokens * TOKEN_NANO_USD;
    },
    close: upstream.close,
  };
}

import type { Operation, OwnSendOptions, ProviderCall, WireResponse } from '@sluice/core';
import type { Limits } from './limits.ts';
import type { AiSdkProvider } from './specification.ts';

/** What `run` has at hand: the call, the options that `toOptions` made of it, and its clocks. */
export type Run<Options> = {
  readonly ai: AiSdkProvider;
  readonly call: ProviderCall;
  readonly options: Options;
  readonly limits: Limits;
  readonly send: OwnSendOptions;
};

/** How one operation goes by way of a model of the AI SDK. */
export type AiSdkOperation<Options extends object = object> = {
  readonly name: Operation;
  /** The caller's request as options of the AI SDK. Pure. */
  toOptions(call: ProviderCall, ai: AiSdkProvider): Options;
  /** One call to the model; its answer in OpenAI's form. */
  run(run: Run<Options>): Promise<WireResponse>;
  readonly answersBytes?: true;
};

/** What every kind of model takes beside its own options. */
export function common({ call, limits }: Pick<Run<object>, 'call' | 'limits'>): { abortSignal: AbortSignal; headers?: Record<string, string> } {
  const { headers } = call.deployment;
  return { abortSignal: limits.signal, ...(headers && { headers: { ...headers } }) };
}

import { type CallRecord, defineSink, formatUsd, isLocal, type JsonObject, type MaybePromise, type Sink } from '@sluice/core';

/** What a callback gets of a call: OpenAI's answer where messages are recorded, and what is known of it everywhere. */
export type CallbackResponse = JsonObject & {
  readonly id: string;
  readonly model: string;
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number; readonly total_tokens: number };
  /** USD. */
  readonly response_cost: number;
  readonly _hidden_params: { readonly response_cost: number; readonly model_id: string | undefined };
};

type ByResponse = (response: CallbackResponse) => MaybePromise<void>;
type ByCall = (kwargs: JsonObject, response: CallbackResponse, start: Date, end: Date) => MaybePromise<void>;

/** As LiteLLM calls one: with the call's facts, the answer, and when it began and ended; or with the answer alone. */
export type Callback = ByResponse | ByCall;

export type CallbacksOptions = { readonly success?: readonly Callback[]; readonly failure?: readonly Callback[]; readonly name?: string };

/**
 * Functions of one's own as callbacks, of one parameter or of four. One that throws keeps no other from being called, and
 * the failure is told like that of any sink.
 *
 * @example export default defineConfig({ sinks: [callbacks({ success: [(response) => console.log(response.model, response.usage)] })] })
 */
export function callbacks({ success = [], failure = [], name = 'callbacks' }: CallbacksOptions): Sink {
  return defineSink({
    name,
    async write(records) {
      const told = records
        .filter(({ operation }) => !isLocal(operation))
        .flatMap((record) => (hasFailed(record) ? failure : success).map(async (callback) => tell(callback, record)));
      const failed = (await Promise.allSettled(told)).filter((result) => result.status === 'rejected');
      if (failed[0]) throw new Error(`${failed.length} of ${told.length} callbacks have failed`, { cause: failed[0].reason });
    },
  });
}

function hasFailed({ status }: CallRecord): boolean {
  return status === 'error' || status === 'refused';
}

function tell(callback: Callback, record: CallRecord): MaybePromise<void> {
  const response = toResponse(record);
  if (callback.length <= 1) return (callback as ByResponse)(response);
  const start = new Date(record.startedAt);
  return (callback as ByCall)(toKwargs(record, response), response, start, new Date(start.getTime() + record.durationMs));
}

function toResponse({ id, group, model, said, usage, costNanoUsd = 0, deploymentId }: CallRecord): CallbackResponse {
  const { inputTokens = 0, outputTokens = 0 } = usage ?? {};
  const cost = Number(formatUsd(costNanoUsd));
  return {
    id,
    model: group ?? model,
    ...said?.answer,
    usage: { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens },
    response_cost: cost,
    _hidden_params: { response_cost: cost, model_id: deploymentId },
  };
}

function toKwargs(record: CallRecord, { response_cost }: CallbackResponse): JsonObject {
  const { id, model, operation, isStream, provider, userId, labels, said, code, message } = record;
  return {
    litellm_call_id: id,
    model,
    call_type: operation,
    stream: isStream,
    custom_llm_provider: provider,
    user: userId,
    response_cost,
    litellm_params: { metadata: labels ?? {} },
    ...(said?.request && { messages: said.request.messages }),
    ...(code !== undefined && { exception: { code, message } }),
  };
}

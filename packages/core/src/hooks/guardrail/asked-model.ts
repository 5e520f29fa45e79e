import type { ModelRequest } from '../../types/chat.ts';
import type { GuardrailText } from '../../types/guardrail.ts';
import type { JsonObject } from '../../types/json.ts';
import { postJson } from '../../stream/post-json.ts';

/** A model that judges: of the gateway itself, or at any address that speaks OpenAI's API. */
export type JudgingModel = {
  readonly model: string;
  /** Up to and with the version, such as `http://127.0.0.1:8000/v1`. Default: a model of the gateway's own. */
  readonly baseUrl?: string;
  readonly apiKey?: string;
  /** Longest wait for an answer, in milliseconds. */
  readonly timeoutMs: number;
};

const PATHS = { chat: 'chat/completions', moderations: 'moderations' } as const;

/** Has a model judge a piece of text. @throws whatever keeps it from answering. */
export function askJudge(
  { model, baseUrl, apiKey, timeoutMs }: JudgingModel,
  piece: GuardrailText,
  { operation, ...request }: Omit<ModelRequest, 'model'> & { readonly operation: 'chat' | 'moderations' },
): Promise<JsonObject> {
  if (baseUrl === undefined) {
    if (!piece.ask) return Promise.reject(new Error(`There is no gateway here to ask for '${model}', and no baseUrl`));
    return piece.ask(operation, { model, ...request } as ModelRequest);
  }
  const headers = apiKey === undefined ? undefined : { authorization: `Bearer ${apiKey}` };
  const url = `${baseUrl.replace(/\/+$/, '')}/${PATHS[operation]}`;
  return postJson(url, { headers, body: { model, ...request }, timeoutMs, signal: piece.signal }).then((text) => JSON.parse(text) as JsonObject);
}

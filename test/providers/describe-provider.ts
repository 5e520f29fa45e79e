import { type Deployment, GatewayError, type JsonObject, type Mapping, type ModelRequest, type Operation } from '@sluice/core';
import { deploymentsOf, type PackagedProvider } from '../support/provider-packages.ts';
import { BASE } from './chat-parameters.ts';

/** What becomes of a feature on its way: put into the provider's own words, passed on as it is for the host to judge, or refused. */
export type Handling = 'mapped' | 'passed' | 'refused';

const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false };
const PIXEL = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const PDF = 'data:application/pdf;base64,JVBERi0xLjQK';

const ask = (...content: readonly JsonObject[]): JsonObject => ({
  messages: [{ role: 'user', content: [{ type: 'text', text: 'What is this?' }, ...content] }],
});

/** Features of a chat, each as a request that asks for it. Names are the columns of the table. */
export const FEATURES: Readonly<Record<string, JsonObject>> = {
  stream: { stream: true },
  tools: { tools: [{ type: 'function', function: { name: 'weather', parameters: schema } }] },
  vision: ask({ type: 'image_url', image_url: { url: PIXEL } }),
  documents: ask({ type: 'file', file: { filename: 'a.pdf', file_data: PDF } }),
  'audio in': ask({ type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } }),
  'JSON schema': { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } } },
  reasoning: { reasoning_effort: 'low' },
  caching: { messages: [{ role: 'user', content: [{ type: 'text', text: 'Long', cache_control: { type: 'ephemeral' } }] }] },
  'web search': { web_search_options: { search_context_size: 'medium' } },
};

export type Description = {
  readonly operations: readonly Operation[];
  /** Where any kind of model is better off than another, the best. Empty without chat. */
  readonly features: ReadonlyMap<string, Handling>;
};

/** What a provider can do, found out by asking its mappings. */
export function describeProvider(packaged: PackagedProvider): Description {
  const { operations } = packaged.provider;
  const { chat } = operations;
  const features = chat
    ? Object.entries(FEATURES).map(
        ([name, fields]) => [name, bestOf(deploymentsOf(packaged).map((deployment) => handlingOf(chat, deployment, fields, name)))] as const,
      )
    : [];
  return { operations: Object.keys(operations) as Operation[], features: new Map(features) };
}

function bestOf(handlings: readonly Handling[]): Handling {
  return (['mapped', 'passed', 'refused'] as const).find((handling) => handlings.includes(handling)) ?? 'refused';
}

function handlingOf(chat: Mapping, deployment: Deployment, fields: JsonObject, name: string): Handling {
  const request = { ...BASE, ...fields } as ModelRequest;
  try {
    const wire = bodyOf(chat, deployment, request);
    if (name === 'caching' && !/cache/i.test(JSON.stringify(wire))) return 'refused';
    return Object.entries(fields).every(([field, value]) => JSON.stringify(wire[field]) === JSON.stringify(value)) ? 'passed' : 'mapped';
  } catch (error) {
    if (GatewayError.is(error) && (error.code === 'unsupported_parameter' || error.code === 'unsupported_operation')) return 'refused';
    throw error;
  }
}

/** A body that is no JSON object, or an address that changes, is the provider's own form. */
function bodyOf(chat: Mapping, deployment: Deployment, request: ModelRequest): JsonObject {
  const { body } = chat.toRequest({ operation: 'chat', request, deployment });
  const text = body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : String(body ?? '');
  return JSON.parse(text) as JsonObject;
}

import { randomUUID } from 'node:crypto';
import {
  BOOKKEEPING_FIELDS,
  GatewayError,
  type JsonObject,
  type Mapping,
  type ProviderCall,
  refuser,
  supportedRequest,
  unsupportedParameter,
} from '@sluice/core';
import { EndedSplitter, END } from './ended-splitter.ts';
import type { Ask } from './ask.ts';

type Answer = { readonly text_output?: unknown };

/** What OpenAI's callers may ask for and the extension has no word for. Other fields are parameters of the model. */
const LACKS = ['n', 'best_of', 'suffix', 'echo', 'logit_bias', 'logprobs'];
const MAPPED: ReadonlySet<string> = new Set(['model', 'prompt', 'stream', 'stop', ...BOOKKEEPING_FIELDS]);

/** Texts by a prompt. https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/protocol/extension_generate.html */
export function generation(ask: Ask): Omit<Mapping, 'toError'> {
  return {
    toRequest(call) {
      const isStream = call.request.stream === true;
      const body = { text_input: promptOf(call), parameters: { ...toParameters(call), stream: isStream } };
      return { ...ask(call.deployment, isStream ? 'generate_stream' : 'generate'), body: JSON.stringify(body) };
    },
    framing: (contentType, maxEventBytes) => (contentType.includes('json') ? undefined : new EndedSplitter(maxEventBytes)),
    toReply: (body, { deployment }) => ({ ...headOf(deployment.model), choices: [choice(textIn(body as Answer), 'stop')] }),
    toChunks({ deployment }) {
      const head = headOf(deployment.model);
      return ({ event, data }) => [{ ...head, choices: [event === END ? choice('', 'stop') : choice(textIn(JSON.parse(data) as Answer), null)] }];
    },
    isEnd: ({ event }) => event === END,
  };
}

function promptOf({ request, deployment }: ProviderCall): string {
  const [text, ...more] = [request.prompt].flat();
  if (typeof text === 'string' && more.length === 0) return text;
  throw unsupportedParameter('prompt', deployment.provider, 'text generation takes one prompt a call, as text');
}

/** Parameters are texts, numbers and truths; which there are is the model's affair. */
function toParameters(call: ProviderCall): JsonObject {
  const refuse = refuser(call.deployment);
  const request = supportedRequest(call, LACKS);
  const stops = [request.stop ?? []].flat();
  if (stops.length > 1) refuse('stop', 'a parameter is one text');
  const own = Object.entries(request).filter(([name, value]) => {
    if (MAPPED.has(name) || value === undefined || value === null) return false;
    if (typeof value !== 'object') return true;
    refuse(name, 'a parameter is a text, a number or a truth');
    return false;
  });
  return { ...Object.fromEntries(own), ...(stops.length === 1 && { stop: stops[0] }) };
}

function textIn({ text_output: text }: Answer): string {
  if (typeof text === 'string') return text;
  throw new GatewayError('upstream_invalid_answer', "The provider's answer has no 'text_output'", { retryable: true });
}

function headOf(model: string): JsonObject {
  return { id: `cmpl-${randomUUID()}`, object: 'text_completion', created: Math.floor(Date.now() / 1000), model };
}

/** How a text ended is not told. */
function choice(text: string, finish: string | null): JsonObject {
  return { index: 0, text, logprobs: null, finish_reason: finish };
}

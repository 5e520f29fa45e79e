import {
  ConfigurationError,
  defineProvider,
  encodeEmbeddings,
  GatewayError,
  type Mapping,
  type Operation,
  type Provider,
  type ProviderCall,
} from '@sluice/core';
import { toError } from '@sluice/openai-wire';
import { speech, transcription } from './audio.ts';
import { chat } from './chat/chat.ts';
import { embeddings } from './embeddings.ts';
import { imageEdit, imageGeneration } from './images.ts';
import { limits } from './limits.ts';
import type { AiSdkOperation } from './operation.ts';
import { rerank } from './rerank.ts';
import { type AiSdkSource, nameOf, problemsOf, type ProviderOf, providers } from './source.ts';
import { toTold } from './thrown.ts';
import { errorResponse } from './wire-response.ts';

export type AiSdkOptions = {
  /** What deployments call this provider. Default: what the package calls itself, such as `mistral`. */
  readonly name?: string;
  /** What the package can do. Default: everything that the AI SDK's specification has. */
  readonly operations?: readonly Operation[];
};

const OPERATIONS: readonly AiSdkOperation[] = [chat, embeddings, imageGeneration, imageEdit, speech, transcription, rerank];

/**
 * Any provider package of the AI SDK as a provider of the gateway, by version 3 or 4 of its specification.
 * Given `createXyz` itself, each deployment's key and address are handed to it.
 *
 * @example aiSdk(createMistral())
 * @throws ConfigurationError when the name cannot be told, or an operation is not known here.
 */
export function aiSdk(source: AiSdkSource, { name = nameOf(source), operations }: AiSdkOptions = {}): Provider {
  if (name === undefined) throw new ConfigurationError([{ place: 'name', message: 'The package does not say what it is called: give the provider a name.' }]);
  const unknown = operations?.find((operation) => !OPERATIONS.some((known) => known.name === operation));
  if (unknown !== undefined) throw new ConfigurationError([{ place: 'operations', message: `The AI SDK has no '${unknown}'.` }]);
  const providerOf = providers(source);
  const able = OPERATIONS.filter((operation) => operations?.includes(operation.name) ?? true);
  const byName = new Map<Operation, AiSdkOperation>(able.map((operation) => [operation.name, operation]));
  return defineProvider({
    name,
    operations: Object.fromEntries(able.map((operation) => [operation.name, toMapping(operation, providerOf)])),
    async send({ body }, send) {
      const { call } = send;
      const clocks = limits(send);
      const operation = call && byName.get(call.operation);
      if (!operation) throw new GatewayError('internal', 'There is nothing to send but calls');
      try {
        const options = JSON.parse(String(body)) as object;
        return await operation.run({ ai: providerOf(call.deployment), call, options, limits: clocks, send });
      } catch (error) {
        clocks.giveUp();
        return errorResponse(toTold(error));
      }
    },
    problemsOf: (deployment) => problemsOf(source, deployment),
  });
}

/** There is no wire of ours: the "request" is the options that the model will be called with. */
function toMapping(operation: AiSdkOperation, providerOf: ProviderOf): Mapping {
  return {
    toRequest: (call) => ({ url: `ai-sdk:/${operation.name}`, headers: {}, body: JSON.stringify(toOptions(operation, call, providerOf)) }),
    ...(operation.name === 'embeddings' && { toReply: encodeEmbeddings }),
    ...(operation.answersBytes && { answersBytes: true }),
    toError: (error, { deployment }) => toError(error, deployment.apiKey),
  };
}

/** A package may refuse a model's name at once. */
function toOptions(operation: AiSdkOperation, call: ProviderCall, providerOf: ProviderOf): object {
  try {
    return operation.toOptions(call, providerOf(call.deployment));
  } catch (thrown) {
    const { status, headers, error } = toTold(thrown);
    throw toError({ status, headers, body: JSON.stringify({ error }) }, call.deployment.apiKey);
  }
}

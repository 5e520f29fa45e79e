import { type JsonObject, knownRequest, type ModelRequest, type ProviderCall, refuser, unsupportedParameter } from '@sluice/core';

export type GenerateBody = { readonly inputs: string; readonly parameters: JsonObject };

/** Sent under their own names; those that are written anew stand before them. */
const REWRITTEN = ['prompt', 'stream', 'max_tokens', 'temperature', 'top_p', 'stop', 'top_k', 'typical_p', 'echo'];
const SAME = ['seed', 'frequency_penalty', 'repetition_penalty', 'truncate', 'watermark', 'return_full_text', 'do_sample', 'grammar', 'adapter_id'];

/** @throws GatewayError `unsupported_parameter` for what the server has no word for. */
export function toGenerateBody(call: ProviderCall): GenerateBody {
  const request = knownRequest(call, [...REWRITTEN, ...SAME]);
  const { max_tokens: limit, stop } = request;
  const same = Object.fromEntries(SAME.map((name) => [name, request[name]]));
  return {
    inputs: promptOf(call),
    parameters: {
      details: true,
      ...given({ ...same, max_new_tokens: limit, stop: typeof stop === 'string' ? [stop] : stop }),
      ...toSampling(request),
      ...toEcho(request, call),
    },
  };
}

function promptOf({ request, deployment }: ProviderCall): string {
  const [text, ...more] = [request.prompt].flat();
  if (typeof text === 'string' && more.length === 0) return text;
  throw unsupportedParameter('prompt', deployment.provider, 'text generation takes one prompt a call, as text');
}

/** Each of these switches sampling on, which a temperature of zero is not to have; one that cuts nothing off is refused. */
function toSampling({ temperature, top_p: topP, top_k: topK, typical_p: typical }: ModelRequest): JsonObject {
  if (temperature === 0) return { do_sample: false };
  return given({ temperature, top_p: topP === 1 ? undefined : topP, top_k: topK, typical_p: typical });
}

/** The tokens of a stream are those that are new. */
function toEcho({ echo, stream }: ModelRequest, { deployment }: ProviderCall): JsonObject {
  if (echo !== true) return {};
  if (stream !== true) return { return_full_text: true };
  refuser(deployment)('echo', 'a stream holds only what is new');
  return {};
}

function given(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}

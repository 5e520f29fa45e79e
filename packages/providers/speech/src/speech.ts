import { GatewayError, type JsonObject, knownFields, type Mapping, type ProviderCall, refuser, type WireRequest } from '@sluice/core';
import { type BaseEndpoint, type BaseEndpointOf, toError } from '@sluice/openai-wire';

/** What a caller wants to hear. */
export type AskedSpeech = {
  readonly text: string;
  readonly voice: string | undefined;
  /** One that the host has. */
  readonly format: string;
  readonly speed: number | undefined;
  readonly instructions: string | undefined;
  /** Fields of the host's own. */
  readonly own: JsonObject;
};

/** How one host speaks. It answers with the sound as such, as it comes. */
export type SpeechForm = {
  /** Of OpenAI's formats, and of its own under its own names; the usual one first. */
  readonly formats: readonly string[];
  readonly own: readonly string[];
  readonly speed?: boolean;
  readonly instructions?: boolean;
  toRequest(call: ProviderCall, asked: AskedSpeech, endpoint: BaseEndpoint): WireRequest;
  toError?(...args: Parameters<typeof toError>): ReturnType<typeof toError>;
};

const MAPPED = ['input', 'voice', 'response_format', 'speed', 'instructions', 'stream_format', 'stream'];

export function speech(endpointOf: BaseEndpointOf, form: SpeechForm): Mapping {
  const { toError: ofHost = toError } = form;
  return {
    answersBytes: true,
    toRequest: (call) => form.toRequest(call, readAsked(call, form), endpointOf(call.deployment)),
    toError: (error, { deployment }) => ofHost(error, endpointOf(deployment).key),
  };
}

function readAsked(call: ProviderCall, { formats, own, ...has }: SpeechForm): AskedSpeech {
  const refuse = refuser(call.deployment);
  const request = knownFields(call, [...MAPPED, ...own]);
  const { input, voice, response_format: wanted, speed, instructions, stream_format: form, stream } = request;
  const usual = formats[0] as string;
  const format = wanted === undefined ? usual : formats.find((known) => known === wanted);
  if (format === undefined) refuse('response_format', `speech comes as ${formats.join(', ')}`);
  if (form !== undefined && form !== 'audio') refuse('stream_format', 'sound comes as such, as it is spoken');
  if (stream === true) refuse('stream', 'sound comes as such, as it is spoken');
  if (speed !== undefined && speed !== 1 && !has.speed) refuse('speed');
  if (instructions !== undefined && instructions !== '' && !has.instructions) refuse('instructions');
  return {
    text: String(input),
    voice: voiceOf(voice),
    format: format ?? usual,
    speed: typeof speed === 'number' && speed !== 1 && has.speed ? speed : undefined,
    instructions: typeof instructions === 'string' && instructions !== '' && has.instructions ? instructions : undefined,
    own: Object.fromEntries(own.flatMap((name) => (request[name] === undefined ? [] : [[name, request[name]]]))),
  };
}

/** A name, or OpenAI's `{ id }` for a voice of one's own. */
function voiceOf(voice: unknown): string | undefined {
  const name = typeof voice === 'object' && voice !== null ? (voice as JsonObject).id : voice;
  return typeof name === 'string' && name !== '' ? name : undefined;
}

/** The voice, where nobody speaks without one. @throws GatewayError `invalid_request` */
export function requireVoice(voice: string | undefined): string {
  if (voice === undefined) throw new GatewayError('invalid_request', "'voice' is missing: a voice is named by its id here", { param: 'voice' });
  return voice;
}

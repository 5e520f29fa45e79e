import type { Mapping, ProviderCall, WireRequest } from '@sluice/core';
import { type BaseEndpoint, type BaseEndpointOf, toError } from '@sluice/openai-wire';
import { toBytes, toReply } from './answer.ts';
import { type AskedTranscript, type Honoured, readAsked } from './asked.ts';
import type { Transcript } from './transcript.ts';

/** How one host writes recordings down. It answers in JSON, whatever its caller wants that to become. */
export type TranscriptionForm = {
  readonly honoured: Honoured;
  toRequest(call: ProviderCall, asked: AskedTranscript, endpoint: BaseEndpoint): WireRequest;
  readonly followsTo?: readonly string[];
  follow?(body: unknown, call: ProviderCall, endpoint: BaseEndpoint): ReturnType<NonNullable<Mapping['follow']>>;
  toTranscript(body: unknown, call: ProviderCall): Transcript;
  /** Default: by status, and by the words of other hosts. */
  toError?(...args: Parameters<typeof toError>): ReturnType<typeof toError>;
};

export function transcription(endpointOf: BaseEndpointOf, { honoured, toError: ofHost = toError, ...form }: TranscriptionForm): Mapping {
  const { follow, followsTo } = form;
  return {
    readsForm: true,
    toRequest: (call) => form.toRequest(call, readAsked(call, honoured), endpointOf(call.deployment)),
    ...(follow && { follow: (body, call) => follow(body, call, endpointOf(call.deployment)) }),
    ...(followsTo && { followsTo }),
    toReply: (body, call) => toReply(form.toTranscript(body, call), call.request),
    toBytes: (body, call) => toBytes(form.toTranscript(body, call), call.request),
    toError: (error, { deployment }) => ofHost(error, endpointOf(deployment).key),
  };
}

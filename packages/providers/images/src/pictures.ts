import type { FollowUp, JsonObject, Mapping, ProviderCall, WireRequest } from '@sluice/core';
import { type BaseEndpoint, type BaseEndpointOf, toError } from '@sluice/openai-wire';
import { type AskedPictures, type Honoured, readAsked } from './asked.ts';
import { type GivenPictures, readGiven } from './given.ts';

/** How one host draws. */
export type PicturesForm = {
  readonly honoured: Honoured;
  toRequest(call: ProviderCall, asked: AskedPictures, endpoint: BaseEndpoint): WireRequest;
  follow?(body: unknown, endpoint: BaseEndpoint): FollowUp | undefined;
  readonly followsTo?: readonly string[];
  /** The pictures in an answer, by address (`url`) or as bytes (`b64_json`). */
  toPictures(body: unknown, call: ProviderCall): readonly JsonObject[];
};

/** How it changes pictures: as it draws, with some that are given. */
export type EditForm = Omit<PicturesForm, 'toRequest'> & {
  /** Pictures that one call takes. */
  readonly mostGiven: number;
  toRequest(call: ProviderCall, asked: AskedPictures & GivenPictures, endpoint: BaseEndpoint): WireRequest;
};

export function drawing(endpointOf: BaseEndpointOf, form: PicturesForm): Mapping {
  return {
    ...answering(endpointOf, form),
    toRequest: (call) => form.toRequest(call, readAsked(call, form.honoured), endpointOf(call.deployment)),
  };
}

export function editing(endpointOf: BaseEndpointOf, form: EditForm): Mapping {
  return {
    ...answering(endpointOf, form),
    readsForm: true,
    // No host is sent to an address that a caller names.
    needsBytes: () => true,
    toRequest(call) {
      const asked = { ...readAsked(call, form.honoured), ...readGiven(call, form.mostGiven) };
      return form.toRequest(call, asked, endpointOf(call.deployment));
    },
  };
}

function answering(
  endpointOf: BaseEndpointOf,
  { honoured, toPictures, follow, followsTo }: Omit<PicturesForm, 'toRequest'>,
): Pick<Mapping, 'toReply' | 'toError' | 'follow' | 'followsTo' | 'answersByAddress'> {
  return {
    ...((honoured.answers ?? 'addresses') === 'addresses' && { answersByAddress: true }),
    ...(follow && { follow: (body, call) => follow(body, endpointOf(call.deployment)) }),
    ...(followsTo && { followsTo }),
    toReply: (body, call) => ({ created: Math.floor(Date.now() / 1000), data: toPictures(body, call) }),
    toError: (error, { deployment }) => toError(error, endpointOf(deployment).key),
  };
}

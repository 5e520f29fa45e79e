import { randomUUID } from 'node:crypto';
import type { Deployment } from '@sluice/core';
import type { GenerateContentResponse } from '../wire.ts';

/** What stands at the head of a reply, and of every chunk of a stream. */
export type Head = { readonly id: string; readonly created: number; readonly model: string };

/** Gemini's ids are kept; it sends no times. */
export function toHead({ responseId, modelVersion }: GenerateContentResponse, deployment: Deployment): Head {
  return { id: responseId ?? randomUUID(), created: Math.floor(Date.now() / 1000), model: modelVersion ?? deployment.model };
}

/** Ids for calls that came without: the same for the same answer, and for no other. */
export function callId({ id }: Head, choice: number, index: number): string {
  return choice === 0 ? `call_${id}_${index}` : `call_${id}_${choice}_${index}`;
}

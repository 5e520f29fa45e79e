import { type ProviderCall, refuser } from '@sluice/core';
import { traitsOf } from '../model-traits.ts';
import { toAnswerForm } from '../request/response-format.ts';
import { supportedBy } from '../request/unsupported.ts';

/** Whether the answer to `call` was asked for by way of a tool. */
export function isAnsweredByTool(call: ProviderCall): boolean {
  if (call.request.response_format === undefined) return false;
  return toAnswerForm(supportedBy(call), traitsOf(call.deployment), refuser(call.deployment)).kind === 'tool';
}

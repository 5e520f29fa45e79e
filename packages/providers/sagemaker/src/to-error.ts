import { type AwsSigner, toAwsError } from '@sluice/aws-wire';
import type { JsonObject, Mapping } from '@sluice/core';
import { toError as toContainersError } from '@sluice/openai-wire';

/** A container's own error comes within one of Amazon's, as text beside the status that the container gave. */
export function errorsOf({ accessOf }: AwsSigner): Mapping['toError'] {
  return (error, { deployment }) => {
    const { identity } = accessOf(deployment);
    const key = identity.kind === 'bearer' ? identity.key : undefined;
    const { OriginalMessage: original, OriginalStatusCode: status, error: own } = parse(error.body);
    if (typeof original === 'string') return toContainersError({ ...error, body: original, ...(typeof status === 'number' && { status }) }, key);
    return own === undefined ? toAwsError(error, key) : toContainersError(error, key);
  };
}

function parse(body: string): JsonObject {
  try {
    const value: unknown = JSON.parse(body);
    return value !== null && typeof value === 'object' ? (value as JsonObject) : {};
  } catch {
    return {};
  }
}

import { type JsonObject, type ModelRequest, type ProviderCall, supportedRequest, unsupportedParameter } from '@sluice/core';

/** What is to be embedded, and how. */
export type EmbeddingInput = {
  readonly texts: readonly string[];
  readonly dimensions: number | undefined;
  readonly taskType: string | undefined;
  readonly title: string | undefined;
};

const KNOWN: ReadonlySet<string> = new Set(['model', 'input', 'dimensions', 'encoding_format', 'user', 'cache', 'metadata', 'task_type', 'title']);

/** @throws GatewayError `unsupported_parameter` for anything but texts, and for fields that Google does not have. */
export function readInput(call: ProviderCall): EmbeddingInput {
  const request = supportedRequest(
    call,
    Object.keys(call.request).filter((name) => !KNOWN.has(name)),
  );
  const texts = [request.input].flat();
  if (!texts.every((text) => typeof text === 'string')) throw unsupportedParameter('input', call.deployment.provider, 'it takes texts, not tokens');
  return { texts, ...optionsOf(request) };
}

function optionsOf({ dimensions, task_type: taskType, title }: ModelRequest): Omit<EmbeddingInput, 'texts'> {
  return { dimensions: typeof dimensions === 'number' ? dimensions : undefined, taskType: word(taskType), title: word(title) };
}

function word(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The options as fields of a message of Google's. */
export function embedConfig({ dimensions, taskType, title }: EmbeddingInput): JsonObject {
  return {
    ...(dimensions !== undefined && { outputDimensionality: dimensions }),
    ...(taskType !== undefined && { taskType }),
    ...(title !== undefined && { title }),
  };
}

import { type JsonObject, unsupportedParameter } from '@sluice/core';

/** The functions that the model may call. */
export function toTools(tools: unknown, provider: string): readonly JsonObject[] {
  if (!Array.isArray(tools)) return [];
  return (tools as readonly JsonObject[]).map(({ function: described }, index) => {
    if (described === null || typeof described !== 'object')
      throw unsupportedParameter(`tools[${index}]`, provider, 'it has functions only, with arguments in JSON');
    const { name, description, parameters } = described as JsonObject;
    return {
      type: 'function',
      function: {
        name,
        ...(typeof description === 'string' && description !== '' && { description }),
        parameters: parameters ?? { type: 'object', properties: {} },
      },
    };
  });
}

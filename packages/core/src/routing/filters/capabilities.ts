import type { ContentPart, ModelRequest } from '../../types/chat.ts';
import type { Capabilities } from '../../types/model.ts';
import type { Filter } from './filter.ts';

const NEEDS: readonly (readonly [capability: keyof Capabilities, words: string, isNeeded: (request: ModelRequest) => boolean])[] = [
  ['vision', 'pictures', (request) => hasPart(request, 'image_url', 'input_image')],
  ['audio', 'sound', (request) => hasPart(request, 'input_audio') || (Array.isArray(request.modalities) && request.modalities.includes('audio'))],
  ['tools', 'tools', ({ tools }) => Array.isArray(tools) && tools.length > 0],
  [
    'jsonSchema',
    'answers by a schema',
    ({ response_format: format, text }) => isSchema(format) || isSchema((text as { readonly format?: unknown } | undefined)?.format),
  ],
];

/** What a model is said not to take is not sent to it. */
export const capabilities: Filter = {
  name: 'capabilities',
  weight: 'must',
  objection({ capabilities: can }, { request }) {
    if (!can) return undefined;
    const lacking = NEEDS.filter(([capability, , isNeeded]) => can[capability] === false && isNeeded(request)).map(([, words]) => words);
    return lacking.length === 0 ? undefined : `it does not take ${lacking.join(' or ')}`;
  },
};

function hasPart({ messages, input }: ModelRequest, ...types: readonly string[]): boolean {
  return [messages, input].some(
    (said) =>
      Array.isArray(said) &&
      said.some((message: { readonly content?: unknown } | null) => {
        const content = message?.content;
        return Array.isArray(content) && (content as readonly ContentPart[]).some((part) => types.includes(part?.type));
      }),
  );
}

function isSchema(format: unknown): boolean {
  return typeof format === 'object' && format !== null && 'type' in format && format.type === 'json_schema';
}

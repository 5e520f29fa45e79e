import type { JsonObject } from '@sluice/core';
import type { Beside, Block, Citation, Reasoning } from '../wire.ts';

/** A call of a tool that the caller has to make; Amazon makes those of its own tools by itself. */
export function isCall({ toolUse }: Block): boolean {
  return toolUse !== undefined && toolUse.type !== 'server_tool_use';
}

const FORMS: ReadonlySet<string> = new Set(['text', 'reasoningContent', 'citationsContent']);

/** A block for which chat completions have no form, such as what Amazon's own tools did. It stays as it is. */
export function isServerBlock(block: Block): boolean {
  return !isCall(block) && !Object.keys(block).some((field) => FORMS.has(field));
}

/** A thought as it is wanted back in the next turn. One that nobody has signed is not wanted back. */
export function toThinkingBlock({ reasoningText, redactedContent }: Reasoning): JsonObject | undefined {
  if (redactedContent !== undefined) return { type: 'redacted_thinking', data: redactedContent };
  const { text = '', signature } = reasoningText ?? {};
  return signature === undefined ? undefined : { type: 'thinking', thinking: text, signature };
}

/** What a text leans on: all of it as Bedrock tells it, and pages of the web in OpenAI's form. `at` is where the text has come to. */
export function toSources(citations: readonly Citation[], at: number): JsonObject {
  const pages = citations.filter(({ location }) => location?.web?.url !== undefined);
  return {
    ...(citations.length > 0 && { citations }),
    ...(pages.length > 0 && {
      annotations: pages.map(({ title, location }) => ({
        type: 'url_citation',
        url_citation: { url: location?.web?.url, title: title ?? '', start_index: at, end_index: at },
      })),
    }),
  };
}

/** What the answer tells of guardrails, of the tier it was made in and in fields that the caller asked for. */
export function besideOf({ trace, performanceConfig, serviceTier, additionalModelResponseFields }: Beside): JsonObject {
  const tier = serviceTier?.type;
  return {
    ...(typeof tier === 'string' && { service_tier: tier }),
    ...(trace && { trace }),
    ...(performanceConfig && { performanceConfig }),
    ...(additionalModelResponseFields !== undefined && additionalModelResponseFields !== null && { additionalModelResponseFields }),
  };
}

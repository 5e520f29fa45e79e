import type { JsonObject } from '@sluice/core';

/** Fields that Anthropic takes only from those who name the trial they belong to. https://docs.claude.com/en/api/beta-headers */
const BETA_OF_FIELD: Readonly<Record<string, string>> = {
  context_management: 'context-management-2025-06-27',
  mcp_servers: 'mcp-client-2025-11-20',
  output_format: 'structured-outputs-2025-11-13',
  speed: 'fast-mode-2026-02-01',
};
const FILES_BETA = 'files-api-2025-04-14';

/** What `anthropic-beta` has to say for `body`, together with what it says already; nothing when nothing is to be added. */
export function betasOf(body: JsonObject, configured: string | undefined): string | undefined {
  const needed = Object.keys(BETA_OF_FIELD).flatMap((field) => (body[field] === undefined ? [] : (BETA_OF_FIELD[field] ?? [])));
  if (namesFile(body.messages)) needed.push(FILES_BETA);
  if (needed.length === 0) return undefined;
  const named = (configured ?? '').split(',').flatMap((name) => name.trim() || []);
  return [...new Set([...named, ...needed])].join(',');
}

function namesFile(messages: unknown): boolean {
  return (messages as readonly { readonly content: readonly JsonObject[] }[]).some(({ content }) =>
    content.some(({ source }) => (source as JsonObject | undefined)?.type === 'file'),
  );
}

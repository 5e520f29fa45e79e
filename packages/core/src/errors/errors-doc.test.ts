import { expect, it } from 'vitest';
import { ERROR_CODES } from './error-codes.ts';

// `npx vitest run packages/core/src/errors -u` writes the page anew.
it('is what docs/errors.md says', async () => {
  await expect(toPage()).toMatchFileSnapshot('../../../../docs/errors.md');
});

function toPage(): string {
  const rows = Object.entries(ERROR_CODES).map(
    ([code, { status, type, meaning, mayPass, example }]) =>
      `| \`${code}\` | ${status} | \`${type}\` | ${cell(meaning)} | ${mayPass ? 'yes' : 'no'} | ${cell(example)} |`,
  );
  return `${HEAD}
| code | status | type | meaning | may pass later | example of a message |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

${TAIL}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\n\s*/g, ' ');
}

const HEAD = `# Errors

Made from \`packages/core/src/errors/error-codes.ts\` by \`npx vitest run packages/core/src/errors -u\`; a test fails when the two differ.

Every refusal and every failure is one of these, whether the call came by HTTP or from this process:

\`\`\`json
{ "error": { "message": "messages[2].content has to be a text or a list, not 5.", "type": "invalid_request_error", "param": "messages[2].content", "code": "invalid_request" } }
\`\`\`

In process the same is a \`GatewayError\` with \`code\`, \`status\`, \`message\`, \`param\` and \`retryAfterMs\`. Programs switch on \`code\`, never on \`message\`.
`;

const TAIL = `## Reading the table

- **May pass later**: the same call may succeed another time. The gateway has retried and fallen back already, as far as it was allowed to; \`retry-after\` (seconds) and \`retry-after-ms\` say when to come back, where that is known. \`budget_exceeded\` comes with \`x-should-retry: false\`, because the official clients would try again otherwise.
- **Errors from a provider** (\`upstream_…\`, \`context_length_exceeded\`, \`content_policy_violation\`, \`unsupported_parameter\`) keep the provider's message, and its status where that says more than ours. When fallbacks were tried, the message is of the last one, and ends with what was tried: \`(tried 'fast': upstream_rate_limited, then 'slow': upstream_error)\`.
- **\`guardrail_blocked\`** shows the name of the guardrail in \`code\`.
- **Inside a stream** the status has left already: the same body comes as a last event, \`data: {"error": …}\`, and \`data: [DONE]\` does not follow. A stream without either was cut on the way to you.
- **401 and 403 with \`upstream_…\`** are about the gateway's own credential at the provider. Yours was fine.
`;

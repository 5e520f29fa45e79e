/** What an error says. Others' errors may quote what they were asked with, as a whole or in its parts. */
export function withoutSecrets(error: unknown, secrets: readonly string[]): string {
  const parts = secrets.flatMap((secret) => [secret, ...secret.split('.')]).filter((part) => part.length >= 6);
  return parts.reduce((text, part) => text.replaceAll(part, '[redacted]'), error instanceof Error ? error.message : String(error));
}

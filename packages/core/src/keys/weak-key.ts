const SHORTEST = 16;

/** From documentation and examples: whoever tries keys tries these first. */
const PUBLISHED = new Set([
  'sk-1234',
  'sk-12345',
  'sk-123456',
  'your-master-key-here',
  'sk-your-master-key',
  'changeme',
  'change-me',
  'master-key',
  'sk-invoice-processor-2025',
]);

/** Why a key is easy to guess, if it is. */
export function weaknessOf(key: string): string | undefined {
  if (key.trim() === '') return 'is empty';
  if (PUBLISHED.has(key.toLowerCase())) return 'stands in public documentation';
  if (key.length < SHORTEST) return `is shorter than ${SHORTEST} characters`;
  return undefined;
}

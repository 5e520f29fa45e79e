import { readFileSync } from 'node:fs';

/** A fenced block whose opening line says a language and then a name: ```js server.js */
export type CodeBlock = { readonly language: string; readonly name: string; readonly code: string };

/** The named blocks of a document of the repository, by name. Blocks without a name are for reading only. */
export function codeBlocks(path: string): ReadonlyMap<string, CodeBlock> {
  const text = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  const found = [...text.matchAll(/^```(\w+) ([\w.-]+)\n(.*?)^```$/gms)];
  return new Map(found.map(([, language = '', name = '', code = '']) => [name, { language, name, code }]));
}

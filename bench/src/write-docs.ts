import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Puts `text` between the markers named `name`, in place of what stands there, or at the end. */
export function replaceSection(document: string, name: string, text: string): string {
  const [open, close] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const start = document.indexOf(open);
  const end = document.indexOf(close, start);
  const section = `${open}\n\n${text}\n\n${close}`;
  if (start < 0 || end < 0) return `${document.trimEnd()}\n\n${section}\n`;
  return document.slice(0, start) + section + document.slice(end + close.length);
}

export function writeSection(file: URL, name: string, text: string): void {
  const document = existsSync(file) ? readFileSync(file, 'utf8') : '';
  writeFileSync(file, replaceSection(document, name, text));
}

import { readFileSync, writeFileSync } from 'node:fs';

/** Puts `text` below the heading `## area`, in place of what stands there, or at the end. */
export function replaceArea(document: string, area: string, text: string): string {
  const [before, ...sections] = document.split(/^(?=## )/m);
  const section = `## ${area}\n\n${text}\n`;
  const at = sections.findIndex((own) => own.startsWith(`## ${area}\n`));
  const kept = sections.map((own, index) => (index === at ? section : own).trimEnd());
  return `${[(before ?? '').trimEnd(), ...kept, ...(at < 0 ? [section.trimEnd()] : [])].join('\n\n')}\n`;
}

export function writeArea(file: string, area: string, text: string): void {
  writeFileSync(file, replaceArea(readFileSync(file, 'utf8'), area, text));
}

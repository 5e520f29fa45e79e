/** Puts `text` below the heading `## heading` of a page, in place of what stands there, or at the end. */
export function replaceSection(page: string, heading: string, text: string): string {
  const [before, ...sections] = page.split(/^(?=## )/m);
  const section = `## ${heading}\n\n${text}`;
  const at = sections.findIndex((own) => own.startsWith(`## ${heading}\n`));
  const kept = sections.map((own, index) => (index === at ? section : own).trimEnd());
  return `${[(before ?? '').trimEnd(), ...kept, ...(at < 0 ? [section.trimEnd()] : [])].join('\n\n')}\n`;
}

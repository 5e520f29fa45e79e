export type Bar = { readonly name: string; readonly value: number; readonly text: string; readonly isChampion: boolean };

export type Panel = { readonly title: string; readonly bars: readonly Bar[] };

const ROW = 22;
const TOP = 34;
const LABEL = 104;
const BAR = 110;
const VALUE = 78;
const WIDTH = LABEL + BAR + VALUE;
const GAP = 12;
const MARGIN = 12;
/** Past so many times the smallest, lengths tell orders and not amounts. */
const LOG_FROM = 30;

/** Panels of horizontal bars, in rows of at most `across`, as SVG that needs nothing but itself. */
export function barChart(title: string, panels: readonly Panel[], across: number): string {
  const heights = rowsOf(panels, across).map((row) => TOP + ROW * Math.max(...row.map(({ bars }) => bars.length)) + GAP);
  const width = 2 * MARGIN + Math.min(across, panels.length) * (WIDTH + GAP) - GAP;
  const height = 2 * MARGIN + heights.reduce((sum, own) => sum + own, 0) - GAP;
  const drawn = rowsOf(panels, across).flatMap((row, at) => {
    const y = MARGIN + heights.slice(0, at).reduce((sum, own) => sum + own, 0);
    return row.map((panel, index) => drawPanel(panel, MARGIN + index * (WIDTH + GAP), y));
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Helvetica, Arial, sans-serif" font-size="12">
<title>${title}</title>
<rect width="${width}" height="${height}" fill="#ffffff"/>
${drawn.join('\n')}
</svg>
`;
}

function rowsOf(panels: readonly Panel[], across: number): Panel[][] {
  return Array.from({ length: Math.ceil(panels.length / across) }, (_, row) => panels.slice(row * across, (row + 1) * across));
}

function drawPanel({ title, bars }: Panel, x: number, y: number): string {
  const values = bars.map(({ value }) => value).filter((value) => value > 0 && Number.isFinite(value));
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const isLog = most > LOG_FROM * least;
  const share = (value: number): number => {
    if (!(value > 0)) return 0;
    return isLog ? 0.1 + 0.9 * (Math.log(value / least) / Math.log(most / least)) : value / most;
  };
  const rows = bars.map(({ name, value, text, isChampion }, index) => {
    const at = y + TOP + index * ROW;
    const length = Math.max(1, Math.round(BAR * share(value)));
    const weight = isChampion ? ' font-weight="bold"' : '';
    return [
      `<text x="${x + LABEL - 6}" y="${at + 12}" text-anchor="end" fill="#222222"${weight}>${name}</text>`,
      `<rect x="${x + LABEL}" y="${at}" width="${length}" height="16" fill="${isChampion ? '#1b7f5c' : '#a9bfd1'}"/>`,
      `<text x="${x + LABEL + length + 5}" y="${at + 12}" fill="#222222"${weight}>${text}</text>`,
    ].join('\n');
  });
  return [`<text x="${x}" y="${y + 16}" font-weight="bold" fill="#222222">${title}${isLog ? ' (log)' : ''}</text>`, ...rows].join('\n');
}

import { barChart, type Panel } from './bar-chart.ts';
import { type Compared, ranked } from './compare.ts';
import { FIGURES, type FigureName } from './figures.ts';

const STRESSED: readonly FigureName[] = ['p50', 'p99', 'errors', 'refusals', 'uneven', 'cost'];
const HEDGED: readonly FigureName[] = ['p50', 'p99', 'cost', 'effort'];
const TITLES: Readonly<Record<FigureName, string>> = {
  p50: 'p50',
  p99: 'p99',
  errors: 'errors',
  cost: 'cost of 1,000',
  refusals: 'refused tries',
  wrong: 'wrong answers',
  effort: 'p99 × cost',
  uneven: 'off the weights',
  misplaced: 'misplaced',
  torn: 'users between arms',
};

export function toText(name: FigureName, value: number): string {
  const { unit } = FIGURES[name];
  if (unit === 'ms' && value >= 10_000) return `${Math.round(value / 1000).toLocaleString('en-US')} s`;
  const digits = unit === 'USD' ? 3 : value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toLocaleString('en-US', { maximumFractionDigits: digits })} ${unit}`;
}

/** Every figure of the strategies that suit any group, one table for each world. */
export function stressTables(all: readonly Compared[]): string {
  return worldTables(all, STRESSED);
}

/** What second answers bring and what they cost. */
export function hedgeTables(all: readonly Compared[]): string {
  return worldTables(all, HEDGED);
}

function worldTables(all: readonly Compared[], columns: readonly FigureName[]): string {
  return all.map((compared) => `**${compared.scenario.name}.** ${compared.scenario.about}\n\n${worldTable(compared, columns)}`).join('\n\n');
}

function worldTable({ scenario, figures }: Compared, columns: readonly FigureName[]): string {
  const lines = [...figures].map(([name, own]) => {
    const cells = columns.map((column) =>
      name === scenario.champion && column === scenario.at ? `**${toText(column, own[column])}**` : toText(column, own[column]),
    );
    return `| ${name === scenario.champion ? `**${name}**` : name} | ${cells.join(' | ')} |`;
  });
  return [`| strategy | ${columns.map((column) => TITLES[column]).join(' | ')} |`, `| --- ${'| --- '.repeat(columns.length)}|`, ...lines].join('\n');
}

/** Each of the others at what it is for, and who comes next. */
export function purposeTable(all: readonly Compared[]): string {
  const lines = all.map((compared) => {
    const { champion, at, about } = compared.scenario;
    const [own, next, ...rest] = ranked(compared, at);
    const last = rest.at(-1) ?? next;
    const cell = (entry: readonly [string, number] | undefined): string => (entry ? `${entry[0]} ${toText(at, entry[1])}` : '');
    return `| ${champion} | ${about} | ${FIGURES[at].about} | **${toText(at, own?.[1] ?? Number.NaN)}** | ${cell(next)} | ${cell(last)} |`;
  });
  return ['| strategy | world | figure | its own | the next | the last |', '| --- | --- | --- | --- | --- | --- |', ...lines].join('\n');
}

/** Time, errors and cost in one world, and what it is about where that is something else. */
export function stressChart(compared: Compared): string {
  const { at } = compared.scenario;
  const usual: readonly FigureName[] = ['p50', 'p99', 'errors', 'cost'];
  const columns = usual.includes(at) ? usual : [at, ...usual];
  return barChart(
    compared.scenario.name,
    columns.map((column) => toPanel(compared, column, TITLES[column])),
    columns.length === 4 ? 2 : 3,
  );
}

export function hedgeChart(compared: Compared): string {
  return barChart(
    compared.scenario.name,
    HEDGED.map((column) => toPanel(compared, column, TITLES[column])),
    2,
  );
}

export function purposeChart(all: readonly Compared[]): string {
  return barChart(
    'each at what it is for',
    all.map((compared) => toPanel(compared, compared.scenario.at, `${compared.scenario.name}: ${TITLES[compared.scenario.at]}`)),
    3,
  );
}

function toPanel({ scenario, figures }: Compared, column: FigureName, title: string): Panel {
  const bars = [...figures].map(([name, own]) => ({
    name,
    value: own[column],
    text: toText(column, own[column]),
    isChampion: name === scenario.champion && column === scenario.at,
  }));
  return { title, bars };
}

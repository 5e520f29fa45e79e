import { GatewayError } from './gateway-error.ts';

export type ConfigurationProblem = {
  /** Where it stands, such as `models[2].deployments[0].provider` or `sluice.yaml:8:5`. */
  readonly place: string;
  readonly message: string;
  readonly suggestion?: string;
};

/** Wrong configuration: every mistake at once, each with its place and, where there is one, a suggestion. */
export class ConfigurationError extends GatewayError {
  readonly problems: readonly ConfigurationProblem[];

  /** `heading`: what cannot be done because of them. */
  constructor(problems: readonly ConfigurationProblem[], heading = 'Sluice cannot start') {
    super('configuration_invalid', [`${heading}:`, ...problems.map(toLine)].join('\n'));
    this.name = 'ConfigurationError';
    this.problems = problems;
  }
}

function toLine({ place, message, suggestion }: ConfigurationProblem): string {
  return `  ${place}: ${message}${suggestion ? ` ${suggestion}` : ''}`;
}

import { ConfigurationError, type ConfigurationProblem, didYouMean, type GuardrailPackage, type JsonObject } from '@sluice/core';
import { keywords, type KeywordsOptions } from './keywords.ts';

const OPTIONS: Readonly<Record<keyof KeywordsOptions, { readonly isValid: (value: unknown) => boolean; readonly form: string }>> = {
  words: { isValid: isListOfTexts, form: 'a list of texts' },
  action: { isValid: (value) => value === 'block' || value === 'redact', form: "'block' or 'redact'" },
  wholeWords: { isValid: isBoolean, form: 'true or false' },
  caseSensitive: { isValid: isBoolean, form: 'true or false' },
  replacement: { isValid: isText, form: 'a text' },
  name: { isValid: isText, form: 'a text' },
};

/** For configuration files that name this package. */
export const guardrail: GuardrailPackage = {
  create(options) {
    const problems = findProblems(options);
    if (problems.length > 0) throw new ConfigurationError(problems);
    return keywords(options as KeywordsOptions);
  },
};

function findProblems(options: JsonObject): ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = options.words === undefined ? [{ place: 'words', message: 'The list of words is missing.' }] : [];
  for (const [name, value] of Object.entries(options)) {
    const option = Object.hasOwn(OPTIONS, name) ? OPTIONS[name as keyof KeywordsOptions] : undefined;
    const suggestion = option ? undefined : didYouMean(name, Object.keys(OPTIONS));
    if (!option) problems.push({ place: name, message: `'${name}' is not an option.`, ...(suggestion === undefined ? {} : { suggestion }) });
    else if (!option.isValid(value)) problems.push({ place: name, message: `It has to be ${option.form}.` });
  }
  return problems;
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean';
}

function isListOfTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}

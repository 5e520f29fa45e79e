/** What Llama Guard 3 and 4 look for, by their codes. https://www.llama.com/docs/model-cards-and-prompt-formats/llama-guard-4/ */
export const CATEGORIES: Readonly<Record<string, string>> = {
  S1: 'violent crimes',
  S2: 'non-violent crimes',
  S3: 'sex-related crimes',
  S4: 'child sexual exploitation',
  S5: 'defamation',
  S6: 'specialized advice',
  S7: 'privacy',
  S8: 'intellectual property',
  S9: 'indiscriminate weapons',
  S10: 'hate',
  S11: 'suicide and self-harm',
  S12: 'sexual content',
  S13: 'elections',
  S14: 'code interpreter abuse',
};

import { describe, expect, it } from 'vitest';
import { changesSince, saidIn } from './said.ts';
import { yamlSource } from './yaml-source.ts';

const said = (text: string) => saidIn(yamlSource('f.yaml', text));

describe('what a file says', () => {
  it('is shown with the line that says it, and without its secrets', () => {
    const all = said(`
model_list:
  - model_name: a
    litellm_params: { model: openai/a, api_key: sk-written, max_tokens: 5, extra_headers: { x-any: hidden } }
general_settings:
  master_key: os.environ/MASTER
  database_url: postgres://user:hidden@host/db
  allowed_ips: ["10.0.0.0/8"]
`);
    expect(all.map(({ path, shown, origin }) => `${path} = ${shown}  ${origin}`)).toEqual([
      'model_list[0].model_name = "a"  f.yaml:3',
      'model_list[0].litellm_params.model = "openai/a"  f.yaml:4',
      'model_list[0].litellm_params.api_key = ***  f.yaml:4',
      'model_list[0].litellm_params.max_tokens = 5  f.yaml:4',
      'model_list[0].litellm_params.extra_headers.x-any = ***  f.yaml:4',
      'general_settings.master_key = from MASTER  f.yaml:6',
      'general_settings.database_url = "postgres://***@host/db"  f.yaml:7',
      'general_settings.allowed_ips = ["10.0.0.0/8"]  f.yaml:8',
    ]);
    expect(JSON.stringify(all)).not.toMatch(/hidden|sk-written/);
  });

  it('is compared with what another said, secrets by whether they are the same', () => {
    const before = said('general_settings: { master_key: one, rpm_limit: 1, tpm_limit: 5 }');
    const now = said('general_settings: { master_key: two, rpm_limit: 2, max_budget: 3 }');
    expect(changesSince(before, now)).toEqual([
      'general_settings.tpm_limit: gone',
      'general_settings.master_key: changed',
      'general_settings.rpm_limit: 2 in place of 1',
      'general_settings.max_budget: 3',
    ]);
    expect(changesSince(before, before)).toEqual([]);
  });
});

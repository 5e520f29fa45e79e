import { expect, test } from 'vitest';
import { withRules } from './with-rules.ts';

const deployment = { id: 'd', provider: 'p', model: 'm', parameterRules: { dropUnsupported: false, drop: ['seed'] } };

test("each rule is the deployment's own, else the gateway's", () => {
  const rules = { dropUnsupported: true, drop: ['user'], modify: true };
  expect(withRules({ parameterRules: rules })(deployment).parameterRules).toEqual({ dropUnsupported: false, drop: ['seed'], modify: true });
  expect(withRules({})(deployment)).toBe(deployment);
});

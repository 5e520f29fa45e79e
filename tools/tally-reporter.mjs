/** Ends a test run with one plain line that scripts can read, and names what was skipped and why. */
export default class TallyReporter {
  onTestRunEnd(modules) {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    const reasons = new Map();
    for (const module of modules) {
      const broken = [module, ...module.children.allSuites()].filter((suite) => suite.errors().length > 0);
      counts.failed += broken.filter((suite) => [...suite.children.allTests()].length === 0).length;
      for (const test of module.children.allTests()) {
        const { state, note } = test.result();
        // Where a file or its set-up fails, the tests in it are reported as skipped, and were not.
        const outcome = state === 'skipped' && broken.some((suite) => isIn(test, suite)) ? 'failed' : state === 'pending' ? 'skipped' : state;
        counts[outcome] += 1;
        if (outcome === 'skipped') reasons.set(note ?? 'no reason given', (reasons.get(note ?? 'no reason given') ?? 0) + 1);
      }
    }
    for (const [reason, count] of reasons) console.log(`skipped ${count}: ${reason}`);
    console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  }
}

function isIn(test, suite) {
  for (let at = test.parent; at; at = at.parent) if (at === suite) return true;
  return false;
}

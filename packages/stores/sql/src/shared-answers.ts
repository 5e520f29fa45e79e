/** Asks once for all who want to know the same at the same time. What was answered is not kept. */
export function sharedAnswers<T>(): (question: string, ask: () => Promise<T>) => Promise<T> {
  const underWay = new Map<string, Promise<T>>();
  return (question, ask) => {
    const known = underWay.get(question);
    if (known) return known;
    const answer = ask().finally(() => underWay.delete(question));
    underWay.set(question, answer);
    return answer;
  };
}

/** Of ten questions six are easy, two middling, and one each hard in either way. */
export const HARDNESS: readonly number[] = [0, 0, 0, 0, 0, 0, 1, 1, 2, 3];

/** What people say, by what it takes to answer. */
export const SAYINGS: Readonly<Record<number, readonly string[]>> = {
  0: [
    'Hi, what are your opening hours?',
    'Translate "good morning" into French.',
    'Who is the author of Dracula?',
    'What is the capital of Kenya?',
    'Thanks, that helped.',
    'Spell "necessary" for me.',
  ],
  1: [
    'Write a Python function that removes duplicates from a list and keeps the order.',
    'Summarise this thread: first what the customer wants, then what we offered, then what is still open.',
    'Write a SQL query that counts orders by month from a table with a date column.',
    'Which regex finds dates in the form 2024-01-31 in a script?',
  ],
  2: [
    'Refactor this TypeScript class so that the database access is behind an interface, and add unit tests: ```class A { load() { return db.query("select * from t") } }```',
    'Our distributed cache has a concurrency bug: two nodes write the same key. Debug this function and explain the protocol that would avoid it: ```async function put(k) { await lock(k); }```',
    'Design the database schema and index for a throughput of 10,000 writes, and show the SQL code to create it.',
  ],
  3: [
    'Prove that the square root of two is irrational, step by step.',
    'Analyze the trade-offs between optimistic and pessimistic locking and justify which one fits us. Think it through carefully.',
    'Derive the gradient of the loss and explain why it vanishes; evaluate the pros and cons of each remedy.',
  ],
};

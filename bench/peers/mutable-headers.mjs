// Portkey 1.15.2 changes the headers of what fetch answers, which are immutable, and so fails every stream with 500.
// An answer made anew has headers that may be changed.
const { fetch } = globalThis;
globalThis.fetch = async (...args) => {
  const response = await fetch(...args);
  return new Response(response.body, response);
};

// A page of one generation in an application with pages of others: it calls the same command, says something when all are there, and
// reports what it hears.
export async function chat(name, call, listen, emit) {
  await listen('chat', (text) => call('report', { name: `${name} heard ${text}`, ok: true }));
  await listen('everybody-is-here', () => emit('chat', name));
  await call('report', { name: `${name}: ${await call('greet', { name })}`, ok: true });
  await call('here', {});
}

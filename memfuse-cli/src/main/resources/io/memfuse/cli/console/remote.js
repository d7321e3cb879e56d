// The server: a stream of server-sent events, documents, and things to do. Kept in memory only: the token.

let token = '';

export const setToken = value => { token = value; };
export const hasToken = () => token !== '';

const headers = () => (token ? { Authorization: 'Bearer ' + token } : {});

export class Refused extends Error {
  constructor(status, message) { super(message); this.status = status; }
}

async function check(response) {
  if (response.ok) return response;
  let message = 'answered ' + response.status;
  try { const body = await response.json(); message = body.error ?? body.reason ?? message; } catch { /* no JSON */ }
  throw new Refused(response.status, message);
}

export async function get(path) {
  return (await check(await fetch(path, { headers: headers(), signal: AbortSignal.timeout(10_000) }))).json();
}

export async function post(path) {
  const options = { method: 'POST', headers: headers(), signal: AbortSignal.timeout(15_000) };
  return (await check(await fetch(path, options))).json();
}

/** How long the server may be silent: it says something every three seconds. */
const SILENCE = 9000;

/** Hands on what the server sends, until the connection is lost. By fetch, which unlike EventSource can show a token. */
async function follow(onData, onOpen) {
  const abort = new AbortController();
  let silence = setTimeout(() => abort.abort(), SILENCE);
  try {
    const response = await check(await fetch('events', { headers: headers(), signal: abort.signal }));
    await onOpen();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(silence);
      silence = setTimeout(() => abort.abort(), SILENCE);
      const events = (rest + value).split('\n\n');
      rest = events.pop();
      for (const event of events) if (event.startsWith('data: ')) onData(JSON.parse(event.slice(6)));
    }
  } finally {
    clearTimeout(silence);
    abort.abort();
  }
}

/** Follows for ever; waits longer each time in vain. */
export async function keepFollowing(onData, onOpen, onLost) {
  let pause = 500;
  for (;;) {
    let why = 'the connection was closed';
    let status = 0;
    try {
      await follow(onData, async () => { pause = 500; await onOpen(); });
    } catch (e) {
      status = e.status ?? 0;
      why = e instanceof Refused ? e.message : 'the server does not answer';
    }
    onLost(why, status);
    await new Promise(resolve => setTimeout(resolve, pause));
    pause = Math.min(pause * 1.7, 5000);
  }
}

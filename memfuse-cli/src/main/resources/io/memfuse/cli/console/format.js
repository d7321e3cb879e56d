// Numbers as people read them.

const plain = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export const count = n => (n < 10_000 ? plain : short).format(n);

export const rate = n => (n === 0 ? '0' : n < 10 ? n.toFixed(1) : count(n));

/** What there is no figure of yet. */
const NONE = '–';

export const percent = share => (share === null ? NONE : share === 1 || share === 0 ? share * 100 + ' %' : (share * 100).toFixed(1) + ' %');

export function millis(ms) {
  if (ms === null || ms === 0) return NONE;
  if (ms < 1) return Math.round(ms * 1000) + ' µs';
  if (ms < 10) return ms.toFixed(1) + ' ms';
  if (ms < 1000) return Math.round(ms) + ' ms';
  return (ms / 1000).toFixed(1) + ' s';
}

export function span(ms) {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 60) return s + ' s';
  if (s < 3600) return Math.floor(s / 60) + ' min';
  if (s < 86_400) return Math.floor(s / 3600) + ' h ' + Math.floor((s % 3600) / 60) + ' min';
  return Math.floor(s / 86_400) + ' d';
}

export const clock = ms => new Date(ms).toLocaleTimeString('en-GB');

export const plural = (n, one, many = one + 's') => count(n) + ' ' + (n === 1 ? one : many);

/** Sets a text, and touches the page only if it differs. */
export function text(element, value) {
  const string = String(value);
  if (element.textContent !== string) element.textContent = string;
}

export function element(tag, className, content) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (content !== undefined) made.textContent = content;
  return made;
}

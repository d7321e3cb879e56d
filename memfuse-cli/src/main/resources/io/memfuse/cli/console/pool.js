// What is said of a pool in more than one place.

/** What the configuration calls it; else the database that it is of. */
export const called = row => row.names.join(', ') || row.database;

/** One that is not there, because nobody has asked for it lately, is not known to be well. */
export const isNotOpen = row => row.state === 'REGISTERED' && row.health === 'UP';

export const healthOf = row => (isNotOpen(row) ? 'NOT OPEN' : row.health);

/** How many connections it may hold now: none unless it is open, whatever it would be opened with. */
export const room = row => (row.state === 'OPEN' || row.state === 'DRAINING' ? row.max : 0);

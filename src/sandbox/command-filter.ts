import type { Scripts } from './sandbox.ts';

type Words = readonly (string | Buffer)[];

/** What commands on a server that the user named have to keep to. */
export interface Bounds {
  /** The one logical database. */
  db: number;
  /** As whom to log in; another may have more rights. */
  login: { username?: string | undefined; password?: string | undefined };
  scripts: Scripts;
}

/** Never run: they reach beyond our database, or act on the server itself. */
const BEYOND = new Set(
  `FLUSHALL FLUSHDB SWAPDB MOVE RESET SHUTDOWN REPLICAOF SLAVEOF MIGRATE MODULE FAILOVER SYNC PSYNC REPLCONF
  SAVE BGSAVE BGREWRITEAOF DEBUG CLUSTER MONITOR PFDEBUG PFSELFTEST RESTORE-ASKING`.split(/\s+/),
);

/** Of these, only what looks. */
const LOOKING: Record<string, RegExp> = {
  CONFIG: /^(GET|HELP)$/,
  ACL: /^(WHOAMI|CAT|GENPASS|HELP)$/,
  CLIENT: /^(?!(KILL|PAUSE|UNPAUSE|UNBLOCK|NO-EVICT|IMPORT-SOURCE)$)/,
  SCRIPT: /^(LOAD|EXISTS|SHOW|HELP)$/,
  FUNCTION: /^(LIST|DUMP|STATS|HELP)$/,
  LATENCY: /^(?!RESET$)/,
  SLOWLOG: /^(?!RESET$)/,
  COMMANDLOG: /^(?!RESET$)/,
  MEMORY: /^(?!PURGE$)/,
};

const SCRIPTS = new Set(['EVAL', 'EVALSHA', 'EVAL_RO', 'EVALSHA_RO', 'FCALL', 'FCALL_RO']);

/** What leads into the database, or out: a new connection begins in database 0, whoever logs in. */
const ARRIVING = new Set(['AUTH', 'HELLO', 'SELECT', 'CLIENT', 'PING', 'ECHO', 'COMMAND', 'QUIT']);

/**
 * Why a command is not run, as the error reply that stands for its own; undefined where it may be. `db` is the
 * database that its connection is in.
 */
export function refusalOf(command: Words, bounds: Bounds, db = bounds.db): string | undefined {
  const [name = '', part = '', ...rest] = command.map((word) => word.toString('latin1').toUpperCase());
  if (BEYOND.has(name) || LOOKING[name]?.test(part) === false)
    return `NOPERM ${name} is not run on a server that you named: it reaches beyond what is ours`;
  if (name === 'SELECT' && part !== String(bounds.db)) return elsewhere(bounds);
  if (db !== bounds.db && !ARRIVING.has(name)) return elsewhere(bounds);
  if (name === 'COPY' && rest.slice(1).includes('DB')) return elsewhere(bounds);
  if (logsInAsAnother(name, command, bounds))
    return `NOPERM ${name} is not run on a server that you named: another user may reach beyond what is ours`;
  if (SCRIPTS.has(name) && !bounds.scripts.allowed)
    return `NOPERM ${name} runs a script, which could reach beyond what is ours, as ${bounds.scripts.because}; its administrator can allow it: ${bounds.scripts.acl}`;
  return undefined;
}

function elsewhere({ db }: Bounds): string {
  return `NOPERM on a server that you named, lessons stay in database ${db}`;
}

/** AUTH and HELLO are open to every user, whatever its rights. */
function logsInAsAnother(name: string, command: Words, { login }: Bounds): boolean {
  const words = command.map(String);
  const at = name === 'HELLO' ? words.findIndex((word, index) => index > 0 && /^auth$/i.test(word)) : 0;
  if ((name !== 'AUTH' && name !== 'HELLO') || at < 0) return false;
  const given = name === 'AUTH' ? words.slice(1) : words.slice(at + 1, at + 3);
  const [username, password] = given.length === 1 ? ['default', given[0]] : given;
  return username !== (login.username ?? 'default') || password !== login.password;
}

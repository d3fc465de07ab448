/** A server program that can be started here. */
export interface ServerProgram {
  product: 'Redis' | 'Valkey';
  /** As its `--version` says, e.g. `7.0.15`. */
  version: string;
  /** Where it came from, as the end of "Redis 7.0.15, private, …": "from PATH". */
  origin: string;
  /** The program's path; of a container, the path of `docker`. */
  command: string;
  /** Added to the environment it is started with. */
  env: Record<string, string>;
  /** The `redis-cli` that came with it. */
  cli?: string;
  /** The folder to throw away if it does not start: it was fetched and can be fetched again. */
  folder?: string;
  /** The image to start with `docker run`; absent where the program runs by itself. */
  image?: string;
}

/** Why a provider has no program to offer. */
export interface Miss {
  why: 'absent' | 'old' | 'network' | 'rights' | 'space' | 'broken' | 'declined' | 'unsupported';
  /** What was found, or what went wrong: one sentence. */
  message: string;
  /** What the user can do about it. */
  next?: string;
}

/** What providers need to know and may do. */
export interface Search {
  env: Record<string, string | undefined>;
  platform: NodeJS.Platform;
  /** Folders looked into after those of PATH; the package managers' own where absent. */
  usualFolders?: string[];
  /** Where fetched programs are kept. Need not exist. */
  cacheFolder: string;
  /** Says what is going on, while it takes a while. */
  progress: (text: string) => void;
  /** Asks before something is installed or built; absent where there is nobody to ask. */
  ask?: ((question: string) => Promise<boolean>) | undefined;
  /** Ends the search: what was begun is taken back. */
  signal?: AbortSignal | undefined;
}

/** One way to get a server program. */
export interface Provider {
  id: 'path' | 'cache' | 'debian' | 'homebrew' | 'docker' | 'source';
  /** As `doctor` names it. */
  title: string;
  /** Never rejects but for `search.signal`. */
  find(search: Search): Promise<ServerProgram | Miss>;
}

export function isMiss(found: ServerProgram | Miss): found is Miss {
  return 'why' in found;
}

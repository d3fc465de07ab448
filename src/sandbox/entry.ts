/** What came of a learner's try to come in by a URL. */
export type Entry = Entered | Refused;

export interface Entered {
  kind: 'connected';
  /** As whom; null where the server wants a login first, and answers NOAUTH until then. */
  user: string | null;
  db: number;
  tls: boolean;
}

export interface Refused {
  kind: 'refused';
  why: keyof typeof WORDS;
  /** What was really said: the server's error reply, how the connection ended, or what is wrong with the URL. */
  said?: string;
  /** Made last, for the learner: `why` and `said` in a sentence or two. No password is in it. */
  message: string;
}

/** What messages are made of, besides the reason. */
export interface About {
  /** Of the server, as lessons know it. */
  host: string;
  port: number;
  said?: string | undefined;
}

const WORDS = {
  unreadable: ({ said }) => `${said}`,
  'unknown-host': ({ host }) => `There is no such host here. The server is ${host}.`,
  'unknown-port': ({ host, port }) => `Nobody listens on that port of ${host}. The server's is ${port}.`,
  wrongpass: ({ said }) => `The server does not let you in: ${said}`,
  'no-password': ({ said }) =>
    `The URL names a user and no password: ${said}. A password alone has a colon before it: redis://:password@host:port.`,
  'password-unasked': ({ said }) => `The server wants no password of this user: ${said}`,
  database: ({ said }) => `You may not go into that database: ${said}`,
  'plain-to-tls': ({ said }) => `${said}. This server speaks TLS alone: write rediss://.`,
  'tls-to-plain': ({ said }) => `${said}. This server does not speak TLS: write redis://.`,
  'certificate-name': ({ host, said }) =>
    `The server's certificate is not for ${host}, so it may be another server: ${said}.`,
  'certificate-authority': ({ said }) =>
    `The server's certificate is signed by an authority that you do not trust: ${said}.`,
  'certificate-time': ({ said }) => `The server's certificate does not hold at this time: ${said}.`,
  unreachable: ({ said }) => `The server cannot be reached: ${said}.`,
} as const satisfies Record<string, (about: About) => string>;

export type Why = keyof typeof WORDS;

export function refused(why: Why, about: About): Refused {
  const { said } = about;
  return { kind: 'refused', why, ...(said === undefined ? {} : { said }), message: WORDS[why](about) };
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadUsage } from '../failure.ts';
import { clientOptions, parseTarget, showTarget, type Target } from './target.ts';

describe('the address of a server', () => {
  test.each<[string, Target]>([
    ['redis://', { host: '127.0.0.1', port: 6379 }],
    ['redis://localhost', { host: 'localhost', port: 6379 }],
    ['redis://cache.example:6380/2', { host: 'cache.example', port: 6380, db: 2 }],
    ['redis://cache.example/', { host: 'cache.example', port: 6379 }],
    ['REDIS://h?db=3', { host: 'h', port: 6379, db: 3 }],
    ['redis://[::1]:7000/0', { host: '::1', port: 7000, db: 0 }],
    ['redis://[fe80::1]', { host: 'fe80::1', port: 6379 }],
    ['redis://al%40ice:p%3A%2f%25@h', { host: 'h', port: 6379, username: 'al@ice', password: 'p:/%' }],
    ['redis://:se:cr@et@h', { host: 'h', port: 6379, password: 'se:cr@et' }],
    ['redis://alice@h', { host: 'h', port: 6379, username: 'alice' }],
    ['rediss://h:1', { host: 'h', port: 1, tls: {} }],
    ['unix:///tmp/redis.sock', { socketPath: '/tmp/redis.sock' }],
    ['unix:///tmp/a%20b@c:d.sock?db=4', { socketPath: '/tmp/a b@c:d.sock', db: 4 }],
    ['unix://alice:p%2Fw@/tmp/r.sock', { socketPath: '/tmp/r.sock', username: 'alice', password: 'p/w' }],
  ])('%s', (url, target) => {
    expect(parseTarget(url)).toEqual(target);
  });

  test('is overruled by what is given besides', () => {
    const tls = { ca: 'pem' };
    expect(parseTarget('redis://u:p@h/1', { db: 2, username: 'v', password: 'q', tls })).toEqual({
      host: 'h',
      port: 6379,
      username: 'v',
      password: 'q',
      db: 2,
      tls,
    });
  });

  test.each([
    ['localhost:6379', /does not begin with redis:\/\//],
    ['', /does not begin/],
    ['http://h', /http:\/\//],
    ['redis://h:0', /port/],
    ['redis://h:65536', /port/],
    ['redis://h:6379x', /port/],
    ['redis://user:secret', /port/],
    ['redis://h/one', /database/],
    ['redis://h/-1', /database/],
    ['redis://h?db=x', /database/],
    ['redis://::1:6379', /host/],
    ['redis://[1.2.3.4]', /IPv6/],
    ['redis://a b', /host/],
    ['redis://u:secret%zz@h', /password/],
    ['redis://u%zz:secret@h', /user name/],
    ['unix://tmp/redis.sock', /absolute/],
    ['unix:///', /absolute/],
    ['unix://', /absolute/],
  ])('%j is refused, and the bad part is named', (url, message) => {
    expect(() => parseTarget(url)).toThrow(BadUsage);
    expect(() => parseTarget(url)).toThrow(message);
  });

  test('TLS does not go with a unix socket', () => {
    expect(() => parseTarget('unix:///tmp/r.sock', { tls: {} })).toThrow(/not encrypted/);
  });

  test('no text is anything but a target or a BadUsage, and neither shows a password', () => {
    const secret = 'Tr0ub4dor';
    const part = fc.string({ unit: fc.constantFrom(...'ab:/@[]?%#0 .'), maxLength: 6 });
    fc.assert(
      fc.property(fc.constantFrom('redis', 'rediss', 'unix'), part, part, part, (scheme, a, b, c) => {
        // What stands behind the first slash of a unix address is the path, and no login.
        const user = scheme === 'unix' ? a.replaceAll('/', '') : a;
        const url = `${scheme}://${user}:${secret}${b}@${c}`;
        try {
          expect(showTarget(parseTarget(url))).not.toContain(secret);
        } catch (error) {
          if (!(error instanceof BadUsage)) throw error;
          expect(`${error.message} ${error.next}`).not.toContain(secret);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a target in messages', () => {
  test.each([
    ['redis://alice:secret@h/2', 'redis://alice@h:6379/2'],
    ['rediss://[::1]:7000', 'rediss://[::1]:7000'],
    ['unix://alice:secret@/tmp/a%20b.sock?db=1', 'unix://alice@/tmp/a%20b.sock?db=1'],
  ])('%s reads %s', (url, shown) => {
    expect(showTarget(parseTarget(url))).toBe(shown);
  });
});

describe('options of node-redis', () => {
  test('a name is sent for TLS, an address is not', () => {
    expect(clientOptions(parseTarget('rediss://cache.example'), 'n').socket).toMatchObject({
      servername: 'cache.example',
      tls: true,
    });
    expect(clientOptions(parseTarget('rediss://127.0.0.1'), 'n').socket).not.toHaveProperty('servername');
    expect(clientOptions(parseTarget('rediss://[::1]'), 'n').socket).not.toHaveProperty('servername');
  });

  test('a connection is not made again, and nothing waits for one', () => {
    expect(clientOptions({ host: 'h', db: 3 }, 'n')).toMatchObject({
      RESP: 2,
      name: 'n',
      database: 3,
      disableOfflineQueue: true,
      socket: { reconnectStrategy: false, connectTimeout: 5000 },
    });
  });
});

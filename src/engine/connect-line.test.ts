import { describe, expect, it } from 'vitest';
import { connectIn } from './connect-line.ts';

describe('a line with .connect', () => {
  it.each([
    ['.connect redis://a.example:1/2', { url: 'redis://a.example:1/2' }],
    ['  .CONNECT   redis://a.example ', { url: 'redis://a.example' }],
    ['.connect --cacert ca.pem rediss://a.example', { url: 'rediss://a.example', cacert: 'ca.pem' }],
    ['.connect rediss://a.example --cacert ca.pem', { url: 'rediss://a.example', cacert: 'ca.pem' }],
    ['.connect --cacert=./ca.pem rediss://a.example', { url: 'rediss://a.example', cacert: 'ca.pem' }],
    ['.connect', { url: '' }],
  ])('is read: %s', (line, read) => {
    expect(connectIn(line)).toEqual(read);
  });

  it.each(['.connect "redis://:a%23b@a.example"', ".connect 'redis://:a%23b@a.example'"])(
    'may have quotes around the URL, as a shell wants them: %s',
    (line) => {
      expect(connectIn(line)).toEqual({ url: 'redis://:a%23b@a.example' });
    },
  );

  it('is no other line', () => {
    expect(connectIn('.connection redis://a.example')).toBeUndefined();
    expect(connectIn('PING')).toBeUndefined();
  });
});

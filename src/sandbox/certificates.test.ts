import { createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeCertificates } from './certificates.ts';

const DAY = 86_400_000;
const names = ['vault.shop.example', '*.shop.example'];

test('a certificate is for the names that were asked, and for a server alone', () => {
  const certificate = new X509Certificate(makeCertificates(names).certificate);
  expect(certificate.subjectAltName).toBe('DNS:vault.shop.example, DNS:*.shop.example');
  expect(certificate.checkHost('cache.shop.example')).toBe('*.shop.example');
  expect(certificate.checkHost('shop.example')).toBeUndefined();
  expect(certificate.ca).toBe(false);
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
});

test('a certificate is signed by its authority, which signs no other authority', () => {
  const { ca, certificate, key } = makeCertificates(names);
  const [authority, server] = [new X509Certificate(ca), new X509Certificate(certificate)];
  expect(authority.ca).toBe(true);
  expect(server.checkIssued(authority)).toBe(true);
  expect(server.verify(authority.publicKey)).toBe(true);
  expect(authority.verify(authority.publicKey)).toBe(true);
  expect(server.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(authority.checkPrivateKey(createPrivateKey(key))).toBe(false);
});

test('certificates hold for a few days around now', () => {
  const now = Date.UTC(2049, 11, 30);
  const { ca, certificate } = makeCertificates(names, now);
  for (const { validFrom, validTo } of [new X509Certificate(ca), new X509Certificate(certificate)]) {
    expect(Date.parse(validFrom)).toBe(now - DAY);
    expect(Date.parse(validTo)).toBe(now + 7 * DAY);
  }
});

test('no two are alike, and a name may be longer than a common name', () => {
  const long = `${'a'.repeat(60)}.shop.example`;
  const [one, other] = [makeCertificates([long]), makeCertificates([long])];
  expect(one.ca).not.toBe(other.ca);
  const [first, second] = [one, other].map(({ certificate }) => new X509Certificate(certificate));
  expect(first!.serialNumber).not.toBe(second!.serialNumber);
  expect(first!.checkHost(long)).toBe(long);
});

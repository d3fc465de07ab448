import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  id_kp_serverAuth,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509';

/** All as PEM. */
export interface Certificates {
  /** The authority that signed the server's certificate; its key is forgotten, so that it signs no other. */
  ca: string;
  certificate: string;
  key: string;
}

const DAY = 86_400_000;
const COMMON_NAME = '2.5.4.3';
/** The longest common name that there may be. */
const LONGEST_NAME = 64;
const AUTHORITY = 'Rediscover, for this lesson alone';

/** Makes an authority, and by it a certificate of a server with these DNS names; good from a day ago for a week from now. */
export function makeCertificates(names: string[], now = Date.now()): Certificates {
  const [authority, server] = [keys(), keys()];
  const validity = new Validity({ notBefore: new Date(now - DAY), notAfter: new Date(now + 7 * DAY) });
  const authorityId = keyId(authority.publicKey);
  const make = (subject: string, key: KeyObject, extensions: Extension[]) =>
    signed(
      new TBSCertificate({
        version: Version.v3,
        serialNumber: serialNumber(),
        signature: ecdsaWithSha256(),
        issuer: named(AUTHORITY),
        validity,
        subject: named(subject),
        subjectPublicKeyInfo: AsnConvert.parse(spki(key), SubjectPublicKeyInfo),
        extensions: new Extensions(extensions),
      }),
      authority.privateKey,
    );
  return {
    ca: make(AUTHORITY, authority.publicKey, [
      extension(id_ce_basicConstraints, new BasicConstraints({ cA: true, pathLenConstraint: 0 }), true),
      extension(id_ce_keyUsage, usage(KeyUsageFlags.keyCertSign), true),
      extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(authorityId)),
    ]),
    certificate: make(names.find(({ length }) => length <= LONGEST_NAME) ?? 'server', server.publicKey, [
      extension(id_ce_basicConstraints, new BasicConstraints({ cA: false }), true),
      extension(id_ce_keyUsage, usage(KeyUsageFlags.digitalSignature), true),
      extension(id_ce_extKeyUsage, new ExtendedKeyUsage([id_kp_serverAuth])),
      extension(
        id_ce_subjectAltName,
        new SubjectAlternativeName(names.map((dNSName) => new GeneralName({ dNSName }))),
      ),
      extension(
        id_ce_authorityKeyIdentifier,
        new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(authorityId) }),
      ),
    ]),
    key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** Made in a millisecond, where RSA takes a hundred. */
function keys() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function signed(content: TBSCertificate, key: KeyObject): string {
  const certificate = new Certificate({
    tbsCertificate: content,
    signatureAlgorithm: ecdsaWithSha256(),
    signatureValue: bytes(sign('sha256', Buffer.from(AsnConvert.serialize(content)), key)),
  });
  const base64 = Buffer.from(AsnConvert.serialize(certificate)).toString('base64');
  const lines = base64.match(/.{1,64}/g)!.join('\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function ecdsaWithSha256(): AlgorithmIdentifier {
  return new AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.2' });
}

function named(commonName: string): Name {
  const value = new AttributeValue({ utf8String: commonName });
  return new Name([new RelativeDistinguishedName([new AttributeTypeAndValue({ type: COMMON_NAME, value })])]);
}

function extension(extnID: string, content: object, critical = false): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(content)) });
}

/** As the bit string's own bytes have it: its first bit is the highest. */
function usage(flag: KeyUsageFlags): KeyUsage {
  const bit = Math.log2(flag);
  const use = new KeyUsage(new Uint8Array([0x80 >> bit]));
  use.unusedBits = 7 - bit;
  return use;
}

function serialNumber(): ArrayBuffer {
  const number = randomBytes(16);
  // Positive, and not shortened by leading zeros.
  number[0] = (number[0]! & 0x3f) | 0x40;
  return bytes(number);
}

function keyId(key: KeyObject): ArrayBuffer {
  return bytes(createHash('sha1').update(spki(key)).digest());
}

function spki(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}

function bytes(buffer: Buffer): ArrayBuffer {
  return new Uint8Array(buffer).buffer;
}

import { readFile } from 'node:fs/promises';
import { BadUsage } from '../failure.ts';
import { parseTarget, type Target, type TlsOptions } from '../redis/target.ts';

export interface NamedOptions {
  /** The logical database; the URL's own, else 0, where absent. */
  db?: number | undefined;
  /** Files in PEM form. */
  tlsCa?: string | undefined;
  tlsCert?: string | undefined;
  tlsKey?: string | undefined;
  /** The name to look for in the server's certificate, where it is not the host's. */
  tlsServername?: string | undefined;
  /** The words of the command line, to repeat with another database; those of the server alone where absent. */
  typed?: string[] | undefined;
}

/** Where the server is that the user names. Throws BadUsage. */
export async function readNamedTarget(url: string, options: NamedOptions): Promise<Target> {
  const { tlsCa, tlsCert, tlsKey, tlsServername, db } = options;
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw new BadUsage('A client certificate needs its key.', {
      next: 'Give both --tls-cert and --tls-key.',
    });
  const [ca, cert, key] = await Promise.all([
    pem('--tls-ca', tlsCa),
    pem('--tls-cert', tlsCert),
    pem('--tls-key', tlsKey),
  ]);
  const tls: TlsOptions = {
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(tlsServername !== undefined && { servername: tlsServername }),
  };
  const given = Object.keys(tls).length > 0;
  if (given) await usable(tls);
  return parseTarget(url, { ...(db !== undefined && { db }), ...(given && { tls }) });
}

async function pem(flag: string, file: string | undefined): Promise<Buffer | undefined> {
  if (file === undefined) return undefined;
  try {
    return await readFile(file);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'you may not read it' : message;
    throw new BadUsage(`${flag} ${file} can't be read: ${why}.`, { cause });
  }
}

async function usable({ ca, cert, key }: TlsOptions): Promise<void> {
  const { createSecureContext } = await import('node:tls');
  const parts = [
    ['--tls-ca', ca && { ca }],
    ['--tls-cert', cert && { cert }],
    ['--tls-key', key && { key }],
    ['--tls-cert and --tls-key', cert && { cert, key }],
  ] as const;
  for (const [flag, part] of parts) {
    try {
      if (part) createSecureContext(part);
      // Text without a certificate in it is taken for an empty list.
      if (flag === '--tls-ca' && ca && !ca.includes('-----BEGIN')) throw new Error('no certificate is in it');
    } catch (cause) {
      throw new BadUsage(`${flag}: ${(cause as Error).message}`, {
        next: 'These files are expected in PEM form.',
        cause,
      });
    }
  }
}

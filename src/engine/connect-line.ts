/** `.connect [--cacert FILE] URL`, as typed. */
export interface ConnectLine {
  url: string;
  /** The file with the authority that is trusted. */
  cacert?: string;
}

/** Undefined for any other line. A URL that is missing is empty; quotes around it, as a shell wants them, are no part of it. */
export function connectIn(line: string | Buffer): ConnectLine | undefined {
  const [first, ...words] = line
    .toString()
    .trim()
    .replace(/(\s--cacert)=/, '$1 ')
    .split(/\s+/);
  if (first?.toLowerCase() !== '.connect') return undefined;
  const flag = words.indexOf('--cacert');
  const [, cacert] = flag < 0 ? [] : words.splice(flag, 2);
  const url = words.join(' ').replace(/^(["'])(.*)\1$/, '$2');
  return { url, ...(cacert !== undefined && { cacert: cacert.replace(/^\.\//, '') }) };
}

/** The name under which a lesson's authority is known. */
export const CA_FILE = 'ca.pem';

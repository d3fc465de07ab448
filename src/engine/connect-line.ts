/** `.connect [--cacert FILE] URL`, as typed. */
export interface ConnectLine {
  url: string;
  /** The file with the authority that is trusted. */
  cacert?: string;
}

/** Undefined for any other line. A URL that is missing is empty. */
export function connectIn(line: string | Buffer): ConnectLine | undefined {
  const [first, ...words] = line.toString().trim().split(/\s+/);
  if (first?.toLowerCase() !== '.connect') return undefined;
  const flag = words.indexOf('--cacert');
  const [, cacert] = flag < 0 ? [] : words.splice(flag, 2);
  return { url: words.join(' '), ...(cacert !== undefined && { cacert }) };
}

/** The name under which a lesson's authority is known. */
export const CA_FILE = 'ca.pem';

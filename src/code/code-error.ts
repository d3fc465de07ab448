/** What a snippet threw, in the words of its language. */
export interface CodeError {
  /** Its class, as `TypeError`; empty where what was thrown is no error. */
  name: string;
  message: string;
  /** The line within the snippet, from 1, where that can be told. */
  line?: number;
  /** It is the error reply of a Redis command that the snippet ran. */
  reply?: true;
}

/** As in `line 2: TypeError: client.get is not a function`. */
export function textOf({ name, message, line }: CodeError): string {
  const at = line === undefined ? '' : `line ${line}`;
  return [at, name, message].filter(Boolean).join(': ');
}

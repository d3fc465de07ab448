/** A lesson's server, as code connects to it by itself. */
export interface Place {
  /** As the code names it: no name server knows that. */
  host: string;
  port: number;
  /** Where that leads. */
  at: { host: string; port: number };
  /** The authority that its certificate is signed by, in PEM, and the file that holds it; of a server with TLS. */
  ca?: { text: string; file: string };
}

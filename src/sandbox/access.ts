/** What a private server asks of whoever comes in, and the name by which lessons know it. */
export interface Access {
  host: string;
  port: number;
  /** Of the user `default`; absent: anyone may come in as `default`. */
  password?: string;
  users?: { name: string; password: string; rules: string[] }[];
  /** Served by TLS alone, with a certificate for these names. */
  tls?: { names: string[] };
}

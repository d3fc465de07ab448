import { z } from 'zod';
import { filled } from './fields.ts';
import { entry, type YamlNode } from './yaml-tree.ts';
import { pairs, string, stringAt, strings } from './yaml-values.ts';

/**
 * A server that a lesson has besides the learner's own: private too, and started when an exercise needs it. No name
 * server knows its name; within the lesson, that leads there.
 */
export interface CourseServer {
  /** Within the lesson: `vault`. */
  name: string;
  /** As URLs name it: `vault.shop.example` and 6390. */
  host: string;
  port: number;
  /** What the user `default` has to say; nothing where absent. */
  password?: string;
  users: { name: string; password: string; rules: string[] }[];
  /** It speaks TLS alone, and its certificate is for these names. */
  tls?: { names: string[] };
}

const NAME = /^[a-z][a-z0-9-]{0,30}$/;
/** Names under .example lead nowhere, by RFC 2606. */
const ADDRESS = /^([a-z0-9][a-z0-9.-]{0,60}\.example):([1-5]?\d{2,4}|6[0-4]\d{3})$/;
/** What neither a config file nor an ACL rule can misread. */
const PASSWORD = /^[!#$%&()*+,./:;<=>?@[\]^_{|}~a-zA-Z0-9-]{1,100}$/;
const RULES = /^([~%&+@a-zA-Z0-9:*|._-]+)( [~%&+@a-zA-Z0-9:*|._-]+)*$/;

const password = z.string().regex(PASSWORD, 'letters, digits and signs, without blanks and quotes');

const serverSchema = z
  .strictObject({
    address: z
      .string()
      .regex(ADDRESS, 'a name under .example and a port, as vault.shop.example:6390')
      .describe('How URLs name it: vault.shop.example:6390. Only names under .example.'),
    password: password.optional().describe('The password of the user `default`; none, where absent.'),
    users: z
      .array(
        z.strictObject({
          name: z.string().regex(NAME, 'small letters, digits and dashes').describe('Its name.'),
          password: password.describe('Its password.'),
          rules: z
            .string()
            .regex(RULES, 'rules of ACL SETUSER, with one blank between')
            .describe('What it may do, as ACL SETUSER has it: ~catalog:* +@read'),
        }),
      )
      .optional()
      .describe('Users besides `default`.'),
    certificate: z
      .union([filled, z.array(filled).min(1)])
      .optional()
      .describe('It speaks TLS alone, with a certificate for this name, or these.'),
  })
  .describe('A server that exercises of this lesson run on: private, and started when one needs it.');

export const serversSchema = z.record(
  z.string().regex(NAME, 'small letters, digits and dashes'),
  serverSchema,
);

/** Those that are well formed; what is not was reported by the schema. */
export function readServers(node: YamlNode | undefined): CourseServer[] {
  return (node ? pairs(node) : []).flatMap(([name, value]) => readServer(name, value) ?? []);
}

function readServer(name: string, node: YamlNode): CourseServer | undefined {
  if (node.kind !== 'map') return undefined;
  const [, host, port] = ADDRESS.exec(stringAt(node, 'address') ?? '') ?? [];
  if (host === undefined || Number(port) > 65535) return undefined;
  const [password, certificate] = [stringAt(node, 'password'), entry(node, 'certificate')];
  const users = entry(node, 'users');
  return {
    name,
    host,
    port: Number(port),
    ...(password !== undefined && { password }),
    users: (users?.kind === 'list' ? users.items : []).map((user) => ({
      name: string(entry(user, 'name') ?? user),
      password: string(entry(user, 'password') ?? user),
      rules: string(entry(user, 'rules') ?? user).split(' '),
    })),
    ...(certificate && { tls: { names: strings(certificate) } }),
  };
}

/** Made at build by scripts/command-facts.js: JSON. */
declare module 'virtual:command-docs' {
  const json: string;
  export default json;
}

/** Made at build by scripts/command-facts.js: lines of text. See command-facts.ts. */
declare module 'virtual:command-facts' {
  const text: string;
  export default text;
}

/** A plugin of rolldown and Vite. */
export function commandFacts(): { name: string };

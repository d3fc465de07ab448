import type { Miss, Search } from './provider.ts';

/** Asks whether something may be installed; the miss where it may not, or where there is nobody to ask. */
export async function consent({ ask }: Search, question: string, byHand: string): Promise<Miss | undefined> {
  if (!ask)
    return {
      why: 'declined',
      message: `${question.replace(/\?$/, '')}: this needs your word.`,
      next: `Add --yes to let Rediscover do it, or: ${byHand}`,
    };
  if (await ask(question)) return undefined;
  return {
    why: 'declined',
    message: `${question} No.`,
    next: `By hand: ${byHand}; or name a server with --redis.`,
  };
}

import { describe, expect, it } from 'vitest';
import type { WorldStory } from '../checks/world-story.ts';
import { columns } from './columns.ts';
import { drawStory } from './story.ts';
import { themeFor } from './theme.ts';

const theme = themeFor({ columns: 80 });
const story: WorldStory = {
  number: 1,
  kind: 'meanwhile',
  given: [],
  events: [
    { by: 'you', command: 'GET stock:12', reply: '18' },
    { by: 'other', command: 'DECR stock:12', reply: '17' },
    { by: 'you', command: 'SET stock:12 17', reply: 'OK' },
  ],
};

describe('a story of two clients', () => {
  it('has a column for each, in the order of what was done', () => {
    expect(drawStory(story, { theme, width: 78 })).toBe(
      [
        'you                    another client',
        'GET stock:12 -> 18',
        '                       DECR stock:12 -> 17',
        'SET stock:12 17 -> OK',
      ].join('\n'),
    );
  });

  it('names the two before each line where the window is too narrow for columns', () => {
    expect(drawStory(story, { theme, width: 38 })).toBe(
      ['you> GET stock:12 -> 18', 'another client> DECR stock:12 -> 17', 'you> SET stock:12 17 -> OK'].join(
        '\n',
      ),
    );
    for (let width = 18; width < 80; width++)
      for (const line of drawStory(story, { theme, width }).split('\n'))
        expect(columns(line)).toBeLessThanOrEqual(width);
  });

  it('lets no escape code through', () => {
    const [first] = story.events;
    const command = 'GET \x1b[2Jk\u202e';
    expect(drawStory({ ...story, events: [{ ...first!, command }] }, { theme, width: 78 })).not.toMatch(
      /\x1b|\u202e/,
    );
  });
});

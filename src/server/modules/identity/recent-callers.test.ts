import { describe, expect, it } from 'vitest';
import { recentCallers } from './recent-callers.ts';

describe('recent callers', () => {
  it('asks once a second', async () => {
    let now = 0;
    let asked = 0;
    const callers = recentCallers<string>(() => now);
    const look = async () => `answer ${++asked}`;
    expect(await callers.find('a', look)).toBe('answer 1');
    now = 999;
    expect(await callers.find('a', look)).toBe('answer 1');
    now = 1000;
    expect(await callers.find('a', look)).toBe('answer 2');
  });

  it('remembers nothing from before a change, not even what was being looked up', async () => {
    const callers = recentCallers<string>(() => 0);
    let answer: (found: string) => void = () => {};
    const slow = callers.find('a', () => new Promise<string>((resolve) => (answer = resolve)));
    callers.forget();
    answer('as it was');
    expect(await slow).toBe('as it was');
    expect(await callers.find('a', async () => 'as it is')).toBe('as it is');
    callers.forget();
    expect(await callers.find('a', async () => undefined)).toBeUndefined();
  });

  it('does not remember that nobody was found', async () => {
    const callers = recentCallers<string>(() => 0);
    expect(await callers.find('a', async () => undefined)).toBeUndefined();
    expect(await callers.find('a', async () => 'made meanwhile')).toBe('made meanwhile');
  });
});

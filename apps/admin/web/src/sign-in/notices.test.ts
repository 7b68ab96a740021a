import { expect, test } from 'vitest';
import { ApiProblem } from '../api/api-problem.ts';
import { noticeOfProblem, noticeOfReturn } from './notices.ts';

test('a wrong name or password is told without what the server says of it', () => {
  const notice = noticeOfProblem(new ApiProblem({ status: 401, code: 'UNAUTHENTICATED', detail: 'in English' }));
  expect(notice('en').title).toBe('Name or password is wrong');
  expect(notice('zh')).toMatchObject({ title: '名称或密码错误', lines: [expect.not.stringContaining('English')] });
});

test('too many attempts are told with the time after which to try again', () => {
  const notice = noticeOfProblem(
    new ApiProblem({ status: 429, code: 'TOO_MANY_REQUESTS', detail: 'Wait.', suggestion: 'Think.', retryAfterMs: 59_001 }),
  );
  expect(notice('en')).toEqual({ title: 'Too many attempts', lines: ['Wait.', 'Think.', 'Try again in 1 min.'] });
  expect(notice('zh').title).toBe('尝试次数过多');
});

test.each(['NO_SUCH_CODE', 'toString', '__proto__'])('the unknown code %s is told as something that did not work', (code) => {
  expect(noticeOfProblem(new ApiProblem({ status: 500, code, detail: 'x' }))('en')).toEqual({ title: 'This did not work', lines: ['x'] });
});

test('what an OpenID Connect sign-in came back with is told, and nothing else in the address', () => {
  const at = (query: string) => noticeOfReturn(new URL(`http://x/admin/sandbox-settings${query}`))?.('en').title;
  expect(at('?sign-in=refused')).toBe('You may not enter this way');
  expect(at('?sign-in=unavailable')).toBe('Signing in this way is not possible at the moment');
  expect([at(''), at('?sign-in=<b>'), at('#sign-in=refused')]).toEqual([undefined, undefined, undefined]);
});

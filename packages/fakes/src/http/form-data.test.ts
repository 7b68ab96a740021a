import { describe, expect, test } from 'vitest';
import { parseFormData } from './form-data.ts';

const type = 'multipart/form-data; boundary=b';
const field = '--b\r\ncontent-disposition: form-data; name="path"\r\n\r\n/a/ü\r\n';
const file = '--b\r\ncontent-disposition: form-data; name="file"; filename="f"\r\n\r\nabc';
const end = '\r\n--b--\r\n';

describe('parseFormData', () => {
  test.each([
    ['a field before the file', field + file + end],
    ['a field behind the file', `${file}\r\n${field.slice(0, -2)}${end}`],
  ])('takes %s', async (_title, body) => {
    const { fields, files } = await parseFormData(type, Buffer.from(body));
    expect([fields.get('path'), files.get('file')]).toEqual(['/a/ü', { fileName: 'f', content: Buffer.from('abc') }]);
  });

  test.each([
    ['ends in a file', field + file],
    ['ends in the head of a part', '--b\r\ncontent-disp'],
    ['is empty', ''],
    ['is something else', '{"path":"x"}'],
  ])('refuses a body that %s', async (_title, body) => {
    await expect(parseFormData(type, Buffer.from(body))).rejects.toThrow(/./);
  });

  test.each(['application/json', '', 'multipart/form-data'])('refuses what is said to be %s', async (contentType) => {
    await expect(parseFormData(contentType, Buffer.from(field + file + end))).rejects.toThrow(/./);
  });
});

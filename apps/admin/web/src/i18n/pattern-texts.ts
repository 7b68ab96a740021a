/** What a text must look like, in each language of the page. */
interface PatternText {
  readonly en: string;
  readonly zh: string;
}

/** By provider and field. */
type PatternTexts = Readonly<Record<string, Readonly<Record<string, PatternText>>>>;

/** What the patterns of fields ask for. The server tells them as expressions for machines; the words for PEM files are those of all providers. */
export const patternTexts: PatternTexts = {
  docker: {
    dockerHost: {
      en: 'Must begin with unix:///, tcp://, http:// or https://.',
      zh: '必须以 unix:///、tcp://、http:// 或 https:// 开头。',
    },
    preload: {
      en: 'Must be the name of a Python module: letters, digits, "_" and ".", and no digit or "." at the beginning.',
      zh: '必须是 Python 模块的名称：字母、数字、“_”和“.”，且不以数字或“.”开头。',
    },
  },
  aliyun_codeinterpreter: {
    accountId: { en: 'Must be 5 to 20 digits.', zh: '必须是 5 到 20 位数字。' },
    region: {
      en: 'Must be the id of a region: two lower-case letters, "-", then lower-case letters, digits and "-", such as cn-hangzhou.',
      zh: '必须是地域的 ID：两个小写字母、“-”，然后是小写字母、数字和“-”，例如 cn-hangzhou。',
    },
    templateName: {
      en: 'Must be 1 to 63 letters, digits, "_" and "-", and begin with a letter or digit.',
      zh: '必须是 1 到 63 个字母、数字、“_”和“-”，并以字母或数字开头。',
    },
  },
  e2b: {
    region: {
      en: 'Must be the id of a region: 2 to 63 lower-case letters, digits and "-", beginning with a letter.',
      zh: '必须是地域的 ID：2 到 63 个小写字母、数字和“-”，并以字母开头。',
    },
    domain: {
      en: 'Must be a domain without "https://" and without a path; a port may follow, as in e2b.example:8443.',
      zh: '必须是不带“https://”和路径的域名；后面可以有端口，例如 e2b.example:8443。',
    },
    user: {
      en: 'Must be the name of a user: 1 to 32 lower-case letters, digits, "_" and "-", beginning with a letter or "_".',
      zh: '必须是用户名：1 到 32 个小写字母、数字、“_”和“-”，并以字母或“_”开头。',
    },
    metadata: {
      en: 'A name must be 1 to 64 letters, digits, "_", "." and "-", begin with a letter or digit, and not begin with "sandport".',
      zh: '名称必须是 1 到 64 个字母、数字、“_”、“.”和“-”，以字母或数字开头，且不以“sandport”开头。',
    },
    headers: {
      en: 'The name of a header must be 1 to 64 letters, digits and "-", and begin with a letter.',
      zh: '标头名称必须是 1 到 64 个字母、数字和“-”，并以字母开头。',
    },
  },
};

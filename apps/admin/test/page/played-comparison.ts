import type { AnswerOf, EventOf } from '@sandport/admin-api';

type ComparisonEvent = EventOf<'compareConfigurations'>;
type ComparedProgram = Extract<ComparisonEvent, { readonly type: 'compared' }>;

const SUBJECTS = ['values/floats', 'values/unicode', 'output/large', 'files/artifacts', 'input/numbers', 'limits/time'];

const corpus: AnswerOf<'listCorpus'>['programs'] = SUBJECTS.flatMap((subject) =>
  (['python', 'javascript'] as const).map((language) => ({
    id: `${subject}[${language}]`,
    title: 'Returns fractions whose digits are easily lost',
    language,
    code: '',
  })),
);

const SAME: ComparedProgram['left'] = {
  status: 'completed',
  refusal: null,
  value: '[1,2]',
  stdout: 'a\nb\n',
  stderr: '',
  error: null,
  files: [],
  totalMs: 33.3,
};

/** In what the sides differ, by the subject. */
const DIFFERING: Readonly<Record<string, Partial<Pick<ComparedProgram, 'left' | 'right'>> & Pick<ComparedProgram, 'differences'>>> = {
  'values/floats': {
    right: { ...SAME, value: '[1,2.0]' },
    differences: [{ kind: 'value', message: 'The values are equal and written differently.' }],
  },
  'output/large': {
    right: { ...SAME, stdout: 'a\n<b>c</b>\n', totalMs: 900 },
    differences: [
      { kind: 'output', message: 'stdout differs from line 2 on.' },
      { kind: 'time', message: 'The right side took 27.0 times as long: 900 ms and not 33 ms.' },
    ],
  },
  'files/artifacts': {
    left: { ...SAME, files: [{ path: 'notes.txt', sizeBytes: 9, sha256: 'ab'.repeat(32) }] },
    right: { ...SAME, status: null, value: null, stdout: '', refusal: { code: 'CAPABILITY_UNSUPPORTED', message: 'No files here.' } },
    differences: [{ kind: 'status', message: 'Left ended as completed, right was refused with CAPABILITY_UNSUPPORTED.' }],
  },
};

/** The programs that can be chosen. */
export function playedCorpus(): AnswerOf<'listCorpus'> {
  return { programs: corpus };
}

/** A comparison in which half of the programs differ. */
export function playedComparison(ids: readonly string[] = corpus.map(({ id }) => id)): ComparisonEvent[] {
  const compared = corpus
    .filter(({ id }) => ids.includes(id))
    .map(({ id, title, language }): ComparedProgram => {
      const program = { id, title, language };
      return { type: 'compared', program, left: SAME, right: SAME, differences: [], ...DIFFERING[id.replace(/\[.*/, '')] };
    });
  const differing = compared.filter(({ differences }) => differences.length > 0).length;
  return [{ type: 'began', total: compared.length }, ...compared, { type: 'ended', programs: compared.length, differing }];
}

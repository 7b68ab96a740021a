import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, type Plugin, type Rolldown } from 'vite';
import { textAt } from './src/sign-in/sign-in-texts.ts';

const SOURCE = new URL('sign-in.html', import.meta.url);
const STYLE = '<link rel="stylesheet" href="./src/sign-in/sign-in.css" />';
const SCRIPT = '<script type="module" src="./src/sign-in/main.ts"></script>';

/**
 * Builds the sign-in page as one document with its style and script in it: whoever comes first waits for one answer. It is built apart from the app, so that it shares no file with it.
 */
export function signInDocument({ conditions }: { readonly conditions: readonly string[] }): Plugin {
  return {
    name: 'sandport-sign-in-document',
    apply: 'build',
    async generateBundle() {
      const html = await readFile(SOURCE, 'utf8');
      const [style, script] = await Promise.all([
        built(new URL('src/sign-in/sign-in.css', import.meta.url), conditions),
        built(new URL('src/sign-in/main.ts', import.meta.url), conditions),
      ]);
      const source = put(
        put(withTexts(html.replaceAll(/>\n\s*</g, '><')), STYLE, `<style>${style}</style>`),
        SCRIPT,
        `<script>${script}</script>`,
      );
      this.emitFile({ type: 'asset', fileName: 'sign-in.html', source });
    },
  };
}

async function built(entry: URL, conditions: readonly string[]): Promise<string> {
  const input = fileURLToPath(entry);
  const output = (await build({
    configFile: false,
    logLevel: 'warn',
    root: fileURLToPath(new URL('.', import.meta.url)),
    resolve: { conditions: [...conditions] },
    build: {
      write: false,
      target: 'es2022',
      // It is written with `light-dark()`, which all of these know.
      cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
      modulePreload: false,
      rolldownOptions: { input, output: { format: input.endsWith('.css') ? 'es' : 'iife' } },
    },
  })) as Rolldown.RolldownOutput;
  const files = output.output;
  const style = files.find(({ fileName }) => fileName.endsWith('.css'));
  const text = style?.type === 'asset' ? String(style.source) : files[0].code;
  // Nothing in it may end the element that it is put into, nor begin a comment there.
  if (/<\/(?:script|style)|<!--/i.test(text)) throw new Error(`${input} has a text in it that cannot stand within a document.`);
  return text.trim();
}

function withTexts(html: string): string {
  return html.replaceAll(
    /(?<opening>data-text="(?<key>[\w.]+)"[^>]*>)(?=<)/g,
    (opening: string, _all, key: string) => `${opening}${textAt('en', key)}`,
  );
}

function put(html: string, place: string, content: string): string {
  const at = html.indexOf(place);
  if (at < 0) throw new Error(`sign-in.html has no ${place}`);
  return html.slice(0, at) + content + html.slice(at + place.length);
}

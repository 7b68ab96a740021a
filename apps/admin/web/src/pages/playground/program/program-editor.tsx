import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { python } from '@codemirror/lang-python';
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { Text } from '@mantine/core';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { styleNonce } from '../../../theme/theme.ts';
import type { ProgramLanguage } from '../playground-input.ts';
import './program-editor.css';

/** Class names instead of colours, so that the style sheet has one of each for light and for dark. */
const HIGHLIGHTING = syntaxHighlighting(
  HighlightStyle.define([
    { tag: [tags.keyword, tags.controlKeyword, tags.modifier, tags.operatorKeyword], class: 'code-keyword' },
    { tag: [tags.string, tags.special(tags.string), tags.regexp], class: 'code-string' },
    { tag: [tags.number, tags.bool, tags.null, tags.atom], class: 'code-constant' },
    { tag: [tags.comment, tags.docString], class: 'code-comment' },
    { tag: [tags.function(tags.variableName), tags.function(tags.definition(tags.variableName)), tags.className], class: 'code-name' },
  ]),
);

const LANGUAGES: Readonly<Record<ProgramLanguage, () => Extension>> = {
  python: () => [python(), indentUnit.of('    ')],
  javascript: () => [javascript(), indentUnit.of('  ')],
};

/** An editor for a program. Tab indents; Escape and then Tab leaves it, which is told below it. */
export function ProgramEditor({
  language,
  value,
  onChange,
  onRun,
}: {
  readonly language: ProgramLanguage;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onRun: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const latest = useRef({ onChange, onRun });
  const parts = useRef({ language: new Compartment(), attributes: new Compartment() });
  const helpId = useId();
  const label = t('playground.code');
  latest.current = { onChange, onRun };

  useEffect(() => {
    if (place.current === null) return undefined;
    const editor = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          EditorView.cspNonce.of(styleNonce()),
          parts.current.language.of(LANGUAGES[language]()),
          parts.current.attributes.of(attributes(label, helpId)),
          lineNumbers(),
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          highlightActiveLine(),
          HIGHLIGHTING,
          keymap.of([
            { key: 'Mod-Enter', preventDefault: true, run: () => (latest.current.onRun(), true) },
            ...defaultKeymap.filter(({ key }) => key !== 'Mod-Enter'),
            ...historyKeymap,
            indentWithTab,
          ]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => {
      view.current = null;
      editor.destroy();
    };
    // What changes later is brought into the editor below.
  }, []);

  useEffect(() => {
    view.current?.dispatch({ effects: parts.current.language.reconfigure(LANGUAGES[language]()) });
  }, [language]);
  useEffect(() => {
    view.current?.dispatch({ effects: parts.current.attributes.reconfigure(attributes(label, helpId)) });
  }, [label, helpId]);
  useEffect(() => {
    const editor = view.current;
    if (editor === null || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  return (
    <div>
      <div ref={place} className="program-editor" />
      <Text id={helpId} size="xs" c="dimmed" mt={4}>
        {t('playground.editorHelp')}
      </Text>
    </div>
  );
}

function attributes(label: string, helpId: string): Extension {
  return EditorView.contentAttributes.of({ 'aria-label': label, 'aria-describedby': helpId, spellcheck: 'false', tabindex: '0' });
}

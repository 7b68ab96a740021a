import { ROUTES } from '@sandport/admin-api';
import { createApiCaller } from '../api/api-caller.ts';
import { toApiProblem } from '../api/api-problem.ts';
import { markLanguage, preferredLanguage, rememberLanguage } from '../i18n/language-choice.ts';
import { isPageLanguage, type PageLanguage } from '../i18n/page-language.ts';
import { readPageFacts } from '../page-facts.ts';
import { documentAddress, loadAgain, stopLoadingAgain } from '../session/load-again.ts';
import { fetchAhead } from './fetch-ahead.ts';
import { noticeOfHeldCookie, noticeOfProblem, noticeOfReturn, type NoticeIn } from './notices.ts';
import { filled, textAt, textsIn } from './sign-in-texts.ts';
import { followTheme } from './theme-choice.ts';

/** Nobody is signed in here: there is no token, and nothing to be renewed. */
const { call } = createApiCaller((input, init) => fetch(input, init), {
  csrfToken: () => null,
  signedInAgain: () => Promise.resolve(false),
  refresh: () => Promise.resolve(false),
});

const form = element('form', HTMLFormElement);
const nameField = element('name', HTMLInputElement);
const passwordField = element('password', HTMLInputElement);
const submitButton = element('submit', HTMLButtonElement);
const facts = readPageFacts();

let language = preferredLanguage();
let notice = noticeOfReturn(new URL(window.location.href));
let openIdName = facts?.session.openIdName ?? null;

/** Puts every text of the document in the language. */
function speak(): void {
  markLanguage(language);
  const { session } = textsIn(language);
  document.title = `${session.signInTitle} · ${textsIn(language).shell.product}`;
  for (const each of document.querySelectorAll<HTMLElement>('[data-text]')) each.textContent = textAt(language, each.dataset['text'] ?? '');
  for (const each of document.querySelectorAll<HTMLElement>('[data-label]')) {
    const label = textAt(language, each.dataset['label'] ?? '');
    each.title = label;
    each.ariaLabel = label;
  }
  const openId = element('openid', HTMLElement);
  const link = openId.querySelector('a');
  openId.hidden = openIdName === null;
  if (link !== null) link.textContent = filled(session.openId, { name: openIdName ?? '' });
  if (link !== null) link.href = ROUTES.beginOpenIdSignIn.path;
  tell(notice);
}

/** Says something above the form, or nothing more. It is read out. */
function tell(told: NoticeIn | undefined): void {
  notice = told;
  const place = element('problem', HTMLElement);
  place.className = told === undefined ? '' : 'note bad';
  if (told === undefined) return place.replaceChildren();
  const { title, lines } = told(language);
  place.replaceChildren(withText('strong', title), ...lines.map((line) => withText('p', line)));
}

/** Marks a field as missing, or as good. */
function mark(field: HTMLInputElement, isMissing: boolean): void {
  const words = element(`${field.id}-wrong`, HTMLElement);
  words.hidden = !isMissing;
  field.ariaInvalid = isMissing ? 'true' : null;
  if (isMissing) field.setAttribute('aria-describedby', words.id);
  else field.removeAttribute('aria-describedby');
}

async function signIn(): Promise<void> {
  const name = nameField.value.trim();
  const password = passwordField.value;
  mark(nameField, name === '');
  mark(passwordField, password === '');
  if (name === '' || password === '') return (name === '' ? nameField : passwordField).focus();
  tell(undefined);
  submitButton.disabled = true;
  try {
    await call('signIn', { body: { name, password } });
    stopLoadingAgain();
    window.location.replace(documentAddress());
  } catch (error) {
    tell(noticeOfProblem(toApiProblem(error)));
    submitButton.disabled = false;
  }
}

/** A browser that a page of another site has led here shows its session only now. */
async function look(): Promise<void> {
  const session = await call('readSession', {});
  openIdName = session.openIdName;
  element('first-account', HTMLElement).hidden = !session.needsFirstAccount;
  if (session.account === null) stopLoadingAgain();
  else if (!loadAgain()) notice = noticeOfHeldCookie;
  speak();
}

function lookQuietly(): void {
  submitButton.disabled = false;
  look().catch(() => {
    // What is wrong is told to whoever sends the form.
  });
}

function chooseLanguage(chosen: PageLanguage): void {
  language = chosen;
  rememberLanguage(chosen);
  speak();
}

function start(): void {
  element('first-account', HTMLElement).hidden = facts?.session.needsFirstAccount !== true;
  const languages = element('language', HTMLSelectElement);
  languages.value = language;
  languages.addEventListener('change', () => (isPageLanguage(languages.value) ? chooseLanguage(languages.value) : undefined));
  followTheme(element('theme', HTMLSelectElement));
  speak();
  const show = element('show', HTMLButtonElement);
  show.addEventListener('click', () => {
    const isShown = passwordField.type === 'text';
    passwordField.type = isShown ? 'password' : 'text';
    show.ariaPressed = String(!isShown);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void signIn();
  });
  submitButton.disabled = false;
  const afterLoad = (): void => {
    lookQuietly();
    fetchAhead(facts?.ahead ?? []);
  };
  if (document.readyState === 'complete') afterLoad();
  else window.addEventListener('load', afterLoad, { once: true });
  // Going back to a page that was kept as it was left.
  window.addEventListener('pageshow', ({ persisted }) => (persisted ? lookQuietly() : undefined));
}

function element<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`The sign-in page has no "${id}".`);
  return found;
}

function withText(tag: 'p' | 'strong', text: string): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

start();

import { randomUUID } from 'node:crypto';
import type { FakeTemplateStatus } from '../fake-agent-run.ts';
import { serviceError } from '../service-error.ts';
import type { TemplateInput } from '../control/template-input.ts';
import type { ServiceSettings } from './service-settings.ts';

/** A template as it is stored. */
export interface StoredTemplate {
  readonly accountId: string;
  readonly templateId: string;
  readonly createdAtMs: number;
  input: TemplateInput;
  version: number;
  updatedAtMs: number;
  readyAtMs: number;
  /** Why it failed, where it did. */
  readonly failure: string | undefined;
  /** When it can no longer be seen. */
  goneAtMs: number | undefined;
}

/** How a creation is to go. */
export interface CreationCourse {
  readonly delayMs: number;
  readonly failure?: string;
}

/** The templates of all accounts. */
export class TemplateStore {
  readonly #settings: ServiceSettings;
  #templates: StoredTemplate[] = [];

  constructor(settings: ServiceSettings) {
    this.#settings = settings;
  }

  status(template: StoredTemplate): FakeTemplateStatus {
    const nowMs = this.#settings.now();
    if (template.goneAtMs !== undefined) return 'DELETING';
    if (nowMs < template.readyAtMs) return 'CREATING';
    return template.failure === undefined ? 'READY' : 'CREATE_FAILED';
  }

  all(): StoredTemplate[] {
    const nowMs = this.#settings.now();
    this.#templates = this.#templates.filter(({ goneAtMs }) => goneAtMs === undefined || nowMs < goneAtMs);
    return this.#templates;
  }

  find(accountId: string, templateName: string): StoredTemplate | undefined {
    return this.all().find((template) => template.accountId === accountId && template.input.templateName === templateName);
  }

  get(accountId: string, templateName: string): StoredTemplate {
    const template = this.find(accountId, templateName);
    if (template === undefined) throw serviceError(404, 'ERR_NOT_FOUND', `template not found: ${templateName}`);
    return template;
  }

  create(accountId: string, input: TemplateInput, course: CreationCourse): StoredTemplate {
    if (this.find(accountId, input.templateName) !== undefined)
      throw serviceError(409, 'ERR_CONFLICT', `template ${input.templateName} already exists`);
    const count = this.all().filter((template) => template.accountId === accountId).length;
    if (count >= this.#settings.limits.maxTemplates) throw serviceError(429, 'ERR_QUOTA_EXCEEDED', 'The account has too many templates');
    const nowMs = this.#settings.now();
    const template: StoredTemplate = {
      accountId,
      templateId: randomUUID(),
      createdAtMs: nowMs,
      input,
      version: 1,
      updatedAtMs: nowMs,
      readyAtMs: nowMs + course.delayMs,
      failure: course.failure,
      goneAtMs: undefined,
    };
    this.#templates.push(template);
    return template;
  }

  update(template: StoredTemplate, changes: Partial<TemplateInput>): void {
    template.input = { ...template.input, ...changes };
    template.version += 1;
    template.updatedAtMs = this.#settings.now();
  }

  delete(template: StoredTemplate): void {
    template.goneAtMs ??= this.#settings.now() + this.#settings.templateDeletionMs;
  }
}

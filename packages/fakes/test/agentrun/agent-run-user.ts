import type { FakeAccessKey } from '../../src/index.ts';
import { draftControl, draftData, send, type FakeAddress, type Reply } from './signed-request.ts';

/** The least that a template needs. */
export const templateInput = (templateName: string): Record<string, unknown> => ({
  templateName,
  templateType: 'CodeInterpreter',
  cpu: 2,
  memory: 4_096,
  networkConfiguration: { networkMode: 'PUBLIC' },
});

/** Calls both planes as one who has a key. */
export class AgentRunUser {
  readonly fake: FakeAddress;
  readonly key: FakeAccessKey;

  constructor(fake: FakeAddress, key: FakeAccessKey = fake.account) {
    this.fake = fake;
    this.key = key;
  }

  control(action: string, method: string, path: string, body?: unknown): Promise<Reply> {
    return send(this.fake, draftControl(this.fake, this.key, action, method, path, body));
  }

  data(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Reply> {
    return send(this.fake, draftData(this.fake, this.key, method, path, body), signal);
  }

  createTemplate(templateName: string, changes: Record<string, unknown> = {}): Promise<Reply> {
    return this.control('CreateTemplate', 'POST', '/templates', { ...templateInput(templateName), ...changes });
  }

  createSandbox(body: Record<string, unknown>): Promise<Reply> {
    return this.control('CreateSandbox', 'POST', '/sandboxes', body);
  }

  /** Makes a template and a sandbox of it. */
  async open(sandboxId = 'box', templateChanges: Record<string, unknown> = {}): Promise<string> {
    await this.createTemplate('template', templateChanges);
    const { status, text } = await this.createSandbox({ templateName: 'template', sandboxId });
    if (status !== 200) throw new Error(`No sandbox: ${status} ${text}`);
    return sandboxId;
  }

  execute(body: Record<string, unknown>, sandboxId = 'box', signal?: AbortSignal): Promise<Reply> {
    return this.data('POST', `/sandboxes/${sandboxId}/contexts/execute`, body, signal);
  }

  command(command: string, more: Record<string, unknown> = {}, sandboxId = 'box'): Promise<Reply> {
    return this.data('POST', `/sandboxes/${sandboxId}/processes/cmd`, { command, ...more });
  }
}

import { createCodeTool, type CodeTool, type CodeToolOutcome } from '@sandport/agent';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import type { ArtifactShelf } from '../artifacts/artifact-shelf.ts';
import type { McpCodeOptions } from '../mcp-options.ts';
import { checkedTool, inputSchemaOf, type ServerTool } from './server-tool.ts';

/** The code tool of one session, which can be begun anew. */
export class SessionCode {
  readonly #options: McpCodeOptions;
  readonly #shelf: ArtifactShelf;
  #tool: CodeTool;

  /** @throws SandboxError for an option of the tool that is wrong. */
  constructor(options: McpCodeOptions, shelf: ArtifactShelf) {
    this.#options = options;
    this.#shelf = shelf;
    this.#tool = createCodeTool(options.tool);
  }

  /** Runs code, and begins anew where anything is kept. */
  tools(): ServerTool[] {
    const { name, description, inputJsonSchema } = this.#tool;
    const annotations = { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false };
    const run: ServerTool = {
      definition: { name, description, inputSchema: inputSchemaOf(inputJsonSchema), annotations },
      call: async (input, signal) => this.#tell(await this.#tool.run(input, { signal })),
    };
    return (this.#options.tool.state ?? 'none') === 'none' ? [run] : [run, this.#resetTool()];
  }

  /** @throws SandboxError what the provider throws. */
  close(): Promise<void> {
    return this.#tool.close();
  }

  #resetTool(): ServerTool {
    return checkedTool({
      name: 'reset_state',
      description:
        'Ends what former calls of this session have built up (variables, files, programs that run) and begins anew. Artifacts stay readable.',
      schema: z.strictObject({}),
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
      run: async () => {
        const former = this.#tool;
        this.#tool = createCodeTool(this.#options.tool);
        await former.close();
        return { content: [{ type: 'text', text: 'Done: the next call begins anew.' }] };
      },
    });
  }

  #tell(outcome: CodeToolOutcome): CallToolResult {
    this.#options.onOutcome?.(outcome);
    const { model, result } = outcome;
    const ids = this.#shelf.add(result?.artifacts.files ?? []);
    const artifacts = model.artifacts?.map((artifact, index) => (ids[index] === undefined ? artifact : { id: ids[index], ...artifact }));
    const text = JSON.stringify({ ...model, ...(artifacts === undefined ? {} : { artifacts }) });
    return { content: [{ type: 'text', text }], isError: model.status !== 'completed' };
  }
}

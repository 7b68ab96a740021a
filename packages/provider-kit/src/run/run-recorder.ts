import { Buffer } from 'node:buffer';
import type { ExecutionRequest, OmittedArtifact, OutputStream } from '@sandport/core';
import { BoundedText } from '../output/bounded-text.ts';
import type { CollectedFile } from '../artifacts/artifact-collection.ts';
import { FRAME, type Frame } from '../supervisor/frame-codec.ts';
import {
  acknowledgeSchema,
  contextSchema,
  doneSchema,
  exitedSchema,
  fileStartSchema,
  type ExitedMessage,
} from '../supervisor/supervisor-messages.ts';
import type { ProviderTerms } from '../provider-terms.ts';
import { contextClosedError } from './context-errors.ts';
import { refusedWrite } from './file-errors.ts';

/** The supervisor sent something that the protocol does not allow here. */
export class SupervisorProtocolError extends Error {
  override readonly name = 'SupervisorProtocolError';
}

/** A report is a value of at most `valueBytes`, or an error; this much more is framing and error text, as in `guest/job.py`. */
const REPORT_SLACK_BYTES = 1024 * 1024;

/** What a recorder tells while a run goes on. */
export interface RunMilestones {
  /** The program was started. */
  onStarted(): void;
  /** The program is over; only artifacts follow. */
  onExited(): void;
  /** Nothing follows. */
  onDone(): void;
  /** The program has read this much of its input. */
  onInputCredit(bytes: number): void;
  /** The program has closed its input. */
  onInputClosed(): void;
  /** The listener of the output wants nothing more until this is settled. */
  onHold(until: PromiseLike<void>): void;
}

/** Takes down what the supervisor says of one run. */
export class RunRecorder {
  readonly stdout: BoundedText;
  readonly stderr: BoundedText;
  readonly files: CollectedFile[] = [];
  readonly #terms: ProviderTerms;
  readonly #request: ExecutionRequest;
  readonly #milestones: RunMilestones;
  readonly #report: Buffer[] = [];
  #file: { path: string; content: Buffer; filled: number } | undefined;
  #omitted: readonly OmittedArtifact[] = [];
  #reportLength = 0;
  #started = false;
  #exited: ExitedMessage | null = null;
  #isDone = false;
  #isMuted = false;
  #isRefused = false;

  constructor(terms: ProviderTerms, request: ExecutionRequest, milestones: RunMilestones) {
    this.#terms = terms;
    this.#request = request;
    this.#milestones = milestones;
    this.stdout = new BoundedText(request.limits.outputBytes);
    this.stderr = new BoundedText(request.limits.outputBytes);
  }

  get isStarted(): boolean {
    return this.#started;
  }

  get exited(): ExitedMessage | null {
    return this.#exited;
  }

  /** The supervisor has said that it does not start this job. */
  get isRefused(): boolean {
    return this.#isRefused;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  get omitted(): readonly OmittedArtifact[] {
    return this.#omitted;
  }

  /** Everything that came over the value channel. */
  get reportBytes(): Uint8Array {
    return Buffer.concat(this.#report);
  }

  /**
   * Takes one frame.
   *
   * @throws SupervisorProtocolError for a frame that is unknown or out of place; what the output listener throws.
   */
  take(frame: Frame): void {
    switch (frame.type) {
      case FRAME.stdout:
        return this.#takeOutput('stdout', frame.payload);
      case FRAME.stderr:
        return this.#takeOutput('stderr', frame.payload);
      case FRAME.report:
        return this.#takeReport(frame.payload);
      case FRAME.acknowledge:
        return this.#refuseFailedWrite(frame.payload);
      case FRAME.started:
        this.#started = true;
        return this.#milestones.onStarted();
      case FRAME.exited:
        return this.#takeExit(frame.payload);
      case FRAME.fileStart:
        return this.#startFile(frame.payload);
      case FRAME.fileData:
        return this.#fillFile(frame.payload);
      case FRAME.done:
        return this.#finish(frame.payload);
      case FRAME.inputCredit:
        return this.#milestones.onInputCredit(frame.payload.readUInt32BE(0));
      case FRAME.inputClosed:
        return this.#milestones.onInputClosed();
      case FRAME.context:
        this.#isRefused = true;
        throw contextClosedError(this.#terms, parse(contextSchema, frame.payload).id);
      default:
        throw new SupervisorProtocolError(`a frame of type "${frame.type}"`);
    }
  }

  /** Ends both streams and tells the listener the rest. `cut` says which stream was stopped by its limit. */
  finishOutput(cut: OutputStream | null): void {
    this.#tell('stdout', this.stdout.finish(cut === 'stdout'));
    this.#tell('stderr', this.stderr.finish(cut === 'stderr'));
  }

  #takeOutput(stream: OutputStream, bytes: Buffer): void {
    this.#tell(stream, this[stream].append(bytes));
  }

  #tell(stream: OutputStream, text: string): void {
    if (text === '' || this.#isMuted) return;
    const until = this.#request.onOutput?.({ stream, text });
    if (until !== undefined) this.#milestones.onHold(until);
  }

  /** The call is being settled: the listener is told nothing more. */
  mute(): void {
    this.#isMuted = true;
  }

  #takeReport(bytes: Buffer): void {
    this.#reportLength += bytes.length;
    if (this.#reportLength > this.#request.limits.valueBytes + REPORT_SLACK_BYTES)
      throw new SupervisorProtocolError('a report above its limit');
    this.#report.push(bytes);
  }

  #takeExit(payload: Buffer): void {
    this.#exited = parse(exitedSchema, payload);
    this.finishOutput(this.#exited.outputLimit);
    this.#milestones.onExited();
  }

  /** A file of the job could not be written; the supervisor does not start the program then. */
  #refuseFailedWrite(payload: Buffer): void {
    const { path, failure } = parse(acknowledgeSchema, payload);
    if (failure === null) return;
    this.#isRefused = true;
    throw refusedWrite(this.#terms, failure, `files.${path}`);
  }

  #startFile(payload: Buffer): void {
    const { path, sizeBytes } = parse(fileStartSchema, payload);
    const { artifactBytes, artifactCount, artifactTotalBytes } = this.#request.limits;
    const totalBytes = this.files.reduce((sum, file) => sum + file.content.byteLength, sizeBytes);
    if (sizeBytes > artifactBytes || totalBytes > artifactTotalBytes || this.files.length >= artifactCount) {
      throw new SupervisorProtocolError('an artifact above its limit');
    }
    const content = Buffer.alloc(sizeBytes);
    this.#file = { path, content, filled: 0 };
    this.files.push({ path, content });
  }

  #fillFile(payload: Buffer): void {
    const file = this.#file;
    if (file === undefined || file.filled + payload.length > file.content.length)
      throw new SupervisorProtocolError('file data without a place');
    payload.copy(file.content, file.filled);
    file.filled += payload.length;
  }

  #finish(payload: Buffer): void {
    this.#omitted = parse(doneSchema, payload).omitted;
    this.#isDone = true;
    this.#milestones.onDone();
  }
}

function parse<Output>(
  schema: { safeParse(value: unknown): { success: true; data: Output } | { success: false; error: Error } },
  payload: Buffer,
): Output {
  const parsed = schema.safeParse(JSON.parse(payload.toString('utf8')));
  if (parsed.success) return parsed.data;
  throw new SupervisorProtocolError('a message of another shape', { cause: parsed.error });
}

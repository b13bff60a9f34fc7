import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import type { Client, ClientChannel } from 'ssh2';
import { messageOf } from '../kernel/fault.js';
import type { UploadOutcome, UploadRequest } from '../ports/dialer.js';
import { pathProblem, RemoteRefusal, UploadGuard } from './upload-guard.js';

const READ_BYTES = 256 * 1024;
/** Where bandwidth is shared, smaller pieces keep the turns short. */
const PACED_BYTES = 32 * 1024;
const MESSAGE_CHARACTERS_MAX = 1000;
const OK = 0;
/** The sink says yes to the start, to the header and to the whole file. */
const OKS_EXPECTED = 3;

/** The sink's answers: one zero byte, or 1 or 2 and a line of text. Anything else is text that went astray. */
class SinkAnswers {
  #text = '';
  #waiting: (() => void) | undefined;
  #ready = 0;
  #total = 0;
  readonly #guard: UploadGuard;

  constructor(guard: UploadGuard) {
    this.#guard = guard;
  }

  /** Has the sink said all that it has to say? It may close right behind. */
  get complete(): boolean {
    return this.#total >= OKS_EXPECTED;
  }

  receive(chunk: Buffer): void {
    for (const byte of chunk) this.#take(byte);
  }

  /** Resolves at the next zero byte. */
  async ok(): Promise<void> {
    while (this.#ready === 0) {
      if (this.#guard.failed) throw this.#guard.failed;
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
    this.#ready -= 1;
  }

  /** The rest of a message whose line never ended. */
  flush(): void {
    if (this.#text !== '') this.#refuse();
  }

  #take(byte: number): void {
    if (byte === OK && this.#text === '') {
      this.#ready += 1;
      this.#total += 1;
      this.#waiting?.();
    } else if (byte === 0x0a || this.#text.length >= MESSAGE_CHARACTERS_MAX) {
      this.#refuse();
    } else {
      this.#text += String.fromCharCode(byte);
    }
  }

  #refuse(): void {
    const said = this.#text.replace(/\p{Cc}/gu, '').trim();
    this.#text = '';
    this.#guard.fail(new RemoteRefusal(said === '' ? 'the device refused the file' : said));
    this.#waiting?.();
  }
}

async function sendFile(stream: ClientChannel, guard: UploadGuard, request: UploadRequest) {
  const { path, sizeBytes } = request.source;
  const highWaterMark = request.pace ? PACED_BYTES : READ_BYTES;
  const options = { highWaterMark, end: Math.max(0, sizeBytes - 1) };
  let sentBytes = 0;
  let takenBytes = 0;
  if (sizeBytes === 0) return;
  for await (const chunk of createReadStream(path, options)) {
    if (guard.failed) throw guard.failed;
    const bytes = Buffer.from(chunk);
    await guard.pace(bytes.length);
    sentBytes += bytes.length;
    // The callback comes when the device has opened its window for these bytes.
    const more = stream.write(bytes, () => {
      takenBytes += bytes.length;
      guard.progress(takenBytes);
    });
    if (!more) await Promise.race([once(stream, 'drain'), guard.broken]);
  }
  if (sentBytes !== sizeBytes) throw new Error(`${path} is shorter than its catalogued size`);
}

async function transfer(stream: ClientChannel, guard: UploadGuard, request: UploadRequest) {
  const answers = new SinkAnswers(guard);
  stream.on('data', (chunk: Buffer) => {
    answers.receive(chunk);
  });
  stream.stderr.on('data', (chunk: Buffer) => {
    answers.receive(Buffer.concat([Buffer.from([1]), chunk, Buffer.from('\n')]));
  });
  stream.on('error', (error: Error) => {
    guard.fail(error);
  });
  stream.once('close', () => {
    answers.flush();
    if (!answers.complete) guard.fail(new Error('the device ended the copy'));
  });
  const name = request.remotePath.slice(request.remotePath.search(/[^/:]*$/)) || 'image';
  await answers.ok();
  stream.write(`C0644 ${request.source.sizeBytes} ${name}\n`);
  await answers.ok();
  await sendFile(stream, guard, request);
  stream.write(Buffer.from([OK]));
  await answers.ok();
  guard.progress(request.source.sizeBytes);
  stream.end();
}

/** Copies with the sending half of `scp`: the device runs `scp -t PATH`. There is no resume. */
export async function scpUpload(client: Client, request: UploadRequest): Promise<UploadOutcome> {
  const problem = pathProblem(request.remotePath);
  if (problem !== undefined) return { kind: 'refused', detail: problem };
  if (request.resumeFromBytes > 0) return { kind: 'refused', detail: 'scp cannot resume a copy' };
  const guard = new UploadGuard(request);
  let opened: ClientChannel | undefined;
  const lost = () => {
    guard.fail(new Error('the connection ended'));
  };
  client.once('close', lost);
  return guard.run(
    async () => {
      const stream = await new Promise<ClientChannel>((resolve, reject) => {
        client.exec(`scp -t ${request.remotePath}`, (error, channel) => {
          if (error) reject(new RemoteRefusal(`no scp: ${messageOf(error)}`));
          else resolve(channel);
        });
      });
      opened = stream;
      await transfer(stream, guard, request);
    },
    () => {
      client.removeListener('close', lost);
      opened?.close();
    },
  );
}

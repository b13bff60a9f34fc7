import type { ClientChannel } from 'ssh2';
import type { ByteChannel } from '../ports/dialer.js';

/** A shell's stream as a byte channel. `reason` tells why the connection below broke, if it did. */
export function byteChannel(stream: ClientChannel, reason: () => string | undefined): ByteChannel {
  const dataListeners: ((chunk: Uint8Array) => void)[] = [];
  const closeListeners: ((detail: string) => void)[] = [];
  const early: Uint8Array[] = [];
  let ended: string | undefined;
  const receive = (chunk: Buffer) => {
    if (dataListeners.length === 0) early.push(chunk);
    for (const listener of dataListeners) listener(chunk);
  };
  stream.on('data', receive);
  stream.stderr.on('data', receive);
  // A broken stream ends with `close` as well.
  stream.on('error', () => undefined);
  stream.once('close', () => {
    ended = reason() ?? 'the device ended the session';
    for (const listener of closeListeners) listener(ended);
  });
  return {
    write(text) {
      if (stream.writable) stream.write(text);
    },
    onData(listener) {
      dataListeners.push(listener);
      for (const chunk of early.splice(0)) listener(chunk);
    },
    onClose(listener) {
      if (ended === undefined) closeListeners.push(listener);
      else listener(ended);
    },
    close() {
      stream.close();
    },
  };
}

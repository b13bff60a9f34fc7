import { createServer as createHttpServer, type IncomingHttpHeaders } from 'node:http';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { TLSSocket, createSecureContext } from 'node:tls';

export interface Identity {
  readonly key: string;
  readonly cert: string;
}

/** A letter as it came over the wire. */
export interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly data: string;
  readonly encrypted: boolean;
  readonly login: string;
}

export interface MailSink {
  readonly port: number;
  readonly letters: Received[];
  /** Replies to RCPT; default: all are taken. */
  refuse: ((address: string) => boolean) | undefined;
  /** Says nothing at all from now on. */
  hang: boolean;
  close(): Promise<void>;
}

/** One SMTP dialogue, by the letter of RFC 5321: enough for a client that means well. */
function converse(socket: Socket, sink: MailSink, identity: Identity | undefined): void {
  let pipe: Socket | TLSSocket = socket;
  let text = '';
  let inData = false;
  let draft = { from: '', to: [] as string[], login: '' };
  const say = (line: string) => void pipe.write(`${line}\r\n`);
  const listen = () => {
    pipe.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      for (let at = text.indexOf('\r\n'); at >= 0; at = text.indexOf('\r\n')) {
        if (inData) {
          const end = text.indexOf('\r\n.\r\n');
          if (end < 0) return;
          const encrypted = pipe !== socket;
          sink.letters.push({ ...draft, data: text.slice(0, end), encrypted });
          [text, inData] = [text.slice(end + 5), false];
          say('250 taken');
          continue;
        }
        const line = text.slice(0, at);
        text = text.slice(at + 2);
        answer(line);
      }
    });
    pipe.on('error', () => undefined);
  };
  const answer = (line: string) => {
    const word = line.split(' ')[0]?.toUpperCase() ?? '';
    if (word === 'EHLO') {
      if (identity && pipe === socket) say('250-here');
      else say('250-here\r\n250-AUTH PLAIN');
      return say(identity && pipe === socket ? '250 STARTTLS' : '250 8BITMIME');
    }
    if (word === 'STARTTLS') {
      if (!identity) return say('502 not here');
      say('220 go on');
      socket.removeAllListeners('data');
      pipe = new TLSSocket(socket, {
        isServer: true,
        secureContext: createSecureContext(identity),
      });
      return listen();
    }
    if (word === 'AUTH') {
      draft.login = Buffer.from(line.split(' ')[2] ?? '', 'base64').toString('utf8');
      return say('235 come in');
    }
    const address = /<([^>]*)>/.exec(line)?.[1] ?? '';
    if (word === 'MAIL') {
      draft = { ...draft, from: address, to: [] };
      return say('250 ok');
    }
    if (word === 'RCPT') {
      if (sink.refuse?.(address)) return say('550 no such person');
      draft.to.push(address);
      return say('250 ok');
    }
    if (word === 'DATA') {
      inData = true;
      return say('354 speak');
    }
    if (word === 'QUIT') {
      say('221 bye');
      return void pipe.end();
    }
    return say('250 ok');
  };
  listen();
  if (!sink.hang) say('220 sink ESMTP');
}

export async function openMailSink(identity?: Identity): Promise<MailSink> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    converse(socket, sink, identity);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const sink: MailSink = {
    port: (server.address() as AddressInfo).port,
    letters: [],
    refuse: undefined,
    hang: false,
    async close() {
      for (const each of sockets) each.destroy();
      await new Promise((done) => server.close(done));
    },
  };
  return sink;
}

export interface Called {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface HookSink {
  readonly url: string;
  readonly calls: Called[];
  status: number;
  close(): Promise<void>;
}

export async function openHookSink(): Promise<HookSink> {
  const server = createHttpServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      sink.calls.push({ headers: request.headers, body });
      response.writeHead(sink.status, sink.status === 302 ? { location: sink.url } : {}).end('ok');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const sink: HookSink = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    calls: [],
    status: 200,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return sink;
}

import { readFile } from 'node:fs/promises';
import { createTransport } from 'nodemailer';
import { messageOf } from '../kernel/fault.js';
import type { Delivered, Letter, MailServer } from '../ports/notice-courier.js';
import type { Secrets } from '../ports/secrets.js';

const CONNECT_MS_MAX = 10_000;
const SILENCE_MS_MAX = 20_000;
const TOTAL_MS_MAX = 60_000;

async function optionsOf(server: MailServer, secrets: Secrets) {
  const { host, port, security, user, password, ca } = server;
  const auth =
    user !== undefined && password !== undefined
      ? { auth: { user, pass: await secrets.resolve(password) } }
      : {};
  const trusted = ca === undefined ? {} : { ca: await readFile(ca, 'utf8') };
  return {
    host,
    port,
    ...auth,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: { ...trusted, minVersion: 'TLSv1.2' as const },
    connectionTimeout: CONNECT_MS_MAX,
    greetingTimeout: CONNECT_MS_MAX,
    socketTimeout: SILENCE_MS_MAX,
    dnsTimeout: CONNECT_MS_MAX,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** A mail of its own connection. Undelivered when the server refused any of the receivers. */
export async function sendMail(letter: Letter, secrets: Secrets): Promise<Delivered> {
  const { delivery, from, to, subject, text, atMs } = letter;
  let close = () => {};
  let timer: NodeJS.Timeout | undefined;
  try {
    const transport = createTransport(await optionsOf(letter.server, secrets));
    close = () => transport.close();
    const tooLong = new Promise<never>((_settle, reject) => {
      timer = setTimeout(
        () => reject(new Error(`no end after ${TOTAL_MS_MAX / 1000} s`)),
        TOTAL_MS_MAX,
      );
    });
    const host = from.slice(from.lastIndexOf('@') + 1);
    const sending = transport.sendMail({
      from,
      to: [...to],
      subject: secrets.redact(subject),
      text: secrets.redact(text),
      date: new Date(atMs),
      messageId: `<${delivery.replaceAll(/[^A-Za-z0-9._-]/g, '.')}@${host}>`,
      headers: { 'Auto-Submitted': 'auto-generated', 'Nightshift-Delivery': delivery },
    });
    const { rejected } = await Promise.race([sending, tooLong]);
    const refused = (rejected ?? []).map(String);
    if (refused.length === 0) return { kind: 'delivered' };
    return { kind: 'undelivered', why: `the server refused ${refused.join(', ')}` };
  } catch (thrown) {
    return { kind: 'undelivered', why: secrets.redact(messageOf(thrown)).slice(0, 500) };
  } finally {
    clearTimeout(timer);
    close();
  }
}

import { createHash } from 'node:crypto';
import type { AuthMethod, Dialer, DialOutcome, DialRequest } from '../../src/ports/dialer.js';
import type { Random, RandomStream } from '../../src/ports/random.js';
import { SimConnection } from './in-process-connection.js';
import type { LabDevice } from './lab-spec.js';
import type { LabModel } from './model.js';
import { between } from './random.js';
import type { UploadDesk } from './upload-desk.js';

const SSH_PORT = 22;
const ROUND_TRIP_MS = [2, 20] as const;

export interface InProcessParts {
  readonly model: LabModel;
  readonly desk: UploadDesk;
  readonly random: Random;
}

/** `SHA256:<base64>` as an SSH client shows it; a stand-in for a key that nobody needs in process. */
export function fingerprintOf(hostKeySeed: string): string {
  const digest = createHash('sha256').update(`host key of ${hostKeySeed}`, 'utf8').digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}

function isAccepted(device: LabDevice, request: DialRequest, refusesAll: boolean): boolean {
  if (refusesAll || request.username !== device.login.username) return false;
  return request.auth.some((method: AuthMethod) =>
    method.kind === 'password'
      ? method.password === device.login.password
      : device.keyLogin === true,
  );
}

/** Dials into the model without sockets or SSH codecs; everything above them is as on the wire. */
export class InProcessDialer implements Dialer {
  private readonly parts: InProcessParts;
  private readonly byEndpoint = new Map<string, LabDevice>();
  private readonly connections = new Set<SimConnection>();
  private dead = false;

  constructor(parts: InProcessParts) {
    this.parts = parts;
    for (const device of parts.model.spec.devices) {
      this.byEndpoint.set(`${device.address} ${device.sshPort ?? SSH_PORT}`, device);
    }
  }

  dial(request: DialRequest): Promise<DialOutcome> {
    const { host, port } = request.endpoint;
    const device = this.byEndpoint.get(`${host} ${port}`);
    const chance = this.parts.random.stream(`dial ${device?.id ?? 'nowhere'}`);
    return new Promise((resolve) => {
      const answer = (outcome: DialOutcome) => {
        if (!this.dead) resolve(outcome);
      };
      if (!device || device.unreachable === true || !this.parts.model.isReachable(device.id)) {
        return this.later(request.timeoutMs, () =>
          answer({ kind: 'timeout', detail: `no answer from ${host}:${port}` }),
        );
      }
      const roundTripMs = between(chance, ROUND_TRIP_MS[0], ROUND_TRIP_MS[1]);
      this.later(roundTripMs, () =>
        this.exchangeKeys({ device, request, chance, roundTripMs, answer }),
      );
    });
  }

  /** The controller died: its connections end at the devices, and nothing reaches it any more. */
  kill(): void {
    this.dead = true;
    for (const connection of Array.from(this.connections)) connection.kill();
    this.connections.clear();
  }

  private later(delayMs: number, action: () => void): void {
    this.parts.model.scheduler.schedule(delayMs, action, 'dial');
  }

  private exchangeKeys(call: Call): void {
    const { device, request, answer } = call;
    const hostKey = fingerprintOf(this.parts.model.hostKeySeed(device.id));
    if (this.dead) return;
    if (device.legacyOnly === true && request.algorithms === 'modern') {
      return answer({
        kind: 'no-common-algorithm',
        detail: 'key exchange: it offers only diffie-hellman-group14-sha1',
        legacyHelps: true,
      });
    }
    if (this.parts.model.suffers(device.id, 'change-algorithms')) {
      return answer({
        kind: 'no-common-algorithm',
        detail: 'key exchange: it offers only diffie-hellman-group18-sha512',
        legacyHelps: false,
      });
    }
    if (!request.acceptHostKey(hostKey)) {
      return answer({ kind: 'host-key-refused', fingerprint: hostKey });
    }
    this.later(call.roundTripMs * 2, () => this.authenticate(call, hostKey));
  }

  private authenticate(call: Call, hostKey: string): void {
    const { device, request, answer, chance, roundTripMs } = call;
    const { model } = this.parts;
    if (this.dead) return;
    if (!model.isUp(device.id)) {
      return answer({ kind: 'unreachable', detail: 'connection reset by peer' });
    }
    const struck = model.due('dial', device.id);
    const refusesAll =
      model.suffers(device.id, 'refuse-login') ||
      struck.some(({ kind }) => kind === 'refuse-login');
    if (!isAccepted(device, request, refusesAll)) {
      return answer({ kind: 'auth-refused', detail: 'all authentication methods failed' });
    }
    const connection = new SimConnection({
      ...this.parts,
      device,
      hostKey,
      chance,
      roundTripMs,
      keepaliveMs: request.keepaliveMs,
      onEnd: (ended) => this.connections.delete(ended),
    });
    this.connections.add(connection);
    answer({ kind: 'connected', connection });
  }
}

interface Call {
  readonly device: LabDevice;
  readonly request: DialRequest;
  readonly chance: RandomStream;
  readonly roundTripMs: number;
  readonly answer: (outcome: DialOutcome) => void;
}

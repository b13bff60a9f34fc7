import type { Snmp, SnmpAccess, SnmpOutcome, SnmpRequest, Varbind } from '../../src/ports/snmp.js';
import type { LabDevice, SimAgent } from './lab-spec.js';
import type { LabModel } from './model.js';

const SNMP_PORT = 161;
const ANSWER_MS = 4;
const OIDS_MAX = 32;

type Check = 'accepted' | 'silent' | { readonly refused: string };

type V3Access = Extract<SnmpAccess, { version: 'v3' }>;

function checkUser(agent: SimAgent, access: V3Access): Check {
  const user = agent.users?.find((known) => known.user === access.user);
  if (!user) return { refused: 'unknown user name' };
  const isAuthentic = user.authProtocol === access.authProtocol && user.authKey === access.authKey;
  if (!isAuthentic) return { refused: 'wrong digest' };
  const isReadable = user.privProtocol === access.privProtocol && user.privKey === access.privKey;
  return isReadable ? 'accepted' : { refused: 'decryption error' };
}

/** A wrong community gets silence, a wrong user or key a report. */
export function checkAccess(agent: SimAgent | undefined, access: SnmpAccess): Check {
  if (!agent) return 'silent';
  if (access.version === 'v3') return checkUser(agent, access);
  return agent.community === access.community ? 'accepted' : 'silent';
}

/** Reads the MIB of simulated devices. */
export class InProcessSnmp implements Snmp {
  private readonly model: LabModel;
  private readonly byEndpoint = new Map<string, LabDevice>();
  private dead = false;

  constructor(model: LabModel) {
    this.model = model;
    for (const device of model.spec.devices) {
      const port = device.snmp?.port ?? SNMP_PORT;
      this.byEndpoint.set(`${device.address} ${port}`, device);
    }
  }

  get(request: SnmpRequest): Promise<SnmpOutcome> {
    return new Promise((resolve) => {
      const waitMs = request.timeoutMs * (request.retries + 1);
      const answer = this.answer(request);
      const delayMs = answer.kind === 'timeout' ? waitMs : ANSWER_MS;
      this.model.scheduler.schedule(
        delayMs,
        () => {
          if (!this.dead) resolve(answer);
        },
        `snmp ${request.host}`,
      );
    });
  }

  kill(): void {
    this.dead = true;
  }

  private answer(request: SnmpRequest): SnmpOutcome {
    const device = this.byEndpoint.get(`${request.host} ${request.port}`);
    const isThere =
      device &&
      device.unreachable !== true &&
      this.model.isReachable(device.id) &&
      !this.model.suffers(device.id, 'mute-snmp');
    const check = isThere ? checkAccess(device.snmp, request.access) : 'silent';
    if (!device || check === 'silent') return { kind: 'timeout' };
    if (check !== 'accepted') return { kind: 'refused', detail: check.refused };
    if (request.oids.length > OIDS_MAX) return { kind: 'refused', detail: 'too many OIDs' };
    const personality = this.model.personality(device.id);
    const nowMs = this.model.scheduler.nowMs();
    const mib = personality.mib(this.model.device(device.id), nowMs);
    const varbinds = request.oids.flatMap((oid): readonly Varbind[] => {
      const found = mib[oid];
      return found ? [{ oid, value: String(found.value) }] : [];
    });
    return { kind: 'answer', varbinds };
  }
}

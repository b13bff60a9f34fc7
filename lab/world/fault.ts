/** When a fault looks whether it strikes. `start`: as soon as it is given; `boot`: while a device comes up. */
export type StrikeMoment = 'start' | 'upload' | 'command' | 'reload' | 'boot' | 'dial';

/** A text by platform; `other` is for those that are not named. */
export type Wording = Readonly<Record<string, string>>;

/** Lines that a device refuses, and what it says. */
export interface Refusal {
  /** Source of a regular expression on the whole line; left out: every line that would change the device, and `also`. */
  readonly lines?: string;
  readonly also?: string;
  readonly says: string;
}

/** What a fault does to the lab. */
export type FaultEffect =
  /** The personality knows the fault by its id: what the device then does and says is in there. */
  | { readonly kind: 'personality' }
  /** A file fills a flash but for `freeBytes`; on the active member, or on the last that is not. */
  | { readonly kind: 'fill-flash'; readonly of: 'active' | 'other'; readonly freeBytes: number }
  /** Same size, another content; the copy claims success. */
  | { readonly kind: 'corrupt-copy' }
  /** The file ends at `atShare` of its size; the copy claims success. */
  | { readonly kind: 'truncate-copy'; readonly atShare: number }
  /** No byte is taken after `atShare`; the connection stays. */
  | { readonly kind: 'stall-copy'; readonly atShare: number }
  /** The connection breaks at `atShare`. */
  | { readonly kind: 'break-copy'; readonly atShare: number }
  /** The connection breaks as a line was typed: before it took effect, or after, with no answer seen. */
  | { readonly kind: 'drop-session'; readonly when: 'before' | 'after' }
  /** The line is swallowed and no byte comes any more; keepalives are answered. */
  | { readonly kind: 'hang-session' }
  /** Everything that the shell prints from here on is unreadable. */
  | { readonly kind: 'garble-output' }
  /** The device calls itself by another name. */
  | { readonly kind: 'rename'; readonly hostname: string }
  | { readonly kind: 'change-host-key' }
  | { readonly kind: 'refuse-login' }
  /** One port stays down, or one routing peer away, after the boot. */
  | { readonly kind: 'lose-neighbour' }
  /** One adjacency of this protocol does not come up any more, or stands still on the way. */
  | {
      readonly kind: 'hold-peer';
      readonly protocol: 'ospf' | 'bgp';
      readonly stuck?: 'exstart';
    }
  /** SSH offers algorithms of no profile. */
  | { readonly kind: 'change-algorithms' }
  /** A question before the first prompt, on every new shell. */
  | { readonly kind: 'ask-at-login'; readonly asks: Wording }
  /** Another text before the first prompt. */
  | { readonly kind: 'change-banner'; readonly banner: Wording }
  /** Output is paged, whatever the session asked for. */
  | { readonly kind: 'page-always' }
  /** A log line in the middle of every answer. */
  | { readonly kind: 'log-into-output'; readonly line: Wording }
  /** Another administrator logs in, types this and stays. */
  | { readonly kind: 'someone-types'; readonly lines: Readonly<Record<string, readonly string[]>> }
  /** The device takes one port out of service, and says so. */
  | { readonly kind: 'disable-port' }
  /** What hangs on it and is no device of the lab loses its power and stays away. */
  | { readonly kind: 'starve-hosts' }
  /** Both members of a pair are up and act alone: neither sees the other. */
  | { readonly kind: 'part-pair' }
  /** The members of a pair change places. */
  | { readonly kind: 'swap-roles' }
  | { readonly kind: 'mute-snmp' }
  /** The SNMP engine begins anew: another engine id, boots counted from one. */
  | { readonly kind: 'reset-engine' }
  /** This share of what flows through the device is dropped, and no state tells. */
  | { readonly kind: 'drop-flows'; readonly share: number }
  /** The only way to the management of its neighbours leads through it. */
  | { readonly kind: 'carry-management' }
  | { readonly kind: 'refuse-lines'; readonly refuses: Readonly<Record<string, Refusal>> }
  /** Every peer is up and tells what it told; only this share of it is taken. */
  | { readonly kind: 'lose-routes'; readonly share: number }
  /** The system crashes so long after it came up. With `again`: after every boot into the release that was struck. */
  | { readonly kind: 'crash'; readonly afterMs: number; readonly again?: true }
  /** The release that boots does not take the lines that match, by platform. */
  | { readonly kind: 'reject-lines'; readonly lines: Wording }
  /** Every image file but that of the running release is gone. */
  | { readonly kind: 'delete-image' }
  /** The processor is busy, and every answer comes so much later. */
  | { readonly kind: 'slow-answers'; readonly cpuPercent: number; readonly byMs: number }
  /** Files are refused, and these lines with the platform's words. */
  | { readonly kind: 'refuse-writes'; readonly lines: string; readonly says: Wording };

interface Ending {
  readonly unit: 'done' | 'reverted' | 'held' | 'failed-untouched' | 'lost' | 'quarantined';
  readonly because: string;
}

/** How a unit that was struck must end, and why. */
export interface FaultVerdict extends Ending {
  /** Platforms on which it rightly ends otherwise. */
  readonly but?: Readonly<Record<string, Ending>>;
}

/** A fault as data, one file each in lab/faults. */
export interface FaultSheet {
  readonly id: string;
  /** The number in the catalogue of upgrade failures. */
  readonly number: string;
  readonly title: string;
  readonly strikes: {
    readonly on: StrikeMoment;
    /** Source of a regular expression on the whole line, for `command`; a strike may bring its own. */
    readonly command?: string;
  };
  readonly effect: FaultEffect;
  /** `once`: spent when it struck; `one-boot`: in force until the next boot is over, `sticky` strikes stay. */
  readonly lasts: 'once' | 'one-boot' | 'until-cleared';
  /** It passes by itself after this time in force. */
  readonly passesAfterMs?: number;
  /** Strikes only what is one of two devices that stand in for each other, or has several members, or feeds hosts. */
  readonly needs?: 'a pair' | 'members' | 'hosts';
  /** Platforms that cannot have it, and why. */
  readonly absentOn?: Readonly<Record<string, string>>;
  /** How it looks on the command line, and by SNMP or to the neighbours. */
  readonly cli: string;
  readonly snmp: string;
  readonly verdict: FaultVerdict;
}

/** A fault that is to strike a device. */
export interface FaultStrike {
  readonly fault: string;
  readonly device: string;
  /** Which of the matching moments, from 1. */
  readonly nth?: number;
  readonly params?: {
    /** Instead of the sheet's command pattern. */
    readonly command?: string;
    /** Stays in force beyond the first time. */
    readonly sticky?: boolean;
    readonly atShare?: number;
    readonly freeBytes?: number;
    readonly member?: string;
    readonly port?: string;
    /** Address of the routing peer that does not come back. */
    readonly peer?: string;
    readonly hostname?: string;
  };
}

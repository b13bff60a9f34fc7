/** How far a platform and model were taken, by our own journal; each level says more than the one before it. */
export const EVIDENCE_LEVELS = ['none', 'simulated', 'observed', 'staged', 'upgraded'] as const;

export type EvidenceLevel = (typeof EVIDENCE_LEVELS)[number];

/** What the journal shows of one platform and model. */
export interface Evidence {
  readonly platform: string;
  readonly model: string;
  readonly level: EvidenceLevel;
  /** Units that reached this level, and when the last one did. */
  readonly units: number;
  readonly lastAtMs: number;
}

const WORDS: Record<EvidenceLevel, string> = {
  none: 'never tried',
  simulated: 'rehearsed in the lab only',
  observed: 'observed on real devices',
  staged: 'staged on real devices',
  upgraded: 'upgraded on real devices',
};

export function evidenceWords(level: EvidenceLevel): string {
  return WORDS[level];
}

export function reaches(level: EvidenceLevel, wanted: EvidenceLevel): boolean {
  return EVIDENCE_LEVELS.indexOf(level) >= EVIDENCE_LEVELS.indexOf(wanted);
}

/** The level of one platform and model; `none` when the journal knows nothing of it. */
export function levelOf(
  evidence: readonly Evidence[],
  kind: { readonly platform: string; readonly model: string },
): EvidenceLevel {
  const found = evidence.find(
    (each) => each.platform === kind.platform && each.model === kind.model,
  );
  return found?.level ?? 'none';
}

import { DiagnosticsError } from '../kernel/diagnostic.js';
import { Fault } from '../kernel/fault.js';
import type { Files } from '../ports/files.js';
import { compareConfigs, type ConfigComparison } from '../config/comparison.js';
import { configLimits } from '../config/finding.js';
import type { Driver } from './driver.js';

/** Two files with configurations of one platform. */
export interface CompareRequest {
  readonly platform: string;
  readonly before: string;
  readonly after: string;
  /** Unchanged statements shown beside a change. */
  readonly context: number;
}

interface Ground {
  readonly world: { readonly files: Files };
  readonly drivers: () => Promise<ReadonlyMap<string, Driver>>;
}

function rulesOf(driver: Driver | undefined) {
  return driver?.config?.rules ?? driver?.configRules;
}

/**
 * What differs between two files. DiagnosticsError for text that is no configuration of the platform; Fault `usage` for an
 * unknown platform.
 */
export async function compareFiles(
  { world, drivers }: Ground,
  request: CompareRequest,
): Promise<ConfigComparison> {
  const known = await drivers();
  const rules = rulesOf(known.get(request.platform));
  if (!rules) {
    const able = [...known.values()]
      .filter((each) => rulesOf(each))
      .map((each) => each.platform.id);
    const why = known.has(request.platform)
      ? `configurations of ${request.platform} cannot be compared yet`
      : `there is no platform ${request.platform}`;
    throw new Fault('usage', why, { mend: `one of ${able.sort().join(', ') || 'none'}` });
  }
  const read = async (file: string) => {
    const text = await world.files.readText(file, configLimits.bytes);
    if (text === undefined) throw new Fault('document-unreadable', `there is no file ${file}`);
    return text;
  };
  const texts = { before: await read(request.before), after: await read(request.after) };
  const compared = compareConfigs(texts, rules, request);
  if (compared.kind === 'compared') return compared.comparison;
  throw new DiagnosticsError(
    compared.objections.map(({ of, line, why }) => ({
      code: 'document-invalid',
      severity: 'error',
      place: { file: request[of], line, column: 1 },
      message: why,
    })),
  );
}

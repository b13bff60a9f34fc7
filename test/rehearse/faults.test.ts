import { describe, expect, test } from '@jest/globals';
import { faultSheets } from '../../lab/faults/catalogue.js';
import type { FaultSheet } from '../../lab/world/fault.js';
import { rehearse } from '../../lab/rehearse/rehearse.js';
import { attached, flow } from '../topology/network.js';
import {
  imageOf,
  labInventory,
  labNetwork,
  labPlaybook,
  specs,
  type LabNetwork,
} from './network.js';

const [hub, mate, eos, stack] = specs;

const routers = [
  { ...eos!, as: 65001 },
  { ...stack!, as: 65002 },
  {
    id: 'mx1',
    platform: 'juniper_junos',
    model: 'mx480',
    version: '21.4R3-S5.4',
    image: 'junos-install-mx-x86-64-21.4R3-S5.4.tgz',
    serials: ['JN000000001', 'JN000000002'],
    as: 65003,
  },
  {
    id: 'fw1',
    platform: 'fortinet_fortios',
    model: 'FortiGate-100F',
    version: '7.2.7',
    image: 'FGT_100F-v7.2.7.M-build1577-FORTINET.out',
    serials: ['FG100FTK00000001'],
    as: 65004,
  },
];
const images = [
  ...labInventory().images,
  imageOf('juniper_junos', '22.4R3-S2.11', 'junos-install-mx-x86-64-22.4R3-S2.11.tgz'),
  imageOf('fortinet_fortios', '7.2.8', 'FGT_100F-v7.2.8.M-build1639-FORTINET.out'),
];

/** What a careful engineer checks after an upgrade. */
const after = [
  {
    name: 'every neighbour is back',
    that: 'before.neighbours.all(n, after.neighbours.exists(m, m.id == n.id))',
  },
  {
    name: 'every peer is back',
    that: 'before.peers.all(p, !p.up || after.peers.exists(q, q.id == p.id && q.up))',
  },
  { name: 'the routes are back', that: 'after.routes.total >= before.routes.total * 0.95' },
  { name: 'the ward works', that: 'flow.loss["ward"] <= 1' },
].map((rule) => ({ ...rule, withinMs: 600_000 }));

function networkOf(router: (typeof routers)[number], needs: FaultSheet['needs']) {
  const { checks, strategy } = labPlaybook();
  const waves = [{ kind: 'rest' as const }];
  const single =
    needs === 'members' ? { ...router, serials: [router.serials[0]!, 'SECOND00002'] } : router;
  const struck = router.platform === 'fortinet_fortios' ? single : router;
  const pair = [hub!, mate!].map((each) => ({ ...each, as: 65000 }));
  return labNetwork({
    chosen: needs === 'a pair' ? pair : [{ ...hub!, as: 65000 }, struck],
    images,
    ...(needs === 'hosts' ? { silent: hub!.id } : {}),
    traffic: {
      attachments: [
        attached('ward', [needs === 'a pair' ? mate!.id : struck.id], ['aaa']),
        attached('servers', [hub!.id], ['dns']),
      ],
      flows: [flow('ward', 'ward>servers', { probe: 'true', outageMs: 86_400_000 })],
    },
    playbook: labPlaybook({
      ...(needs === 'hosts' ? { limit: struck.id } : {}),
      checks: { before: checks.before, after },
      strategy: { ...strategy, waves, stopAfterFailures: 9, soakMs: 24 * 3_600_000 },
    }),
  });
}

describe.each(routers.map((each) => [each.platform, each] as const))(
  'the run, when a fault strikes %s',
  (_platform, router) => {
    const networks = new Map<FaultSheet['needs'], Promise<LabNetwork>>();
    const networkFor = (needs: FaultSheet['needs']) => {
      const known = networks.get(needs) ?? networkOf(router, needs);
      networks.set(needs, known);
      return known;
    };

    // Where nothing is typed in configuration mode, nothing can break there.
    const typesNone = router.platform === 'fortinet_fortios' ? ['session-dropped-in-config'] : [];
    const sheets = faultSheets.filter(
      ({ id, absentOn = {} }) => !typesNone.includes(id) && !(router.platform in absentOn),
    );

    const wantedOf = ({ verdict }: FaultSheet) => (verdict.but?.[router.platform] ?? verdict).unit;

    test.each(sheets.map((sheet) => [sheet.id, wantedOf(sheet), sheet.needs] as const))(
      '%s: ends as %s',
      async (fault, verdict, needs) => {
        const device = needs === 'a pair' ? mate!.id : router.id;
        const result = await rehearse({
          ...(await networkFor(needs)),
          faults: [{ fault, device }],
        });
        const unit = result.units.find((each) => each.unit === device);
        const strikes = result.world.truth().filter((each) => each.kind === 'fault-struck');
        // The reason stands beside the ending, so that a failing test shows it.
        const wanted = verdict === 'failed-untouched' ? 'dropped' : verdict;
        expect(`${String(unit?.ended)}: ${String(unit?.why)}`).toMatch(new RegExp(`^${wanted}: `));
        expect(unit?.isTrue).toBe(true);
        expect(strikes.length).toBeGreaterThan(0);
      },
    );
  },
);

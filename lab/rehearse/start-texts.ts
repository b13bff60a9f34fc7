/** The inventory of a folder that is begun: what each file is for. Devices, groups, sites and the lab's are added. */
export const startTexts: Readonly<Record<string, string>> = {
  devices: `# Your devices. What one does not say itself comes from its groups, its site, and defaults.yaml.
`,
  units: `# A device is a unit of its own name. Only what one command upgrades together (a stack, a cluster) stands here:
#   stack-1: { device: sw-1, serials: [SERIAL1, SERIAL2] }
`,
  groups: `# Groups carry what devices share: platform, snmp, ssh, windows, criticality, vars.
`,
  sites: `# Windows are in the time zone of the site: Europe/Amsterdam and the like.
`,
  links: `# Who hangs on whom; two linked units are never changed at the same time. Ports as the devices print them:
#   - { a: sw-1:Ethernet1, b: sw-2:Ethernet1 }
`,
  redundancy: `# Units of which only one may be down:
#   core: { units: [sw-1, sw-2], minHealthy: 1 }
`,
  'jump-hosts': `# Ways in; a device, group or site names them: jump: [bastion]
#   bastion: { host: 192.0.2.250, ssh: { username: me, agent: true } }
`,
  freezes: `# When nothing may change:
#   year-end: { start: 2039-12-15T00:00Z, end: 2040-01-08T00:00Z, reason: end of the year }
`,
  defaults: `# Secrets stand here by reference only: env:NAME, file:PATH, exec:COMMAND or agent. lab.env sets the lab's.
windows: [tonight]
ssh:
  username: nightshift
  password: env:NIGHTSHIFT_PASSWORD
vars:
  timeServers: { '1': 192.0.2.10, '2': 192.0.2.11 } # of playbooks/time-servers.yaml
`,
  windows: `# When work may be done, in the time of each site. tonight is open now, for the lab: remove it before you go out.
weekend: { rrule: 'FREQ=WEEKLY;BYDAY=SA,SU', at: '22:00', duration: PT6H }
`,
  lab: `# What your devices are when the lab plays them (nightshift lab up): made up, change them to what you have.
`,
};

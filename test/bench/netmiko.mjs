// The peer: netmiko under the system's Python, doing what most scripts do with it.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SECRET } from './network.mjs';

const PYTHON = '/usr/bin/python3';
const RUN_MS_MAX = 300_000;
const DEVICE_TYPES = { arista_eos: 'arista_eos', cisco_iosxe: 'cisco_xe' };

const SCRIPT = `
import json, resource, sys, time, warnings
warnings.simplefilter("ignore")
from concurrent.futures import ThreadPoolExecutor
from netmiko import ConnectHandler

order = json.load(sys.stdin)

def look(device):
    try:
        connection = ConnectHandler(**device)
        text = connection.send_command("show version")
        connection.disconnect()
        return "" if len(text) > 40 else "no version in " + repr(text)
    except Exception as error:
        return repr(error)

def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime

started, used = time.monotonic(), cpu()
with ThreadPoolExecutor(order["threads"]) as pool:
    failures = [text for text in pool.map(look, order["devices"]) if text]
took, used = time.monotonic() - started, cpu() - used
json.dump({"took": took, "cpu": used, "failures": failures}, sys.stdout)
`;

/** Why there is nothing to compare with; undefined when there is. */
export function netmikoProblem() {
  const asked = spawnSync(PYTHON, ['-c', 'import netmiko'], { encoding: 'utf8', timeout: 60_000 });
  if (asked.error) return `${PYTHON} cannot be started`;
  if (asked.status === 0) return undefined;
  return `netmiko is not installed for ${PYTHON} (Debian: python3-netmiko)`;
}

/** Output of a Python script that reads its order from standard input. */
function runPython(script, order) {
  return new Promise((resolve, reject) => {
    const child = spawn(PYTHON, [script], { stdio: ['pipe', 'pipe', 'pipe'], timeout: RUN_MS_MAX });
    let [output, complaint] = ['', ''];
    child.stdout.on('data', (piece) => (output += piece));
    child.stderr.on('data', (piece) => (complaint += piece));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`netmiko ended with ${code}: ${complaint.slice(-500)}`));
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(JSON.stringify(order));
  });
}

/** Devices that it failed on count as done in its rate: the comparison is not to depend on them. */
export async function runNetmiko(units, threads, fast) {
  const devices = units.map(({ device }) => ({
    device_type: DEVICE_TYPES[device.platform],
    host: device.host,
    port: device.ssh.port,
    username: device.ssh.username,
    password: SECRET,
    ...(fast ? { fast_cli: true } : {}),
  }));
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-bench-'));
  try {
    const script = join(folder, 'look.py');
    writeFileSync(script, SCRIPT);
    const { took, cpu, failures } = JSON.parse(await runPython(script, { threads, devices }));
    return {
      perSecond: devices.length / took,
      cpuMs: (cpu * 1000) / devices.length,
      failed: failures.length,
      firstFailure: failures[0],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

"""Logs in with netmiko as KIND, runs commands, enters configuration lines; prints what came as JSON."""

import json
import sys

from netmiko import ConnectHandler

kind, host, port, username, password, secret, order = sys.argv[1:8]
order = json.loads(order)
device = ConnectHandler(
    device_type=kind,
    host=host,
    port=int(port),
    username=username,
    password=password,
    secret=secret,
    allow_agent=False,
    use_keys=False,
)
if order.get("enable"):
    device.enable()
told = {"prompt": device.find_prompt(), "answers": [], "config": ""}
for command in order["commands"]:
    told["answers"].append(device.send_command(command))
if order["config"]:
    commits = order.get("commits", False)
    told["config"] = device.send_config_set(order["config"], exit_config_mode=not commits)
    if commits:
        told["config"] += device.commit(and_quit=True)
    told["answers"].append(device.send_command(order["after"]))
device.disconnect()
print(json.dumps(told))

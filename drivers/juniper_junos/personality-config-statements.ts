/**
 * One statement a line, indented by two. `name` block, `name *` entry, `name =` value, `name []` values, `name !` flag,
 * `*` any name, `name @x` block as the one called x. Several names may share a line.
 */
export const STATEMENTS = `
version =
apply-groups []
groups
  * @root
system
  host-name domain-name time-zone location-code default-address-selection =
  domain-search authentication-order []
  no-redirects no-multicast-echo arp-suppress !
  root-authentication
    encrypted-password plain-text-password-value =
    ssh-rsa *
    ssh-ed25519 *
  name-server
    *
  tacplus-server radius-server
    *
      secret port timeout source-address =
      single-connection !
  login
    announcement message =
    retry-options
      tries-before-disconnect backoff-threshold lockout-period =
    class *
      idle-timeout allow-commands deny-commands =
      permissions []
    user *
      uid class full-name =
      authentication
        encrypted-password =
        ssh-rsa *
        ssh-ed25519 *
  services
    ssh
      root-login protocol-version max-sessions-per-connection connection-limit rate-limit client-alive-interval =
      ciphers macs key-exchange []
      sftp-server !
    netconf
      ssh
        port =
      rfc-compliant !
    telnet ftp
      connection-limit rate-limit =
    web-management
      http https
        interface []
        system-generated-certificate !
  syslog
    archive
      size files =
    user *
      any authorization =
    host *
      any authorization kernel daemon interactive-commands facility-override source-address port match =
    file *
      any authorization kernel daemon interactive-commands change-log match =
      archive
        size files =
    source-address =
  ntp
    boot-server source-address =
    server *
      key version =
      prefer !
    peer *
  commit
    synchronize fast-synchronize delta-export persist-groups-inheritance !
  processes
  archival
    configuration
      transfer-interval =
      transfer-on-commit !
      archive-sites
        *
  ports
    console
      type =
      log-out-on-disconnect insecure !
chassis
  redundancy
    graceful-switchover
    failover
      on-loss-of-keepalives on-disk-failure !
    routing-engine *
      master backup disabled !
    keepalive-time =
  aggregated-devices
    ethernet
      device-count =
  alarm
    management-ethernet
      link-down =
  network-services =
  auto-image-upgrade !
  fpc *
    pic *
      tunnel-services
        bandwidth =
interfaces
  interface-range *
    member *
    member-range *
    description =
    unit *
  * @interface
interface
  description mtu speed native-vlan-id encapsulation hold-time link-mode =
  disable flexible-vlan-tagging vlan-tagging per-unit-scheduler enable !
  apply-groups []
  gigether-options ether-options
    802.3ad =
    auto-negotiation no-auto-negotiation flow-control no-flow-control !
  aggregated-ether-options
    minimum-links link-speed =
    lacp
      periodic =
      active passive !
  unit *
    description vlan-id bandwidth encapsulation peer-unit =
    disable !
    family *
      mtu =
      address *
        primary preferred master-only !
        vrrp-group *
          virtual-address priority =
          preempt accept-data !
      filter
        input output =
        input-list output-list []
      rpf-check
      interface-mode port-mode native-vlan-id =
      vlan
        members []
      no-redirects dhcp !
snmp
  name description location contact engine-id =
  community *
    authorization view =
    clients
      *
        restrict !
    client-list-name =
  client-list *
    *
  view *
    oid *
      include exclude !
  trap-options
    source-address =
  trap-group *
    version =
    categories []
    targets
      *
  v3
  interface []
routing-options
  router-id =
  nonstop-routing !
  autonomous-system =
  forwarding-table
    export []
  graceful-restart
    disable !
  static
    route *
      next-hop []
      next-table preference metric tag =
      discard reject no-readvertise retain no-install !
      qualified-next-hop *
        preference =
  rib *
    static
      route *
        next-hop []
protocols
  lldp lldp-med
    port-id-subtype management-address advertisement-interval =
    disable !
    interface *
      disable !
  ospf ospf3
    reference-bandwidth external-preference preference =
    overload
      timeout =
    export import []
    graceful-restart
      disable !
    traffic-engineering
    area *
      interface *
        metric interface-type hello-interval dead-interval priority =
        passive disable !
        authentication
          md5 *
            key =
        bfd-liveness-detection
          minimum-interval multiplier =
      area-range *
  isis
    overload
      timeout =
    level *
      disable wide-metrics-only !
    interface *
      point-to-point passive !
      level *
        metric =
        disable !
  bgp
    advertise-inactive log-updown multipath !
    graceful-shutdown
      sender receiver
        local-preference disable =
    group *
      type local-address peer-as local-as description hold-time local-preference authentication-key cluster =
      export import []
      multipath passive advertise-inactive as-override !
      family *
        unicast labeled-unicast any
      graceful-shutdown
        sender receiver
          local-preference =
      neighbor *
        description peer-as local-as local-address hold-time authentication-key =
        export import []
        passive shutdown !
        family *
          unicast labeled-unicast any
      allow []
  mpls ldp rsvp
    interface *
      disable !
  lacp
  rstp mstp vstp
    bridge-priority =
    interface *
      edge no-root-port disable !
      mode cost priority =
  vrrp
  igmp-snooping
    vlan *
  layer2-control
    nonstop-bridging !
policy-options
  prefix-list *
    apply-path =
    *
  community *
    members []
  as-path *
  policy-statement *
    @policy-term
    term *
      @policy-term
policy-term
  from to
    protocol neighbor interface community as-path prefix-list policy family area []
    route-filter *
    prefix-list-filter *
  then
    local-preference metric tag preference origin next-hop default-action next =
    as-path-prepend load-balance =
    community *
      *
    accept reject !
firewall
  policer *
    if-exceeding
      bandwidth-limit burst-size-limit =
    then
      discard !
  filter * @filter
  family *
    filter * @filter
filter
  interface-specific !
  term *
    from
      source-prefix-list destination-prefix-list source-address destination-address address prefix-list
        *
          except !
      protocol source-port destination-port port icmp-type next-header dscp tcp-flags []
      tcp-established tcp-initial is-fragment !
    then
      count policer loss-priority forwarding-class =
      accept discard log syslog reject !
vlans
  *
    vlan-id l3-interface description vxlan =
    vlan-id-list []
    interface *
routing-instances
  *
    instance-type description route-distinguisher vrf-target =
    vrf-table-label !
    interface *
    vrf-import vrf-export []
    routing-options @routing-options
    protocols @protocols
forwarding-options
class-of-service
event-options
security
switch-options
virtual-chassis
  preprovisioned no-split-detection !
  member *
    role serial-number mastership-priority =
poe
  interface *
applications
access
access-profile =
services
multi-chassis
bridge-domains
  *
    vlan-id =
    interface *
`;

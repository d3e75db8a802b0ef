# shellcheck shell=bash
# A native process and stores that fail: in the end, each finished dump is in the store once.

readonly NATIVE=worker-pod-0-procdump NATIVE_APP=worker-pod-0-worker

take_dump() {
  [[ $(podman exec "$NATIVE" dump --no-wait) == /dumps/worker-pod-0/*-on_demand/* ]]
}

prove_native_pod() {
  local target
  check 'native: the agent reports started' eventually 20 logged "$NATIVE" started '"runtime":"native"'
  check 'native: the agent finds the target' eventually 20 logged "$NATIVE" target-found '"process":"sleep"'
  target=$(last_target "$NATIVE")
  # Bits 1, 5 and 19: DAC_OVERRIDE, KILL, SYS_PTRACE.
  check 'native: the sidecar is root with three capabilities and no more' has_identity "$NATIVE" '0 0 0000000000080022 1 2'
  check 'native: the application runs as user 1000 without capability' has_identity "$NATIVE_APP" '1000 1000 0000000000000000 1 2'
  check 'native: the application has no mount of the store' sees_no_store worker
  check 'native: a ProcDump is armed' eventually 20 status_shows "$NATIVE" '"state":"ok"' "\"watches\":[{\"name\":\"polling\",\"pid\":$target,"
  begin_attack native "$NATIVE_APP" none
  prove_bursts native "$NATIVE" "$NATIVE_APP"
  check 'native: dump prints the path in the store, and exits 0' dump_on_demand "$NATIVE"
  check 'native: the dump is a whole core' is_whole_core "$(in_store worker "$DUMP")"
  check 'native: the application is neither stopped nor traced' is_undisturbed "$NATIVE_APP"
  end_attack native "$NATIVE"
  check 'native: /dev/shm is private to the sidecar' has_private_shm "$NATIVE" "$NATIVE_APP"
  prove_failing_store 'a full store' 'bytes free in the store' fill_store reveal_store
  prove_failing_store 'a store that became read-only' 'read-only file system' lock_store unlock_store
  prove_failing_store 'a store that is gone' "found /store not writable" hide_store restore_store
  prove_hanging_store
  prove_killed_procdump "$target"
  prove_killed_agent
  prove_killed_target
  prove_native_drain
}

fill_store() { mount_in "$NATIVE" e2e-full /store tmpfs 0 size=64k,mode=1777; }
reveal_store() { umount_in "$NATIVE" /store; }
lock_store() { lock_store_of "$NATIVE"; }
unlock_store() { unlock_store_of "$NATIVE"; }
hide_store() { podman exec "$NATIVE" mkdir -p /tmp/away && mount_in "$NATIVE" /store /tmp/away none "$MOVE"; }
restore_store() { mount_in "$NATIVE" /tmp/away /store none "$MOVE"; }

# Mounts a file system whose server never answers.
hang_store() {
  exec {SERVER}<>/dev/fuse && mount_in "$NATIVE" e2e-hang /store fuse 0 "fd=$SERVER,rootmode=40000,user_id=0,group_id=0,allow_other"
}

end_hanging() {
  umount_in "$NATIVE" /store && exec {SERVER}>&-
}

prove_failing_store() { # WHAT REASON BEGIN END
  local before
  before=$(count_events "$NATIVE" publish-failed "$2")
  check "native: $1 (made so)" "$3"
  check "native: $1: a dump is taken all the same" take_dump
  check "native: $1: the agent says why it is not published" eventually 20 happened "$NATIVE" publish-failed $((before + 1)) "$2"
  check "native: $1: status is degraded and counts it, and both probes succeed" shows_trouble
  check "native: $1: the dump is in the spool" not spool_is_empty worker
  check "native: $1 (mended)" "$4"
  check "native: $1: afterwards every dump is in the store once" delivers_all worker
}

shows_trouble() {
  eventually 10 status_shows "$NATIVE" '"state":"degraded"' '"queue":1' && probes_succeed "$NATIVE"
}

prove_hanging_store() {
  check 'native: a store that hangs (made so)' hang_store
  check 'native: a store that hangs: a dump is taken all the same' take_dump
  check 'native: a store that hangs: its publisher waits' eventually 10 has_publisher
  check 'native: a store that hangs: another dump is taken, the agent works on' take_dump
  check 'native: a store that hangs: status counts both, and both probes succeed' counts_two
  check 'native: a store that hangs: the publisher hears SIGKILL' kill_publisher
  check 'native: a store that hangs (mended)' end_hanging
  check 'native: a store that hangs: afterwards every dump is in the store once' delivers_all worker
}

has_publisher() {
  [[ $(processes_of "$NATIVE" 'procdump-agent publish')$(processes_of "$NATIVE" 'procdump-agent sweep') ]]
}

counts_two() {
  eventually 10 status_shows "$NATIVE" '"queue":2' && probes_succeed "$NATIVE"
}

kill_publisher() {
  end_publisher
  eventually 10 logged "$NATIVE" degraded 'signal: killed'
}

prove_killed_procdump() { # PID
  local armed
  armed=$(count_events "$NATIVE" procdump-started)
  kill -KILL "$(processes_of "$NATIVE" 'procdump -n 1 -mc' | head -n 1)"
  check 'native: a killed ProcDump is told of' eventually 10 happened "$NATIVE" procdump-ended 1 '"exitCode":137'
  check 'native: a killed ProcDump is started again' eventually 20 happened "$NATIVE" procdump-started $((armed + 1))
  check 'native: and the application is neither stopped nor traced' is_undisturbed "$NATIVE_APP"
  check 'native: dumps are taken as before' take_dump
  check 'native: and published' delivers_all worker
}

# The container restarts, with the store of its volume.
prove_killed_agent() {
  local before settled
  settled=$(count_events "$NATIVE" dump-complete)
  before=$(count_events "$NATIVE" started)
  lock_store
  check 'native: a dump is in the spool when the agent is killed' take_dump
  eventually 10 happened "$NATIVE" dump-complete $((settled + 1))
  kill -KILL "$(main_process "$NATIVE")"
  check 'native: the container starts again' eventually 20 happened "$NATIVE" started $((before + 1))
  check 'native: the agent knows of the dump from before' happened "$NATIVE" started 1 '"left":1'
  check 'native: and publishes it; every dump is in the store once' delivers_all worker
  check 'native: both probes succeed' probes_succeed "$NATIVE"
}

# Uses a slow dump, which only the test double can write.
slow_dump() { # SECONDS
  if [[ ${PROCDUMP_BINARY-} ]]; then
    leave_out "a dump that takes long: $PROCDUMP_BINARY writes that of a small process at once"
    return 1
  fi
  printf '%s' "$1" >"$(volume worker-procdump-run-state)/slow"
}

prove_killed_target() {
  local before target
  slow_dump 3 || return 0
  eventually 20 status_shows "$NATIVE" '"watches":[{'
  before=$(count_events "$NATIVE" target-lost)
  target=$(last_target "$NATIVE")
  podman exec "$NATIVE" dump --no-wait >/dev/null 2>&1 &
  eventually 10 not spool_is_empty worker
  kill -KILL "$(main_process "$NATIVE_APP")"
  check 'native: a target is killed in the middle of its dump' eventually 20 happened "$NATIVE" target-lost $((before + 1))
  wait "$!" || true
  check 'native: its dump is published as one whose target had died' eventually 30 tells_death "$target"
  check 'native: every dump is in the store once' delivers_all worker
  check 'native: the restarted target is watched' eventually 20 has_other_target "$NATIVE" "$target"
}

tells_death() { # PID
  has_published worker on-demand "$1" && grep -qE "\"complete\":false,.*\"pid\":$1,.*\"targetAlive\":false" "$(volume worker-dumps)"/worker-pod-0/*.json
}

prove_native_drain() {
  slow_dump 3 || { stop_idle; return 0; }
  printf 'now' >"$(volume worker-procdump-annotations)/dump"
  eventually 10 logged "$NATIVE" demand-accepted now
  eventually 10 not spool_is_empty worker
  check 'native: SIGTERM in the middle of a dump: the sidecar ends with 0, in less than 15 s' stops_in_time "$NATIVE" 15
  check 'native: it has finished and published that dump before; every dump is in the store once' delivers_all worker
  check 'native: the application is neither stopped nor traced' is_undisturbed "$NATIVE_APP"
  check 'native: its last words say that nothing is left' has_last_words
}

stop_idle() {
  check 'native: SIGTERM ends the sidecar with 0 in less than 5 s' stops_in_time "$NATIVE" 5
}

has_last_words() {
  events "$NATIVE" stopped | tail -n 1 | grep -q '"left":0'
}

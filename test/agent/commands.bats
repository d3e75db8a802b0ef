#!/usr/bin/env bats
# Tests of the commands dump, dumps and status.
load helper

ready() { # RUNTIME ARGUMENT...
  start_agent "$@"
  eventually status_says '"state":"ok"'
}

@test "dump prints the path of a complete file" {
  start_dotnet webapi
  ready dotnet
  run dump
  [[ $status == 0 && $output == "$T/data/webapi-0/$TARGET-on_demand/webapi_time_"* && -f $output ]]
}

@test "dump passes the mask for a native target" {
  start_native worker
  ready native --process-name worker --dump-mask 10
  run dump
  echo "$output"
  [[ $status == 0 && $(<"$T/control/calls") == "-n 1 -mc 10 $TARGET $T/data/webapi-0/$TARGET-on_demand" ]]
}

@test "dump takes one of each target" {
  start_dotnet one
  start_dotnet two
  ready dotnet
  run dump
  [[ $status == 0 && ${#lines[@]} == 2 ]]
}

@test "dump fails when the file is incomplete, though ProcDump exits 0 and reports success" {
  start_dotnet webapi
  ready dotnet
  touch "$T/control/dotnet-short"
  run dump
  [[ $status == 1 && $output == *"has no complete dump"*"Core dump 0 generated"* ]]
}

@test "dump succeeds when ProcDump exits 255 after a good dump" {
  start_dotnet webapi
  ready dotnet
  echo 255 >"$T/control/exit-code"
  run dump
  [[ $status == 0 && -f $output ]]
}

@test "dump says when there is no target" {
  start_agent dotnet --process-name webapi
  eventually status_says waiting
  run dump
  [[ $status == 1 && $output == *"found no live dotnet target process named webapi"* ]]
}

@test "dump says when the agent has refused its arguments" {
  start_agent_raw run --contract 7
  run dump
  [[ $status == 1 && $output == *"the agent refused its arguments: run status" ]]
}

@test "dump is not refused by the pod's limit, and counts in it" {
  start_dotnet webapi
  PER_POD=1 ready dotnet
  run dump
  eventually logged limit-reached '"scope":"pod"'
  sleep 1
  run dump
  [[ $status == 0 ]]
  eventually status_says '"dumpsTaken":2'
}

@test "dump does not use up the limit per process" {
  start_dotnet webapi
  PER_PROCESS=1 ready dotnet --watch cpu -pc a:b 1
  run dump
  eventually status_says '"dumpsTaken":1'
  never_logged limit-reached
  eventually status_says '"name":"cpu"'
}

@test "two dumps at once: the second is told to wait" {
  start_dotnet webapi
  ready dotnet
  echo 2 >"$T/control/dotnet-slow"
  dump >/dev/null 3>&- &
  first=$!
  eventually test -s "$T/control/calls"
  run dump
  [[ $status == 1 && $output == *"another dump is being taken"* ]]
  wait "$first"
}

@test "dumps lists complete dumps only, newest last, with size, time and path" {
  start_dotnet webapi
  ready dotnet
  mkdir -p "$T/data/webapi-0/1-old"
  perl -I"$HERE" -MCore -e 'Core::create($ARGV[0], 1000, 0)' "$T/data/webapi-0/1-old/core.1"
  touch -d 2020-01-02T03:04:05Z "$T/data/webapi-0/1-old/core.1"
  perl -I"$HERE" -MCore -e 'Core::create($ARGV[0], 1000, 0); truncate $ARGV[0], 500' "$T/data/webapi-0/1-old/core.2"
  path=$(dump)
  run dumps
  [[ ${#lines[@]} == 2 ]]
  [[ ${lines[0]} == "        1120  2020-01-02T03:04:05Z  $T/data/webapi-0/1-old/core.1" ]]
  [[ ${lines[1]} == *"100120  "*"  $path" ]]
}

@test "status is one JSON object with state, targets, monitors, dumps and limits" {
  start_dotnet webapi
  ready dotnet --watch cpu -pc a:b 1
  eventually status_says '"name":"cpu"'
  status | node -e '
    const s = JSON.parse(require("fs").readFileSync(0));
    const pid = Number(process.argv[1]);
    require("assert").deepStrictEqual({ ...s, watches: s.watches.map((m) => [m.name, m.pid]) }, {
      state: "ok", reason: "", contract: 3, runtime: "dotnet", targets: [{ pid, name: "webapi", stopped: false }], watches: [["cpu", pid]],
      coolingDown: [], dumpsTaken: 0, dumpsIncomplete: 0, dumpsPerProcess: 2, dumpsPerPod: 5, store: null, spool: null, queue: 0, published: 0,
      lastPublishError: null, retryAt: null, retention: { seconds: null, count: null, mib: null } });' "$TARGET"
}

# The runtime sees the folder but cannot write to it, as with a read-only mount in the application's container.
close_dumps_to_target() {
  nsenter --mount --target "$TARGET" bash -c 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0"' "$T/data"
}

@test "dump ends when the runtime cannot write, where ProcDump would try again for ever" {
  start_dotnet webapi
  ready dotnet
  close_dumps_to_target
  run timeout 20 dump
  [[ $status == 1 && $output == *"has no complete dump"*"error occurred while generating the core dump"* ]]
}

@test "dump that is ended leaves neither ProcDump nor its lock behind" {
  start_dotnet webapi
  ready dotnet
  close_dumps_to_target
  touch "$T/control/deaf"
  timeout --signal TERM 2 "$T/bin/dump" || true
  rm "$T/control/deaf"
  run timeout 20 dump
  [[ $output != *"another dump is being taken"* ]]
}

@test "status says what ProcDump could not do, until it can" {
  start_dotnet webapi
  ready dotnet --watch polling -n 2 -tc 1
  close_dumps_to_target
  touch "$T/control/fire-tc"
  eventually status_says 'error occurred while generating the core dump'
  nsenter --mount --target "$TARGET" umount "$T/data"
  touch "$T/control/fire-tc"
  eventually status_says '"state":"ok"'
}

spooling() { # ARGUMENT...
  start_dotnet webapi
  start_spooling_agent dotnet "$@"
  eventually logged target-found
}

@test "dump with a store waits for the publication and prints the path there" {
  spooling
  run dump
  [[ $status == 0 && $output == "$T/store/webapi-0/webapi_time_"* && -f $output && -f $output.json ]]
}

@test "dump with a store that does not take it in time prints the path in the spool and says so" {
  spooling
  eventually rmdir "$T/store"
  PROCDUMP_PUBLISH_WAIT=2 run dump
  [[ $status == 0 && ${lines[0]} == "dump: the dump is complete, but not in the store after 2 s"* ]]
  [[ ${lines[1]} == "$T/spool/webapi-0/$TARGET-on_demand/webapi_time_"* && -f ${lines[1]} ]]
}

@test "dump --no-wait prints a path at once" {
  spooling
  hang_store
  run dump --no-wait
  rm "$T/hangs"
  [[ $status == 0 && $output == "$T/spool/webapi-0/$TARGET-on_demand/webapi_time_"* ]]
}

@test "dump says what it does not understand" {
  run dump 17
  [[ $status == 1 && $output == "dump: found '17', expected --no-wait, --timeout SECONDS or nothing" ]]
  run dump --timeout 0
  [[ $status == 1 && $output == "dump: found '0' for --timeout, expected whole seconds from 1" ]]
  run dump --timeout
  [[ $status == 1 && $output == *"found '--timeout', expected"* ]]
}

@test "dumps with a store lists what is published of this pod, --all of all pods" {
  spooling
  make_core "$T/spool/core.1" 1000
  eventually is_published 1
  mkdir "$T/store/webapi-1"
  make_core "$T/store/webapi-1/core.2" 500
  sed "s/core.1/core.2/; s/2026-/2020-/" "$T/store/webapi-0/core.1.json" >"$T/store/webapi-1/core.2.json"
  run dumps
  [[ $status == 0 && ${#lines[@]} == 1 && ${lines[0]} == "        1120  20"*"Z  $T/store/webapi-0/core.1" ]]
  run dumps --all
  [[ ${#lines[@]} == 2 && ${lines[0]} == *"  $T/store/webapi-1/core.2" ]]
}

@test "dumps says how many are not published yet" {
  spooling
  eventually rmdir "$T/store"
  make_core "$T/spool/core.1" 1000
  eventually logged publish-failed
  run dumps
  [[ $status == 0 && $output == "dumps: 1 more in the spool $T/spool, not published yet: run status" ]]
}

@test "dumps --verify passes on what is as it was published" {
  spooling
  make_core "$T/spool/core.1" 1000
  eventually is_published 1
  run dumps --verify
  [[ $status == 0 && $output == *'core.1  verified' ]]
}

@test "dumps --verify tells a changed and a missing dump" {
  spooling
  make_core "$T/spool/core.1" 1000
  make_core "$T/spool/core.2" 1000
  eventually is_published 2
  echo x >>"$T/store/webapi-0/core.1"
  rm "$T/store/webapi-0/core.2"
  run dumps --verify
  [[ $status == 1 && $output == *"core.1  CORRUPT: found sha256 "*"core.2  missing"* ]]
}

@test "dumps --verify with direct delivery says why it cannot" {
  start_agent dotnet
  eventually status_says waiting
  run dumps --verify
  [[ $status == 2 && $output == *'only published dumps have a checksum'* ]]
}

@test "a lock whose number another process has by now holds back no dump" {
  start_dotnet webapi
  ready dotnet
  echo "$$ 1" >"$T/state/dump.lock"
  dump
}

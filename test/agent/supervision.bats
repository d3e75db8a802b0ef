#!/usr/bin/env bats
# Tests of how the agent starts, reads, restarts and stops ProcDump.
load helper

@test "a line of ProcDump becomes one event at once, with its level" {
  start_native worker
  start_agent native --process-name worker --watch threads -tc 500
  eventually logged procdump-output '"level":"info"' '"message":"Starting monitor for process worker'
}

@test "a finished dump is counted with its size, and the monitor is done" {
  start_dotnet webapi
  start_agent dotnet --watch timer -n 1
  eventually logged dump-complete '"watch":"timer"' '"bytes":100120' '"targetAlive":true' '"count":1'
  eventually logged watch-finished
  sleep 1.5
  [[ $(wc -l <"$T/control/calls") == 1 ]]
}

@test "exit code 255 after a good dump is no failure" {
  start_dotnet webapi
  echo 255 >"$T/control/exit-code"
  start_agent dotnet --watch timer -n 1
  eventually logged watch-finished
  [[ $(wc -l <"$T/control/calls") == 1 ]]
}

@test "exit code 0 without its dumps is a failure: ProcDump is started again" {
  start_dotnet webapi
  touch "$T/control/dotnet-short"
  PROCDUMP_BACKOFF=3 start_agent dotnet --watch timer -n 1
  eventually logged dump-incomplete '"bytes":50000'
  rm "$T/control/dotnet-short"
  eventually logged dump-complete
}

@test "a broken dump that its writer completes later is one dump" {
  start_agent dotnet
  make_core "$T/whole" 100000
  mkdir -p "$T/data/webapi-0"
  head -c 50000 "$T/whole" >"$T/data/webapi-0/core.1"
  eventually logged dump-incomplete
  tail -c +50001 "$T/whole" >>"$T/data/webapi-0/core.1"
  TRIES=300 eventually logged dump-complete
  eventually status_says '"dumpsTaken":1,"dumpsIncomplete":0'
}

@test "a ProcDump that died is started again, later each time" {
  start_dotnet webapi
  start_agent dotnet --watch cpu -pc a:b 1
  eventually logged procdump-started
  touch "$T/control/die"
  eventually happened procdump-started 2
  touch "$T/control/die"
  eventually happened procdump-ended 2
  sleep 1.4
  [[ $(count_events procdump-started) == 2 ]]
  eventually happened procdump-started 3
}

@test "a profiler monitor is not armed while a process still has the profiler mapped" {
  cp "$(type -P sleep)" "$T/procdumpprofiler.so"
  "$T/procdumpprofiler.so" 300 3>&- &
  mapped=$!
  CHILDREN+=("$mapped")
  start_dotnet webapi
  start_agent dotnet --watch errors -e -f Bad
  sleep 0.6
  [[ $(count_events procdump-started) == 0 ]]
  kill "$mapped"
  eventually logged procdump-started
}

@test "a profiler monitor is armed again only after 10 seconds" {
  start_dotnet webapi
  start_agent dotnet --watch errors -e -f Bad
  eventually logged procdump-started
  touch "$T/control/die"
  eventually logged procdump-ended
  sleep 8
  [[ $(count_events procdump-started) == 1 ]]
  eventually happened procdump-started 2
}

@test "a file that is no core is not counted" {
  start_dotnet webapi
  mkdir -p "$T/data/webapi-0"
  echo 'not a dump' >"$T/data/webapi-0/notes.txt"
  start_agent dotnet
  sleep 2.5
  never_logged dump-incomplete
  never_logged dump-complete
}

@test "a core that is still open is not counted yet" {
  mkdir -p "$T/data/webapi-0"
  perl -I"$HERE" -MCore -e 'Core::create($ARGV[0], 1000, 0)' "$T/data/webapi-0/core.1"
  sleep 300 3>&- 9>>"$T/data/webapi-0/core.1" &
  writer=$!
  start_agent dotnet
  sleep 0.6
  never_logged dump-complete
  kill "$writer"
  eventually logged dump-complete
}

@test "a hostile file name is data, not a command" {
  mkdir -p "$T/data/webapi-0/5-x"
  perl -I"$HERE" -MCore -e 'Core::create($ARGV[0], 1000, 0)' "$T/data/webapi-0/5-x/a]\$(touch pwned)"
  cd "$T"
  start_agent dotnet
  eventually logged dump-complete
  [[ ! -e $T/pwned ]]
}

@test "a dump that ProcDump reports and that is not there is a failure, and shows" {
  start_dotnet webapi
  touch "$T/control/lie"
  start_agent dotnet --watch timer -n 1
  eventually logged dump-missing '"watch":"timer"'
  eventually status_says 'and there is no such file'
  eventually happened procdump-started 2
}

stopped_target() { [[ $(cut -d')' -f2 "/proc/$TARGET/stat") == ' T '* ]]; }

@test "a target that a dying ProcDump leaves stopped runs again" {
  start_native worker
  start_agent native --process-name worker --watch threads -tc 500
  eventually logged procdump-output 'Starting monitor'
  touch "$T/control/leave-stopped"
  eventually logged target-resumed "\"pid\":$TARGET"
  eventually target_runs
}

@test "a target that somebody else stopped stays stopped when ProcDump dies" {
  start_native worker
  start_agent native --process-name worker --watch threads -tc 500
  eventually logged procdump-output 'Starting monitor'
  kill -STOP "$TARGET"
  sleep 0.6
  touch "$T/control/die"
  eventually logged procdump-ended
  sleep 0.3
  stopped_target
  kill -CONT "$TARGET"
}

@test "the target of a signal trigger stays stopped: it was accepted" {
  start_native worker
  start_agent native --process-name worker --watch signals -sig 10
  eventually logged procdump-started
  eventually logged procdump-output 'Starting monitor'
  touch "$T/control/leave-stopped"
  eventually logged procdump-ended
  sleep 0.3
  stopped_target
  kill -CONT "$TARGET"
}

@test "SIGTERM during a native dump: the dump is finished, kept and counted" {
  echo 1.5 >"$T/control/slow"
  start_native worker
  start_agent native --process-name worker --watch timer -n 2
  eventually find_dump
  stop_agent
  logged dump-complete
  [[ $(dump_files | wc -l) == 1 ]]
  eventually target_runs
}

@test "SIGTERM during a .NET dump: the dump is waited for" {
  echo 1.5 >"$T/control/dotnet-slow"
  start_dotnet webapi
  start_agent dotnet --watch timer -n 1
  eventually find_dump
  stop_agent
  logged dump-complete
}

@test "SIGTERM at rest: ProcDump gets SIGINT, the agent ends with 0 within two seconds" {
  start_dotnet webapi
  start_agent dotnet --watch cpu -pc a:b 1
  eventually logged procdump-output 'Starting monitor'
  SECONDS=0
  stop_agent
  ((SECONDS <= 2))
  logged procdump-output '"message":"Quit"'
}

@test "a ProcDump that is deaf to SIGINT is killed" {
  touch "$T/control/deaf"
  start_dotnet webapi
  start_agent dotnet --watch cpu -pc a:b 1
  eventually logged procdump-output 'Starting monitor'
  stop_agent
  logged procdump-killed
}

@test "SIGTERM while degraded ends the agent with 0" {
  start_agent_raw run --contract 9
  eventually logged degraded
  stop_agent
}

@test "the folder is private when the target has the agent's user" {
  start_dotnet webapi
  start_agent dotnet --watch timer -n 1
  eventually logged dump-complete
  [[ $(stat -c %a "$T/data/webapi-0" "$T/data/webapi-0/$TARGET-timer") == $'700\n700' ]]
}

@test ".NET: root beside a process of another user idles, and names the access to choose" {
  chmod 0777 "$T"
  unshare --mount setpriv --reuid 1654 --regid 1655 --clear-groups bash -c 'exec -a webapi perl "$0"' "$HERE/stand-in-dotnet" 3>&- &
  TARGET=$!
  CHILDREN+=("$TARGET")
  eventually compgen -G "$T/tmp/dotnet-diagnostic-$TARGET-*"
  start_agent dotnet --crash-dumps --watch timer -n 1
  eventually logged degraded "found .NET process $TARGET (webapi) of 1654:1655 beside a sidecar that is root" \
    'TargetAccess.sameUser({ uid: 1654, gid: 1655 })'
  run dump
  [[ $status == 1 && $output == *'beside a sidecar that is root'* ]]
  never_logged procdump-started
  [[ ! $(dump_files) ]]
}

@test "ProcDump runs with umask 022, so that an app of another user can read its profiler" {
  start_dotnet webapi
  start_agent dotnet --watch cpu -pc a:b 1
  eventually grep -q '^022 ' "$T/control/calls.d"
}

@test "what the agent writes is for its own user only" {
  start_dotnet webapi
  start_agent dotnet --watch timer -n 1
  eventually logged dump-complete
  [[ -z $(find "$T/state" -perm /077) ]]
}

@test "at rest the agent starts no process, with a spool neither" {
  start_dotnet webapi
  start_spooling_agent dotnet --crash-dumps --watch cpu -pc a:b 1
  eventually logged procdump-output 'Starting monitor'
  sleep 1
  before=$(cut -d' ' -f11 "/proc/$AGENT/stat")
  sleep 6
  [[ $(cut -d' ' -f11 "/proc/$AGENT/stat") == "$before" ]]
}

@test "at rest the agent starts no process" {
  start_dotnet webapi
  start_agent dotnet --watch cpu -pc a:b 1
  eventually logged procdump-output 'Starting monitor'
  sleep 0.5
  before=$(cut -d' ' -f11 "/proc/$AGENT/stat")
  sleep 1
  # Field 11 counts page faults of children that were waited for. Every fork causes some.
  [[ $(cut -d' ' -f11 "/proc/$AGENT/stat") == "$before" ]]
}

@test "a target that stands still because agent and ProcDump were killed together runs again" {
  start_native worker
  start_agent native --process-name worker --watch threads -tc 500
  eventually logged procdump-output 'Starting monitor'
  kill -STOP "$TARGET" && kill -KILL "$AGENT" "$(tail -1 "$T/control/calls.d" | cut -d' ' -f2)"
  start_agent native --process-name worker --watch threads -tc 500
  eventually logged target-resumed "\"pid\":$TARGET"
  eventually target_runs
}

@test "a target that somebody else stopped stays stopped over a restart of the agent, and status says so" {
  start_native worker
  start_agent native --process-name worker --watch threads -tc 500
  eventually logged procdump-output 'Starting monitor'
  kill -STOP "$TARGET"
  eventually status_says '"stopped":true'
  sleep 0.5
  kill -KILL "$AGENT" "$(tail -1 "$T/control/calls.d" | cut -d' ' -f2)"
  : >"$LOG"
  start_agent native --process-name worker --watch threads -tc 500
  eventually logged target-found
  sleep 0.5
  never_logged target-resumed
}

#!/usr/bin/env bats
# How ProcDump is started, listened to, restarted, limited and stopped.
load helper

@test "a line of ProcDump becomes one event at once, with its level" {
  start_native worker
  start_agent native --process-name worker --monitor threads -tc 500
  eventually logged procdump-output '"level":"info"' '"message":"Starting monitor for process worker'
}

@test "a finished dump is counted with its size, and the monitor is done" {
  start_dotnet webapi
  start_agent dotnet --monitor timer -n 1
  eventually logged dump-complete '"monitor":"timer"' '"bytes":100120' '"targetAlive":true' '"count":1'
  eventually logged monitor-finished
  sleep 1.5
  [[ $(wc -l <"$T/control/calls") == 1 ]]
}

@test "exit code 255 after a good dump is no failure" {
  start_dotnet webapi
  echo 255 >"$T/control/exit-code"
  start_agent dotnet --monitor timer -n 1
  eventually logged monitor-finished
  [[ $(wc -l <"$T/control/calls") == 1 ]]
}

@test "exit code 0 without its dumps is a failure: ProcDump is started again" {
  start_dotnet webapi
  touch "$T/control/dotnet-short"
  start_agent dotnet --monitor timer -n 1
  eventually logged dump-incomplete '"bytes":50000'
  rm "$T/control/dotnet-short"
  eventually logged dump-complete
}

@test "a ProcDump that died is started again, later each time" {
  start_dotnet webapi
  start_agent dotnet --monitor cpu -pc a:b 1
  eventually logged procdump-started
  touch "$T/control/die"
  eventually happened procdump-started 2
  touch "$T/control/die"
  eventually happened procdump-ended 2
  sleep 1.2
  [[ $(count_events procdump-started) == 2 ]]
  eventually happened procdump-started 3
}

@test "the cool-down holds back a new ProcDump of a monitor that has dumped" {
  start_native worker
  COOLDOWN=600 start_agent native --process-name worker --monitor memory -m 1,1
  eventually logged dump-complete
  touch "$T/control/die"
  kill -KILL "$(tail -1 "$T/control/calls.d" | cut -d' ' -f2)"
  eventually logged procdump-ended
  sleep 1.5
  [[ $(count_events procdump-started) == 1 ]]
}

@test "a profiler monitor is not armed while a process still has the profiler mapped" {
  cp "$(type -P sleep)" "$T/procdumpprofiler.so"
  "$T/procdumpprofiler.so" 300 3>&- &
  mapped=$!
  CHILDREN+=("$mapped")
  start_dotnet webapi
  start_agent dotnet --monitor errors -e -f Bad
  sleep 0.6
  [[ $(count_events procdump-started) == 0 ]]
  kill "$mapped"
  eventually logged procdump-started
}

@test "a profiler monitor is armed again only after 10 seconds" {
  start_dotnet webapi
  start_agent dotnet --monitor errors -e -f Bad
  eventually logged procdump-started
  touch "$T/control/die"
  eventually logged procdump-ended
  sleep 8
  [[ $(count_events procdump-started) == 1 ]]
  eventually happened procdump-started 2
}

@test "the limit per process ends all its ProcDumps" {
  start_dotnet webapi
  PER_PROCESS=1 start_agent dotnet --monitor timer -n 1 --monitor cpu -pc a:b 1
  eventually logged limit-reached '"limit":1' "limit of 1 dumps of process $TARGET reached"
  eventually status_says '"monitors":[]'
  eventually happened procdump-ended 2
  agent_lives
}

@test "the limit per process does not hold back the next process" {
  start_dotnet webapi
  PER_PROCESS=1 start_agent dotnet --monitor timer -n 1
  eventually logged limit-reached
  end_target
  start_dotnet webapi
  eventually happened dump-complete 2
}

@test "the limit per pod holds over restarts of the target" {
  start_dotnet webapi
  PER_POD=1 start_agent dotnet --monitor timer -n 1
  eventually logged limit-reached '"scope":"pod"'
  end_target
  start_dotnet webapi
  eventually logged target-found "\"pid\":$TARGET"
  sleep 0.5
  [[ $(count_events procdump-started) == 1 ]]
}

@test "the limit per pod holds over a restart of the agent and removal of the files" {
  start_dotnet webapi
  PER_POD=1 start_agent dotnet --monitor timer -n 1
  eventually logged limit-reached
  stop_agent
  rm -rf "$T/data/webapi-0"
  : >"$LOG"
  PER_POD=1 start_agent dotnet --monitor timer -n 1
  eventually logged limit-reached
  never_logged procdump-started
}

@test "incomplete dumps count for the limits, so that a dump that always breaks is not tried for ever" {
  start_dotnet webapi
  touch "$T/control/dotnet-short"
  PER_POD=1 start_agent dotnet --monitor timer -n 1
  eventually logged dump-incomplete
  eventually logged limit-reached
  eventually status_says '"dumpsTaken":0,"dumpsIncomplete":1'
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

@test "a limit never interrupts a native dump that is being written" {
  start_native worker
  PER_PROCESS=1 start_agent native --process-name worker --monitor memory -s 1 -m 1,1,1
  eventually logged dump-complete
  echo 2 >"$T/control/slow"
  "$T/bin/dump" >/dev/null 2>&1 || true
  eventually logged procdump-ended
  target_runs
}

@test "SIGTERM during a native dump: the dump is finished, kept and counted" {
  echo 1.5 >"$T/control/slow"
  start_native worker
  start_agent native --process-name worker --monitor timer -n 2
  eventually find_dump
  stop_agent
  logged dump-complete
  [[ $(dump_files | wc -l) == 1 ]]
  eventually target_runs
}

find_dump() { [[ $(dump_files) ]]; }

@test "SIGTERM during a .NET dump: the dump is waited for" {
  echo 1.5 >"$T/control/dotnet-slow"
  start_dotnet webapi
  start_agent dotnet --monitor timer -n 1
  eventually find_dump
  stop_agent
  logged dump-complete
}

@test "SIGTERM at rest: ProcDump gets SIGINT, the agent ends with 0 within two seconds" {
  start_dotnet webapi
  start_agent dotnet --monitor cpu -pc a:b 1
  eventually logged procdump-output 'Starting monitor'
  SECONDS=0
  stop_agent
  ((SECONDS <= 2))
  logged procdump-output '"message":"Quit"'
}

@test "a ProcDump that is deaf to SIGINT is killed" {
  touch "$T/control/deaf"
  start_dotnet webapi
  start_agent dotnet --monitor cpu -pc a:b 1
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
  start_agent dotnet --monitor timer -n 1
  eventually logged dump-complete
  [[ $(stat -c %a "$T/data/webapi-0" "$T/data/webapi-0/$TARGET-timer") == $'700\n700' ]]
}

@test "the folder lets in a target of another user, whose runtime writes the dump" {
  chmod 0777 "$T"
  unshare --mount setpriv --reuid 1654 --regid 1654 --clear-groups bash -c 'exec -a webapi perl "$0"' "$HERE/stand-in-dotnet" 3>&- &
  TARGET=$!
  CHILDREN+=("$TARGET")
  eventually compgen -G "$T/tmp/dotnet-diagnostic-$TARGET-*"
  start_agent dotnet --monitor timer -n 1
  eventually logged dump-complete
  [[ $(stat -c %u "$T"/data/webapi-0/*-timer/*) == 1654 ]]
}

@test "ProcDump runs with umask 022, so that an app of another user can read its profiler" {
  start_dotnet webapi
  start_agent dotnet --monitor cpu -pc a:b 1
  eventually grep -q '^022 ' "$T/control/calls.d"
}

@test "what the agent writes is for its own user only" {
  start_dotnet webapi
  start_agent dotnet --monitor timer -n 1
  eventually logged dump-complete
  [[ -z $(find "$T/state" -perm /077) ]]
}

@test "at rest the agent starts no process" {
  start_dotnet webapi
  start_agent dotnet --monitor cpu -pc a:b 1
  eventually logged procdump-output 'Starting monitor'
  sleep 0.5
  before=$(cut -d' ' -f11 "/proc/$AGENT/stat")
  sleep 1
  # Field 11: page faults of children that were waited for; a fork cannot do without.
  [[ $(cut -d' ' -f11 "/proc/$AGENT/stat") == "$before" ]]
}

#!/usr/bin/env bats
# Tests that reports about dumps are true, and that every wait has a timeout and is shown in the status.
load helper

@test "a native dump whose target died while it was written is incomplete, though it has its length" {
  start_native worker
  echo 2 >"$T/control/slow"
  start_spooling_agent native --process-name worker --watch memory -m 1
  eventually compgen -G "$T/spool/webapi-0/*-memory/*"
  end_target
  TRIES=200 eventually logged dump-incomplete '"targetAlive":false'
  never_logged dump-complete
  TRIES=200 eventually spool_is_empty
  grep -q '"complete":false' "$T"/store/webapi-0/*.json
}

@test "a native dump whose target died after it was written is complete" {
  start_native worker
  start_spooling_agent native --process-name worker --watch memory -m 1
  eventually logged procdump-output 'generated'
  end_target
  eventually is_published 1
  grep -q '"complete":true' "$T"/store/webapi-0/*.json
}

@test "dump fails for a target that dies during its dump, and names it" {
  start_native worker
  echo 2 >"$T/control/slow"
  start_agent native --process-name worker
  (sleep 1 && kill -KILL "$TARGET") 3>&- &
  run dump
  [[ $status == 1 && $output == *"process $TARGET (worker) ended while its dump was written"* ]]
}

@test "dumps marks what is incomplete, and --verify fails on it" {
  start_spooling_agent dotnet
  make_core "$T/whole" 100000
  head -c 50000 "$T/whole" >"$T/spool/core.1"
  TRIES=200 eventually spool_is_empty
  run dumps
  [[ $status == 0 && $output == *"core.1  incomplete" ]]
  run dumps --verify
  [[ $status == 1 && $output == *"core.1  verified  incomplete" ]]
}

@test "a runtime that hangs: its ProcDump is ended, status says why, and the trigger is armed again" {
  export PROCDUMP_DUMP_START=1
  start_dotnet webapi
  touch "$T/control/dotnet-hang"
  start_agent dotnet --watch timer -n 1
  TRIES=400 eventually status_says "its .NET runtime does not answer"
  eventually logged procdump-ended
  rm "$T/control/dotnet-hang"
  TRIES=400 eventually logged dump-complete
  eventually status_says '"state":"ok"'
}

@test "a ProcDump that does not hear of its dump is ended, and the trigger is armed again" {
  export PROCDUMP_DUMP_START=1
  start_dotnet webapi
  touch "$T/control/unheard"
  PER_PROCESS=5 start_agent dotnet --watch exceptions -e
  eventually logged procdump-started
  touch "$T/control/fire-e"
  TRIES=400 eventually happened dump-complete 1
  TRIES=400 eventually logged procdump-ended
  TRIES=400 eventually happened procdump-started 2
  touch "$T/control/fire-e"
  TRIES=400 eventually happened dump-complete 2
}

@test "SIGTERM while a runtime hangs ends the agent within the drain timeout" {
  start_dotnet webapi
  touch "$T/control/dotnet-hang" "$T/control/deaf"
  echo 1 >"$T/annotation.new"
  DRAIN=3 start_spooling_agent dotnet --watch timer -n 1
  eventually logged procdump-output 'Trigger: Timer'
  mv "$T/annotation.new" "$T/annotation"
  eventually logged demand-accepted
  SECONDS=0
  stop_agent
  ((SECONDS <= 5))
}

@test "dump gives up a runtime that hangs after its timeout, and says so; the next request is served" {
  start_dotnet webapi
  touch "$T/control/dotnet-hang"
  start_agent dotnet
  SECONDS=0
  run dump --timeout 1
  [[ $status == 1 && $output == *"process $TARGET (webapi) has no dump after 1 s: its .NET runtime does not answer; or give it more time with --timeout"* ]]
  ((SECONDS < 10))
  rm "$T/control/dotnet-hang"
  run dump
  [[ $status == 0 && -f $output ]]
}

@test "a native dump that takes longer than its timeout is ended, and the target runs again" {
  start_native worker
  echo 20 >"$T/control/slow"
  start_agent native --process-name worker
  run dump --timeout 1
  [[ $status == 1 && $output == *"has no dump after 1 s"* ]]
  eventually target_runs
}

@test "dump names the debugger that holds the target" {
  start_native worker
  perl -e 'syscall(101, 16, $ARGV[0] + 0, 0, 0); waitpid($ARGV[0], 0x40000000); syscall(101, 7, $ARGV[0] + 0, 0, 0); sleep 300' "$TARGET" 3>&- &
  debugger=$!
  CHILDREN+=("$debugger")
  sleep 0.3
  start_agent native --process-name worker
  run dump
  [[ $status == 1 && $output == *"process $debugger (perl) holds the process"* ]]
}

@test "dump prints the path of its own dump, not of another one in the folder" {
  start_native worker
  start_agent native --process-name worker
  echo 1 >"$T/control/slow"
  (sleep 0.5 && make_core "$T/data/webapi-0/$TARGET-on_demand/aaa.1" 1000) 3>&- &
  run dump
  [[ $status == 0 && $output == *"/worker_time_"* && $output != *aaa* ]]
}

@test "an error of ProcDump after a good dump is none" {
  start_dotnet webapi
  echo 255 >"$T/control/exit-code"
  start_agent dotnet --watch timer -n 1 --watch cpu -pc a:b 1
  eventually logged procdump-output '"level":"error"' 'Internal Error'
  eventually logged dump-complete
  eventually logged procdump-ended
  eventually status_says '"state":"ok"'
}

@test "a whole dump that somebody keeps open is published in the end" {
  export PROCDUMP_UNFINISHED=2
  make_core "$T/core" 1000
  sleep 300 3>&- 9>>"$T/core" &
  CHILDREN+=("$!")
  start_spooling_agent dotnet
  mv "$T/core" "$T/spool/core.1"
  eventually is_published 1
}

@test "a file that is open and never whole is told of in status" {
  export PROCDUMP_UNFINISHED=1
  start_spooling_agent dotnet
  sleep 300 3>&- 9>"$T/spool/half" &
  writer=$!
  CHILDREN+=("$writer")
  eventually status_says "found 1 files in $T/spool that are open, incomplete and do not grow, such as $T/spool/half"
  rm "$T/spool/half"
  eventually status_says '"state":"waiting"'
}

@test "a queued dump that somebody removed is an event" {
  start_spooling_agent dotnet
  eventually rmdir "$T/store"
  make_core "$T/spool/core.1" 1000
  eventually logged publish-failed
  rm "$T/spool/core.1"
  mkdir "$T/store"
  TRIES=200 eventually logged dump-vanished "\"path\":\"$T/spool/core.1\""
}

@test "a queued dump that was removed while the agent was away is an event" {
  start_spooling_agent dotnet
  eventually rmdir "$T/store"
  make_core "$T/spool/core.1" 1000
  eventually logged publish-failed
  kill -KILL "$AGENT"
  rm "$T/spool/core.1"
  start_spooling_agent dotnet
  eventually logged dump-vanished "\"path\":\"$T/spool/core.1\""
}

@test "crash dumps count with direct delivery, by the name of the host" {
  start_dotnet webapi
  PER_POD=1 start_agent dotnet --crash-dumps
  eventually logged target-found
  make_core "$T/data/crash/crash_webapi_${TARGET}_other-host_1764000000.dmp" 1000
  make_core "$T/data/crash/crash_webapi_${TARGET}_$(hostname)_1764000001.dmp" 1000
  eventually logged dump-complete '"watch":"in_crash"'
  eventually logged crash-dumps-unlimited
  [[ $(count_events dump-complete) == 1 ]]
  [[ $(stat -c %a "$T/data/crash") == 700 ]]
}

@test "a dump has arrived: one event with one form, from a spool" {
  export POD_NAMESPACE=shop NODE_NAME=node-1
  start_dotnet webapi
  start_spooling_agent dotnet --watch polling -tc 20
  eventually logged procdump-output 'Starting monitor'
  touch "$T/control/fire-tc"
  eventually is_published 1
  arrived "$T/store/webapi-0/webapi_thread_" "sha256\":\"" procdump
}

@test "a dump has arrived: one event with one form, with direct delivery" {
  export POD_NAMESPACE=shop NODE_NAME=node-1
  start_dotnet webapi
  start_agent dotnet --watch polling -tc 20
  eventually logged procdump-output 'Starting monitor'
  touch "$T/control/fire-tc"
  eventually logged dump-complete
  arrived "$T/data/webapi-0/$TARGET-polling/webapi_thread_" 'sha256":null' webapi
}

arrived() { # PATH CHECKSUM CONTAINER
  eventually logged dump-arrived "\"path\":\"$1" "$2" \
    "\"complete\":true,\"trigger\":\"threadsAbove 20\",\"threshold\":20,\"value\":21,\"process\":\"webapi\",\"pid\":$TARGET," \
    "\"container\":\"$3\",\"pod\":\"webapi-0\",\"namespace\":\"shop\",\"node\":\"node-1\",\"dumpedAt\":\"20"
  [[ $(count_events dump-arrived) == 1 ]]
}

@test "with hostNetwork the socket of another pod's process of the same number is told apart" {
  start_dotnet webapi
  perl -MSocket -e 'for my $start (1 .. 600) { socket($sockets[$start], AF_UNIX, SOCK_STREAM, 0); bind($sockets[$start], sockaddr_un("$ARGV[0]/dotnet-diagnostic-$ARGV[1]-$start-socket")) or die $! } sleep 300' \
    "$T/tmp" "$TARGET" 3>&- &
  CHILDREN+=("$!")
  eventually test -S "$T/tmp/dotnet-diagnostic-$TARGET-600-socket"
  start_agent dotnet --watch timer -n 1
  eventually logged degraded "but ProcDump would use $T/tmp/dotnet-diagnostic-$TARGET-" 'remove hostNetwork'
  never_logged procdump-started
}

#!/usr/bin/env bats
# What the manifest may say, and what happens when it says something else.
load helper

refuses() { # TEXT ARGUMENT...
  start_agent_raw "${@:2}"
  eventually logged degraded "$1"
  eventually status_says '"state":"degraded"'
  agent_lives
  stop_agent
}

OPTIONS=(--container webapi --dump-directory /data --dumps-per-process 2 --dumps-per-pod 5 --cooldown 600)

@test "an unknown contract number is named with the one expected and the change to make" {
  refuses "found contract '1', this image speaks contract 2: use a sidecar image" run --contract 1 --colour red
}

@test "a missing command is refused" {
  refuses "found command ''"
}

@test "an unknown option is refused" {
  refuses "found unknown option '--colour'" run --contract 2 --runtime dotnet "${OPTIONS[@]}" --colour red
}

@test "a missing option is refused" {
  refuses 'option --runtime is missing' run --contract 2 "${OPTIONS[@]}"
}

@test "an option without its value is refused" {
  refuses "option '--runtime' has no value" run --contract 2 "${OPTIONS[@]}" --runtime
}

@test "a value out of range is refused" {
  refuses "found '0' for --dumps-per-pod" run --contract 2 --runtime dotnet "${OPTIONS[@]}" --dumps-per-pod 0
}

@test "a dump mask is refused for a .NET target" {
  refuses 'found --dump-mask for runtime dotnet' run --contract 2 --runtime dotnet "${OPTIONS[@]}" --dump-mask 10
}

@test "crash dumps are refused for a native target" {
  refuses 'found --crash-dumps for runtime native' run --contract 2 --runtime native "${OPTIONS[@]}" --crash-dumps
}

@test "a store without the size of the spool is refused" {
  refuses 'option --spool-size is missing' run --contract 2 --runtime dotnet "${OPTIONS[@]}" --store /store --drain-timeout 60
}

@test "a store without a drain timeout is refused" {
  refuses 'option --drain-timeout is missing' run --contract 2 --runtime dotnet "${OPTIONS[@]}" --store /store --spool-size 100
}

@test "the size of a store without one is refused" {
  refuses 'found --store-size or --drain-timeout without --store' run --contract 2 --runtime dotnet "${OPTIONS[@]}" --store-size 100
}

@test "a store within the spool is refused" {
  refuses "found the store '/data/store' and the dump directory '/data'" run --contract 2 --runtime dotnet "${OPTIONS[@]}" --store /data/store --spool-size 100 --drain-timeout 60
}

@test "a retention of nothing is refused" {
  refuses "found '0' for --retain-count" run --contract 2 --runtime dotnet "${OPTIONS[@]}" --retain-count 0
}

@test "a monitor without ProcDump arguments is refused" {
  refuses "monitor 'memory' has no ProcDump arguments" run --contract 2 --runtime dotnet "${OPTIONS[@]}" --monitor memory --monitor cpu -pc a:b 1
}

@test "two monitors of one name are refused" {
  refuses "found monitor 'a' twice" run --contract 2 --runtime dotnet "${OPTIONS[@]}" --monitor a -m 1 --monitor a -m 2
}

@test "a missing pod name is refused" {
  POD_NAME='' refuses "found POD_NAME ''" run --contract 2 --runtime dotnet "${OPTIONS[@]}"
}

@test "a TMPDIR that ProcDump would misread is refused" {
  TMPDIR=/tmp/ refuses "found TMPDIR '/tmp/'" run --contract 2 --runtime dotnet "${OPTIONS[@]}"
}

@test "a missing tool is named and the agent idles" {
  rm "$T/bin/procdump"
  refuses 'found no procdump on PATH' run --contract 2 --runtime dotnet "${OPTIONS[@]}"
}

@test "a state directory that cannot be written is named and the agent idles" {
  PROCDUMP_STATE_DIR=/proc/nowhere
  start_agent dotnet
  eventually logged degraded 'found /proc/nowhere not writable'
  agent_lives
  stop_agent
}

@test "an unexpected failure does not end the agent: it begins anew" {
  start_dotnet webapi
  BASH_ENV=$HERE/fault.bash PROCDUMP_RESTART=1 start_spooling_agent dotnet --monitor memory -m 1,2
  eventually logged published
  touch "$T/control/fault"
  eventually logged agent-failed "begins anew in 1 s"
  eventually happened started 2
  eventually status_says '"state":"ok"'
  eventually logged procdump-started '-m 2 '
  agent_lives
  stop_agent
}

@test "SIGTERM after an unexpected failure publishes what is spooled" {
  BASH_ENV=$HERE/fault.bash start_spooling_agent dotnet
  eventually status_says waiting
  mv "$T/store" "$T/away"
  make_core "$T/spool/core.1" 1000
  make_core "$T/spool/core.2" 2000
  eventually status_says '"queue":2'
  touch "$T/control/fault"
  eventually logged agent-failed
  mv "$T/away" "$T/store"
  stop_agent
  is_published 2
  logged stopped 'left 0 unpublished'
}

@test "an unexpected failure during a native dump: the dump is finished before ProcDump is ended" {
  echo 2 >"$T/control/slow"
  start_native app
  BASH_ENV=$HERE/fault.bash PROCDUMP_RESTART=1 start_spooling_agent native --process-name app --monitor timer -n 1
  eventually compgen -G "$T/spool/webapi-0/*/app_time_*"
  touch "$T/control/fault"
  eventually logged agent-failed
  TRIES=400 eventually is_published 1
  stop_agent
}

@test "an error while the agent drains does not end it before all is published" {
  BASH_ENV=$HERE/fault.bash start_spooling_agent dotnet
  eventually status_says waiting
  hang_store
  make_core "$T/spool/core.1" 1000
  eventually status_says '"queue":1'
  kill -TERM "$AGENT"
  eventually logged stopping
  touch "$T/control/fault"
  eventually logged agent-failed
  rm "$T/hangs"
  wait "$AGENT"
  is_published 1
}

@test "no function gives a status that it does not name: in the trap of an error that would be the one of before" {
  ! grep -nE '\breturn *$' "$IMAGE"/{procdump-agent,publisher,dump,dumps,status} "$IMAGE"/lib/*.sh
}

@test "a process that ends while the agent looks at it is no error" {
  # No process has this number.
  run bash -euo pipefail -c 'RUNTIME=$2 CRASH_DUMPS=1 STORE=1 CRASH_MODE=; for part in process target spool crash; do . "$1/$part.sh"; done
    set_reason() { :; }; estimate_dump 4194305; admit_user 4194305; echo "estimated $ESTIMATE"' bash "$IMAGE/lib" dotnet
  [[ $output == "estimated 134217728" ]]
}

@test "without monitors the agent waits for a dump on demand" {
  start_dotnet webapi
  start_agent dotnet
  eventually status_says '"state":"ok"'
  [[ ! -e $T/control/calls ]]
}

@test "without a target the state is waiting, with what is waited for" {
  start_agent dotnet --process-name webapi
  eventually status_says "\"state\":\"waiting\",\"reason\":\"no live process named webapi of another container with a .NET diagnostics socket in $T/tmp\""
}

@test "ProcDump gets the monitor's words as they are, then PID and folder; of a profiler's dumps one at a time" {
  start_dotnet webapi
  start_agent dotnet --monitor errors -n 2 -e -f 'Bad thing*' --monitor cpu -pc System.Runtime:cpu-usage 90
  eventually logged procdump-started '"monitor":"cpu"' "\"arguments\":\"-pc System.Runtime:cpu-usage 90 $TARGET $T/data/webapi-0/$TARGET-cpu\""
  eventually grep -Fx -- "-n 1 -e -f Bad thing* $TARGET $T/data/webapi-0/$TARGET-errors" "$T/control/calls"
}

@test "percents of the memory limit become MiB, rounded down" {
  start_dotnet webapi
  TARGET_MEMORY_LIMIT_MIB=1023 start_agent dotnet --monitor memory -s 10 -m '75%,2000,90%'
  eventually grep -F -- '-s 10 -m 767,2000,920 ' "$T/control/calls"
}

@test "without a memory limit only the monitor with percents is left out" {
  start_dotnet webapi
  TARGET_MEMORY_LIMIT_MIB=0 start_agent dotnet --monitor memory -m '75%' --monitor cpu -pc a:b 1
  eventually grep -F -- '-pc a:b 1' "$T/control/calls"
  logged degraded "monitor 'memory' is not started: found TARGET_MEMORY_LIMIT_MIB '0'"
  eventually status_says '"state":"degraded"'
  [[ $(<"$T/control/calls") != *-m* ]]
}

@test "every line of the log is a JSON object with time, level and event" {
  start_dotnet $'we"b\\\t\xff\xc3\xa9'
  start_agent dotnet --monitor cpu -pc a:b 1
  eventually logged procdump-output 'Starting monitor'
  node -e '
    const lines = require("fs").readFileSync(process.argv[1]).toString("utf8").trim().split("\n").map((l) => JSON.parse(l));
    process.exit(lines.every((l) => Object.keys(l).slice(0, 3).join() === "time,level,event") ? 0 : 1)' "$LOG"
}

@test "a name in UTF-8 reaches the log unchanged" {
  start_dotnet $'caf\xc3\xa9'
  start_agent dotnet
  eventually logged target-found $'"process":"caf\xc3\xa9"'
}

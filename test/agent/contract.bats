#!/usr/bin/env bats
# Tests of the contract: valid plans, and the reaction to invalid ones.
load helper

refuses() { # TEXT ARGUMENT...
  start_agent_raw "${@:2}"
  eventually logged degraded "$1"
  eventually status_says '"state":"degraded"'
  agent_lives
  stop_agent
}

OPTIONS=(--container webapi --dump-directory /data --dumps-per-process 2 --dumps-per-pod 5 --cooldown 600)

# Expects that the agent refuses the plan of these options after a change in JavaScript.
refuses_plan() { # TEXT CHANGE OPTION...
  refuses "$1" run --contract 3 --plan "$(plan_of --runtime dotnet "${OPTIONS[@]}" "${@:3}" |
    node -e 'const plan = JSON.parse(require("fs").readFileSync(0)); eval(process.argv[1]); console.log(JSON.stringify(plan))' "$2")"
}

@test "an older manifest is told from an older image, with the change to make" {
  refuses "found contract '2', this image has contract 3, so the manifest is older than the image: use a sidecar image" run --contract 2 --colour red
}

@test "an older image says so" {
  refuses "found contract '10', this image has contract 3, so the image is older than the manifest" run --contract 10
}

@test "a missing command is refused" {
  refuses "found command ''"
}

@test "words behind the plan are refused" {
  refuses 'expected --plan and one JSON object' run --contract 3 --plan '{}' --colour red
}

@test "a plan that is no JSON is refused" {
  refuses 'found a plan that does not match contract 3' run --contract 3 --plan '{'
}

@test "two plans in one are refused" {
  refuses 'found more than one JSON object' run --contract 3 --plan '{} {}'
}

@test "an unknown field is refused by its name" {
  refuses_plan 'unknown field \"colour\"' 'plan.colour = "red"'
}

@test "a missing runtime is refused" {
  refuses_plan "found '' for runtime, expected dotnet or native" 'delete plan.runtime'
}

@test "a value out of range is refused" {
  refuses_plan "found '0' for limits.dumpsPerPod, expected a number from 1 to 9999" 'plan.limits.dumpsPerPod = 0'
}

@test "a number that JSON cannot hold whole is refused" {
  refuses_plan 'found a plan that does not match contract 3' 'plan.limits.cooldownSeconds = 1e30'
}

@test "a dump mask is refused for a .NET target" {
  refuses_plan 'found dumpMask for runtime dotnet' '' --dump-mask 10
}

@test "crash dumps are refused for a native target" {
  refuses_plan 'found crashDumps for runtime native' 'plan.runtime = "native"' --crash-dumps
}

@test "a store without the size of the spool is refused" {
  refuses_plan 'found no spoolMebibytes beside store' '' --store /store --drain-timeout 60
}

@test "a store within the spool is refused" {
  refuses_plan "found the store '/data/store' and the dump directory '/data'" '' --store /data/store --spool-size 100 --drain-timeout 60
}

@test "a retention below nothing is refused" {
  refuses_plan "found '-1' for retention.count" 'plan.retention.count = -1'
}

@test "a watch without triggers is refused" {
  refuses_plan "watch 'memory' has no triggers" 'plan.watches[0].triggers = []' --watch memory -m 1
}

@test "two watches of one name are refused" {
  refuses_plan "found watch 'a' twice" '' --watch a -m 1 --watch a -m 2
}

@test "a trigger that the contract does not have leaves its watch out, and no other" {
  start_dotnet webapi
  refuses_plan "watch 'a' is not started: trigger 'weather' is not known to contract 3" 'plan.watches[0].triggers[0].kind = "weather"' --watch a -m 1
}

@test "a missing pod name is refused" {
  POD_NAME='' refuses_plan "found POD_NAME ''" ''
}

@test "a TMPDIR that ProcDump would misread is refused" {
  TMPDIR=/tmp/ refuses_plan "found TMPDIR '/tmp/'" ''
}

@test "a missing tool is named and the agent idles" {
  rm "$T/bin/procdump"
  refuses_plan 'found no procdump on PATH' ''
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
  PROCDUMP_RESTART=1 start_spooling_agent dotnet --watch memory -m 1,2
  eventually logged published
  touch "$T/control/fault"
  eventually logged agent-failed "restarts in 1 s"
  eventually happened started 2
  eventually status_says '"state":"ok"'
  eventually logged procdump-started '-m 2 '
  agent_lives
  stop_agent
}

@test "SIGTERM after an unexpected failure publishes what is spooled" {
  start_spooling_agent dotnet
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
  PROCDUMP_RESTART=1 start_spooling_agent native --process-name app --watch timer -n 1
  eventually compgen -G "$T/spool/webapi-0/*/app_time_*"
  touch "$T/control/fault"
  eventually logged agent-failed
  TRIES=400 eventually is_published 1
  stop_agent
}

@test "an error while the agent drains does not end it before all is published" {
  start_spooling_agent dotnet
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

@test "without watches the agent waits for a dump on demand" {
  start_dotnet webapi
  start_agent dotnet
  eventually status_says '"state":"ok"'
  [[ ! -e $T/control/calls ]]
}

@test "without a target the state is waiting, with what is waited for" {
  start_agent dotnet --process-name webapi
  eventually status_says "\"state\":\"waiting\",\"reason\":\"no live process named webapi of another container with a .NET diagnostics socket in $T/tmp\""
}

@test "ProcDump gets the words of the plan as they are, then PID and folder; of a profiler's dumps one at a time" {
  start_dotnet webapi
  start_agent dotnet --watch errors -e -f 'Bad thing*' --watch cpu -pc System.Runtime:cpu-usage 90
  eventually logged procdump-started '"watch":"cpu"' "\"arguments\":\"-n 1 -pc System.Runtime:cpu-usage 90 $TARGET $T/data/webapi-0/$TARGET-cpu\""
  eventually grep -Fx -- "-n 1 -e -f Bad thing* $TARGET $T/data/webapi-0/$TARGET-errors" "$T/control/calls"
}

@test "percents of the memory limit become MiB, rounded down" {
  start_dotnet webapi
  echo 1023 >"$T/memory-limit"
  start_agent dotnet --watch memory -m '75%,90%'
  eventually grep -F -- '-n 1 -m 767 ' "$T/control/calls"
}

@test "without a memory limit only the watch with percents is left out" {
  start_dotnet webapi
  echo 0 >"$T/memory-limit"
  start_agent dotnet --watch memory -m '75%' --watch cpu -pc a:b 1
  eventually grep -F -- '-pc a:b 1' "$T/control/calls"
  logged degraded "watch 'memory' is not started: found '0' in $T/memory-limit"
  eventually status_says '"state":"degraded"'
  [[ $(<"$T/control/calls") != *-m* ]]
}

@test "every line of the log is a JSON object with time, level and event" {
  start_dotnet $'we"b\\\t\xff\xc3\xa9'
  start_agent dotnet --watch cpu -pc a:b 1
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

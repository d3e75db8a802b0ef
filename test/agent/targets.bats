#!/usr/bin/env bats
# Tests of which processes the agent watches, and which it must not touch.
load helper

@test ".NET: a target is found by its socket" {
  start_dotnet webapi
  start_agent dotnet --watch cpu -pc a:b 1
  eventually logged target-found "\"pid\":$TARGET" '"process":"webapi"'
}

@test ".NET: nothing is armed before the socket exists" {
  touch "$T/control/dotnet-no-socket"
  start_dotnet webapi
  start_agent dotnet --watch timer -n 1
  sleep 0.5
  [[ ! -e $T/control/calls ]]
  rm "$T/control/dotnet-no-socket"
  eventually logged dump-complete
}

@test ".NET: the socket of a dead process is not a target" {
  start_dotnet webapi
  end_target
  start_agent dotnet --watch cpu -pc a:b 1
  sleep 0.5
  never_logged target-found
}

@test ".NET: a socket whose start time is another process's is not a target" {
  start_native other
  perl -MSocket -e 'socket(S, AF_UNIX, SOCK_STREAM, 0); bind(S, sockaddr_un($ARGV[0])); sleep 300' "$T/tmp/dotnet-diagnostic-$TARGET-1-socket" 3>&- &
  CHILDREN+=("$!")
  eventually test -S "$T/tmp/dotnet-diagnostic-$TARGET-1-socket"
  start_agent dotnet --watch cpu -pc a:b 1
  sleep 0.5
  never_logged target-found
}

@test ".NET: a process of the agent's own container is no target" {
  bash -c 'exec -a webapi perl "$0"' "$HERE/stand-in-dotnet" 3>&- &
  CHILDREN+=("$!")
  eventually compgen -G "$T/tmp/dotnet-diagnostic-*-socket"
  start_dotnet other
  start_agent dotnet --watch cpu -pc a:b 1
  eventually logged target-found '"process":"other"'
  sleep 1.2
  [[ $(count_events target-found) == 1 ]]
}

@test ".NET: a process of another name is left alone" {
  start_dotnet webapi
  start_agent dotnet --process-name worker --watch cpu -pc a:b 1
  sleep 0.5
  never_logged target-found
}

@test ".NET: a socket that ProcDump would not recognise is reported, not armed" {
  ln -s "$T/tmp" "$T/other"
  start_dotnet webapi
  TMPDIR=$T/other start_agent dotnet --watch timer -n 1
  eventually logged degraded 'but /proc/net/unix lists it under another path'
  [[ ! -e $T/control/calls ]]
}

@test ".NET: two apps get a ProcDump and a folder each" {
  start_dotnet one
  first=$TARGET
  start_dotnet two
  start_agent dotnet --watch timer -n 1
  eventually happened dump-complete 2
  [[ -d $T/data/webapi-0/$first-timer && -d $T/data/webapi-0/$TARGET-timer ]]
}

@test "native: every process of the name is a target" {
  start_native worker
  first=$TARGET
  start_native worker
  start_agent native --process-name worker --watch threads -tc 500
  eventually logged target-found "\"pid\":$first"
  eventually logged target-found "\"pid\":$TARGET"
}

@test "native: the name is argv[0] after its last slash, cut at the first blank" {
  start_native '/opt/bin/worker: main process'
  start_agent native --process-name worker: --watch threads -tc 500
  eventually logged target-found "\"pid\":$TARGET"
}

@test "native: processes of the agent's own container are no targets" {
  bash -c 'exec -a worker sleep 300' 3>&- &
  CHILDREN+=("$!")
  start_agent native --process-name worker --watch threads -tc 500
  sleep 0.5
  never_logged target-found
}

@test "native: a process with a .NET socket is never dumped natively" {
  start_dotnet worker
  start_agent native --process-name worker --watch timer -n 1
  eventually logged degraded "found process $TARGET (worker) to be a .NET process" 'use ProcDumpTarget.dotnet()'
  [[ ! -e $T/control/calls ]]
}

# Starts a process namespace like that of a pod: pause is process 1, and the containers' processes have no parent.
start_pod() {
  unshare --pid --fork --mount-proc --propagation private sleep 300 3>&- &
  CHILDREN+=("$!")
  eventually pgrep -P "$!"
  PAUSE=$(pgrep -P "$!")
  CHILDREN+=("$PAUSE")
}

in_pod() { # COMMAND...
  nsenter --target "$PAUSE" --pid --mount unshare --mount "$@" 3>&- &
  CHILDREN+=("$!")
}

pod_agent() {
  in_pod "$T/bin/procdump-agent" run --contract 3 --plan "$(plan_of --runtime native --container app --dump-directory "$T/data" --dumps-per-process 2 \
    --dumps-per-pod 5 --cooldown 0 --watch threads -tc 500)" >>"$LOG" 2>&1
  eventually test -s "$LOG"
}

@test "native: without a name the target is the main process of the other container" {
  start_pod
  in_pod bash -c 'sleep 301 & exec -a main sleep 300'
  sleep 0.3
  pod_agent
  eventually logged target-found '"process":"main"'
  [[ $(count_events target-found) == 1 ]]
}

@test "native: two other containers and no name is reported, and nothing armed" {
  start_pod
  in_pod bash -c 'exec -a main sleep 300'
  in_pod bash -c 'exec -a proxy sleep 300'
  sleep 0.3
  pod_agent
  eventually logged degraded 'found main processes of several containers' 'processName'
  never_logged target-found
}

dotnet_pod_agent() {
  in_pod "$T/bin/procdump-agent" run --contract 3 --plan "$(plan_of --runtime dotnet --container app --dump-directory "$T/data" \
    --dumps-per-process 2 --dumps-per-pod 5 --cooldown 0)" >>"$LOG" 2>&1
  eventually test -s "$LOG"
}

# Starts a process as a probe or `kubectl exec` does: without a parent, in the container of the last in_pod.
exec_in_container() { # COMMAND...
  nsenter --target "$(pgrep -P "${CHILDREN[-1]}")" --pid --mount "$@" 3>&- &
  CHILDREN+=("$!")
}

@test ".NET: a process that is executed in the target's container is no target, nor what it starts" {
  start_pod
  in_pod bash -c 'exec -a webapi perl "$0"' "$HERE/stand-in-dotnet"
  eventually pgrep -P "${CHILDREN[-1]}"
  sleep 0.3
  exec_in_container bash -c '(exec -a probe perl "$0") & exec -a tool perl "$0"' "$HERE/stand-in-dotnet"
  eventually test "$(find "$T/tmp" -name '*-socket' | wc -l)" == 3 || sleep 0.5
  dotnet_pod_agent
  eventually logged target-found '"process":"webapi"'
  sleep 1.5
  [[ $(count_events target-found) == 1 ]]
}

@test "native: behind an init and a shell the target is their only child" {
  start_pod
  in_pod bash -c 'exec -a tini bash -c "bash -c \"exec -a worker sleep 300\"; :"'
  sleep 0.5
  pod_agent
  eventually logged target-found '"process":"worker"'
}

@test "native: a shell with two children is the target itself" {
  start_pod
  in_pod bash -c 'sleep 301 & sleep 302 & wait'
  sleep 0.5
  pod_agent
  eventually logged target-found '"process":"bash"'
}

@test "a target of another user is reported with both sides and the remedy, and tried all the same" {
  setpriv --reuid 1654 --regid 1654 --clear-groups unshare --user --mount bash -c 'exec -a worker sleep 300' 3>&- &
  TARGET=$!
  CHILDREN+=("$TARGET")
  chmod 0777 "$T"
  LOG=$T/log
  eventually target_is_called worker
  setpriv --reuid 2000 --regid 2000 --clear-groups bash -c 'exec "$0" "$@"' "$T/bin/procdump-agent" run --contract 3 --plan "$(plan_of --runtime native \
    --container a --process-name worker --dump-directory "$T/data" --dumps-per-process 2 --dumps-per-pod 5 --cooldown 0 \
    --watch timer -n 1)" >>"$LOG" 2>>"$T/stderr" 3>&- &
  AGENT=$!
  eventually logged degraded 'ProcDump runs as 2000:2000' 'as 1654:1654' 'TargetAccess.sameUser({ uid: 1654, gid: 1654 })'
  eventually logged procdump-output '"level":"error"' 'Failed to open'
}

@test "a node that restricts ptrace is named for a native target, and nobody else" {
  setpriv --reuid 1654 --regid 1654 --clear-groups unshare --user --map-user 1654 --map-group 1654 --mount \
    bash -c 'exec -a worker sleep 300' 3>&- &
  TARGET=$!
  CHILDREN+=("$TARGET")
  chmod 0777 "$T"
  LOG=$T/log
  eventually target_is_called worker
  export PROCDUMP_YAMA_FILE=$T/ptrace_scope
  echo 1 >"$PROCDUMP_YAMA_FILE"
  setpriv --reuid 1654 --regid 1654 --clear-groups bash -c 'exec "$0" "$@"' "$T/bin/procdump-agent" run --contract 3 \
    --plan "$(plan_of --runtime native --container a --process-name worker --dump-directory "$T/data" \
    --dumps-per-process 2 --dumps-per-pod 5 --cooldown 0)" >>"$LOG" 2>>"$T/stderr" 3>&- &
  AGENT=$!
  eventually logged degraded "ProcDump cannot read target $TARGET (worker) unless" 'ptrace_scope of the node is 1' \
    'TargetAccess.privileged()'
  stop_agent
  start_dotnet webapi
  start_agent dotnet --watch cpu -pc a:b 1
  eventually logged target-found '"process":"webapi"'
  [[ $(count_events degraded) == 1 ]]
}

@test "after a restart of the target the old ProcDump is ended and a new one is armed" {
  start_dotnet webapi
  start_agent dotnet --watch cpu -pc a:b 1
  eventually logged procdump-started "\"pid\":$TARGET"
  end_target
  eventually logged target-lost
  eventually logged procdump-ended
  start_dotnet webapi
  eventually logged procdump-started "\"pid\":$TARGET"
}

# Starts a neighbour that shares the diagnostics directory but not the dump directory.
start_neighbour() { # NAME
  unshare --mount bash -c 'mount -t tmpfs none "$2" && exec -a "$0" perl "$1"' "$1" "$HERE/stand-in-dotnet" "$T/data" 3>&- &
  NEIGHBOUR=$!
  CHILDREN+=("$NEIGHBOUR")
  eventually compgen -G "$T/tmp/dotnet-diagnostic-$NEIGHBOUR-*-socket"
}

@test ".NET: a neighbour with the same diagnostics directory and another dump directory is no target" {
  start_neighbour dotnet-monitor
  start_dotnet webapi
  start_agent dotnet --watch cpu -pc a:b 1
  eventually logged target-found "\"pid\":$TARGET"
  eventually status_says '"state":"ok"'
  never_logged target-found "\"pid\":$NEIGHBOUR"
}

@test ".NET: a process without the dump directory, and no other, is told of" {
  start_neighbour webapi
  start_agent dotnet --watch cpu -pc a:b 1
  eventually logged degraded "found .NET process $NEIGHBOUR (webapi), in whose container $T/data is another folder or none"
  run dump
  [[ $status == 1 && $output == *"in whose container $T/data is another folder"* ]]
}

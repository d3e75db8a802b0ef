# shellcheck shell=bash
# A real .NET process and its sidecar, both as user 1654 without capabilities: all ways to take a dump and to lose one.

readonly DOTNET=webapi-pod-0-procdump DOTNET_APP=webapi-pod-0-webapi

# Sends ProcessInfo2 of the diagnostics protocol to the runtime, from the sidecar and as its user.
answers_diagnostics() { # PID
  podman exec --interactive "$DOTNET" perl - "$1" <<'PERL'
use strict; use Socket;
my ($path) = glob "/tmp/dotnet-diagnostic-$ARGV[0]-*-socket" or die "no socket\n";
socket(my $runtime, AF_UNIX, SOCK_STREAM, 0) or die; connect($runtime, sockaddr_un($path)) or die "$path: $!\n";
syswrite($runtime, "DOTNET_IPC_V1\0" . pack 'S< C C S<', 20, 4, 4, 0); sysread($runtime, my $answer, 4096) or die;
my ($set, $command, $pid) = unpack 'x16 C C x2 Q<', $answer;
die "answer $set/$command of process $pid\n" unless $set == 255 && $command == 0 && $pid == $ARGV[0];
PERL
}

answers_question() { # ID
  podman exec --interactive "$DOTNET_APP" sh -c 'cat >/tmp/questions' <<<"{\"jsonrpc\":\"2.0\",\"id\":$1,\"method\":\"ping\"}"
  eventually 10 is_answered "$1"
}

is_answered() { # ID
  [[ $(podman logs "$DOTNET_APP" 2>/dev/null) == *'"result":{},"id":'"$1,"* ]]
}

prove_dotnet_pod() {
  local target
  check 'dotnet: the agent reports started' eventually 20 logged "$DOTNET" started '"runtime":"dotnet"'
  check 'dotnet: the agent finds the target' eventually 20 logged "$DOTNET" target-found '"process":"azmcp"'
  target=$(last_target "$DOTNET")
  prove_confinement "$target"
  prove_isolation
  prove_dotnet_dumps "$target"
  check 'dotnet: the application answers after its dumps' answers_question 1
  check 'dotnet: status is ok, and both probes succeed' prove_health
  prove_killed_publisher
  prove_crash "$target"
  prove_dotnet_drain
}

prove_health() {
  eventually 20 status_shows "$DOTNET" '"state":"ok"' '"queue":0' && probes_succeed "$DOTNET"
}

prove_confinement() { # PID
  check 'dotnet: the sidecar runs as user 1654 without capabilities, with no_new_privs and a seccomp filter' \
    has_identity "$DOTNET" '1654 1654 0000000000000000 1 2'
  check 'dotnet: so does the application' has_identity "$DOTNET_APP" '1654 1654 0000000000000000 1 2'
  check 'dotnet: the runtime answers on its diagnostics socket, asked from the sidecar' answers_diagnostics "$1"
  check 'dotnet: the root of the sidecar is read-only' has_readonly_root "$DOTNET"
  check 'dotnet: the root of the application is read-only' has_readonly_root "$DOTNET_APP"
  check "dotnet: the folder of the service account's token is empty and read-only" has_no_token "$DOTNET"
  check 'dotnet: /dev/shm is private to the sidecar' has_private_shm "$DOTNET" "$DOTNET_APP"
  check 'dotnet: the application has no mount of the store' sees_no_store webapi
}

# Both run as one user without capabilities. Only the unreadable loader keeps the application out.
prove_isolation() {
  podman exec --detach "$DOTNET" sleep 30
  check 'dotnet: the application tries the same on itself, and gets through' gets_through
  check 'dotnet: the application reaches nothing of the agent' is_kept_out "$DOTNET_APP" procdump-agent
  check 'dotnet: a ProcDump waits for the second threshold' eventually 30 waits_for_second
  check 'dotnet: the application reaches nothing of ProcDump' is_kept_out "$DOTNET_APP" '/usr/bin/procdump |^procdump '
  check 'dotnet: the application reaches nothing of a process that exec started' is_kept_out "$DOTNET_APP" '^sleep 30'
}

# The ProcDump for the first threshold fires at once and may have ended.
waits_for_second() {
  [[ $(processes_of "$DOTNET" 'procdump -n 1 -m 1024 ') ]]
}

gets_through() {
  local attempt report
  report=$(podman exec "$DOTNET_APP" pod-intruder azmcp /tmp)
  for attempt in 'list the root' 'list the folder' 'write to the folder' 'list descriptors' 'read the environment' \
    'open the memory to read' 'open the memory to write' 'trace it'; do
    [[ $report == *"succeeded: $attempt of "* ]] || { printf 'not even on itself: %s\n' "$attempt" >&2; return 1; }
  done
}

prove_dotnet_dumps() { # PID
  begin_attack dotnet "$DOTNET_APP" /tmp
  prove_bursts dotnet "$DOTNET" "$DOTNET_APP"
  check "dotnet: the memory trigger leads to a dump in the claim's volume" eventually 30 has_published webapi "memoryAbove 10 MiB" "$1"
  check 'dotnet: it is whole' is_whole_core "$DUMP"
  check 'dotnet: it holds the memory of the application' holds_text "$DUMP" AZURE_MCP_COLLECT_TELEMETRY=false
  check 'dotnet: its manifest tells what took it, of which process and image' tells_origin "$1"
  check "dotnet: dump prints the path in the store, and exits 0" dump_on_demand "$DOTNET"
  check 'dotnet: the dump on demand is whole' is_whole_core "$(in_store webapi "$DUMP")"
  printf '2026-11-24' >"$(volume webapi-procdump-annotations)/dump"
  check "dotnet: so does the pod's annotation" eventually 30 happened "$DOTNET" published 2 "/$1-on_demand/"
  end_attack dotnet "$DOTNET"
  check 'dotnet: procdump, called by hand, leads to a dump in the store' dump_by_hand "$1"
  check 'dotnet: all four, and nothing else, are in the store, and the spool is empty' delivers webapi 4
}

delivers() { # WORKLOAD COUNT
  delivers_all "$1" && [[ $(wc -l <"$WORK/$1.published") == "$2" ]]
}

tells_origin() { # PID
  [[ $(field_of "$DUMP.json" command) == "\"procdump -n 1 -m 10 $1 /dumps/webapi-pod-0/$1-polling\"" &&
    $(field_of "$DUMP.json" threshold) == 10 && $(field_of "$DUMP.json" value) == [1-9]* &&
    $(field_of "$DUMP.json" process)$(field_of "$DUMP.json" pid) == "\"azmcp\"$1" &&
    $(field_of "$DUMP.json" image) == '"localhost/cdk8s-procdump-e2e-app:1"' && $(field_of "$DUMP.json" targetAlive) == true &&
    $(field_of "$DUMP.json" howToOpen) == *"dotnet-dump analyze ${DUMP##*/} "* ]]
}

# ProcDump sometimes exits with 255 after a good dump.
dump_by_hand() { # PID
  podman exec "$DOTNET" procdump "$1" /dumps >"$WORK/by-hand.log" 2>&1 || true
  eventually 30 has_published webapi by-hand "$1" || { printf '%s\n' "$(<"$WORK/by-hand.log")"; return 1; }
  is_whole_core "$DUMP"
}

# Kills the publisher during the copy. The test checks the store every few milliseconds to find that moment.
prove_killed_publisher() {
  local store partial='' end=$((SECONDS + 20))
  store=$(volume webapi-dumps)/webapi-pod-0
  podman exec "$DOTNET" dump --no-wait >/dev/null &
  until partial=$(compgen -G "$store/.*.partial") || ((SECONDS >= end)); do sleep 0.01; done
  end_publisher || true
  wait "$!"
  check 'dotnet: a publisher is killed in the middle of its copy' test -n "$partial"
  check 'dotnet: the agent tells of it' eventually 20 happened "$DOTNET" publish-failed 1
  check 'dotnet: the next publisher removes the unfinished copy; all five are in the store once' delivers webapi 5
}

# This must be fast: a copy of 200 MB takes a fraction of a second.
end_publisher() {
  pkill -KILL --full '^procdump-agent (publish|sweep)'
}

prove_crash() { # PID
  local target
  podman exec "$DOTNET_APP" sh -c "kill -ABRT $1"
  check 'dotnet: when it crashes, the runtime leaves a dump, and the agent publishes it' eventually 30 has_published webapi crash "$1"
  check 'dotnet: the crash dump is whole' is_whole_core "$DUMP"
  # The delay is needed because podman has no exit code for a command that ends together with its container.
  podman exec "$DOTNET_APP" sh -c "(sleep 1; kill -KILL $1) >/dev/null 2>&1 &"
  check 'dotnet: the death of the application leads to target-lost' eventually 20 logged "$DOTNET" target-lost "\"pid\":$1,"
  check 'dotnet: its restart leads to target-found' eventually 20 has_other_target "$DOTNET" "$1"
  target=$(last_target "$DOTNET")
  check 'dotnet: the trigger fires for the new process, too' eventually 30 has_published webapi "memoryAbove 10 MiB" "$target"
  check 'dotnet: a ProcDump is armed' status_shows "$DOTNET" "\"watches\":[{\"name\":\"polling\",\"pid\":$target,"
}

# The agent gets SIGTERM while the dump is being written or published.
prove_dotnet_drain() {
  check 'dotnet: dumps --verify reads all seven again and finds them as they were' dumps_are_verified "$DOTNET" 7
  podman exec "$DOTNET" dump --no-wait >/dev/null 2>&1 &
  eventually 20 not spool_is_empty webapi
  check 'dotnet: SIGTERM in the middle of a dump: the sidecar ends with 0, in less than 15 s' stops_in_time "$DOTNET" 15
  wait "$!" || true
  check 'dotnet: it has published that dump before; all eight are in the store once' delivers webapi 8
  check 'dotnet: the application answers without the sidecar' answers_question 2
}

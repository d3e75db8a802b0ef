# shellcheck shell=bash
# Checks of a pod. `-e` has no effect in a condition, so each function ends with the command whose status it returns.

FAILURES=0
readonly READ_ONLY=1 REMOUNT_BIND=4128 MOVE=8192

check() { # WHAT COMMAND...
  local what=$1
  shift
  if "$@"; then
    printf 'ok: %s\n' "$what"
  else
    printf 'FAILED: %s\n' "$what"
    FAILURES=$((FAILURES + 1))
  fi
}

eventually() { # SECONDS COMMAND...
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < end)) || return
    sleep 0.2
  done
}

not() { # COMMAND...
  ! "$@"
}

# Runs the attacks of pod-intruder on each process whose command line matches. At least one process must match.
is_kept_out() { # CONTAINER PATTERN
  local report
  report=$(podman exec "$1" pod-intruder "$2" /store)
  [[ $report == 'processes '[1-9]* && $report != *succeeded* ]] || { printf '%s\n' "$report" >&2; return 1; }
}

events() { # CONTAINER EVENT
  podman logs "$1" 2>/dev/null | grep -F "\"event\":\"$2\"" || true
}

logged() { # CONTAINER EVENT TEXT
  [[ $(events "$1" "$2") == *"$3"* ]]
}

count_events() { # CONTAINER EVENT [TEXT]
  events "$1" "$2" | grep -cF "${3-}" || true
}

happened() { # CONTAINER EVENT COUNT [TEXT]
  (($(count_events "$1" "$2" "${4-}") >= $3))
}

last_target() { # CONTAINER
  events "$1" target-found | sed -n '$s/.*"pid":\([0-9]*\).*/\1/p'
}

has_other_target() { # CONTAINER PID
  [[ $(last_target "$1") != "$2" ]]
}

main_process() { # CONTAINER, prints its process id on this machine
  podman inspect --format '{{.State.Pid}}' "$1"
}

# Mounts inside a container, where a failing mount of the node becomes visible. It uses system calls, because mount(8)
# needs a /proc of its own processes.
mount_in() { # CONTAINER SOURCE TARGET TYPE FLAGS [OPTIONS]
  LC_ALL=C nsenter --target "$(main_process "$1")" --mount perl -e '
    my ($source, $target, $type, $flags, $options) = @ARGV; $options //= "";
    syscall(165, $source, $target, $type, $flags + 0, $options) == 0 or die "mount $target: $!\n"' "${@:2}"
}

umount_in() { # CONTAINER TARGET
  LC_ALL=C nsenter --target "$(main_process "$1")" --mount perl -e 'my $target = $ARGV[0]; syscall(166, $target, 2) == 0 or die "umount $target: $!\n"' "$2"
}

lock_store_of() { mount_in "$1" none /store none $((REMOUNT_BIND | READ_ONLY)); }
unlock_store_of() { mount_in "$1" none /store none "$REMOUNT_BIND"; }

# Checks the container's first process: user, group, effective capabilities, no_new_privs, seccomp.
has_identity() { # CONTAINER "UID GID CAPABILITIES NO_NEW_PRIVS SECCOMP"
  local found
  found=$(awk '/^(Uid|Gid|CapEff|NoNewPrivs|Seccomp):/ { line = line " " $2 } END { print substr(line, 2) }' "/proc/$(main_process "$1")/status")
  [[ $found == "$2" ]] || { printf '  found %s, expected %s\n' "$found" "$2"; return 1; }
}

volume() { # NAME, prints its folder on this machine
  podman volume inspect --format '{{.Mountpoint}}' "$1"
}

files_in() { # FOLDER
  find "$1" -type f -printf '%P\n'
}

spool_is_empty() { # WORKLOAD
  [[ ! $(files_in "$(volume "$1-procdump-spool")") ]]
}

# Checks that each finished dump is in the store once, complete and with its manifest, and that the spool is free.
is_delivered() { # WORKLOAD
  podman logs "$1-pod-0-procdump" >"$WORK/$1.events" 2>/dev/null
  node test/e2e/pod-published.mjs "$(volume "$1-dumps")" "$1-pod-0" "$WORK/$1.events" >"$WORK/$1.published" && spool_is_empty "$1"
}

delivers_all() { # WORKLOAD, prints the list
  local code=0
  eventually 60 is_delivered "$1" || code=1
  printf '%s\n' "$(<"$WORK/$1.published")"
  spool_is_empty "$1" || files_in "$(volume "$1-procdump-spool")" | sed 's/^/  in the spool: /'
  return "$code"
}

# The application attacks the sidecar during the other tests.
begin_attack() { # NAME APPLICATION DIAGNOSTICS
  podman exec "$2" pod-attacker /dumps "$3" >"$WORK/$1.attack" 2>&1 &
  ATTACK=$!
  check "$1: an attack by the application begins" eventually 20 grep -q attacking "$WORK/$1.attack"
}

end_attack() { # NAME SIDECAR
  check "$1: under attack the agent's loop has its heartbeat" status_is_live "$2"
  pkill -TERM --full '^/usr/bin/perl.*pod-attacker|^perl.*pod-attacker' || true
  wait "$ATTACK" || true
  check "$1: no link of the application's has led the sidecar anywhere" not grep 'led to' "$WORK/$1.attack"
  check "$1: the agent met no error of its own" not logged "$2" agent-failed '"event"'
}

status_is_live() { podman exec "$1" status --live; }

# Runs exec in bursts, as probes and users do. Each passes through a process that is hidden for some milliseconds.
prove_bursts() { # NAME SIDECAR APPLICATION
  local found lost round
  found=$(count_events "$2" target-found)
  lost=$(count_events "$2" target-lost)
  for ((round = 0; round < 10; round++)); do
    podman exec "$3" sh -c 'sleep 0.2' &
    podman exec "$3" sleep 0.1 &
    podman exec "$2" status --live &
    sleep 0.3
  done >/dev/null
  sleep 6
  check "$1: bursts of execs beside it: no target is lost or found" same_targets "$2" "$found" "$lost"
}

same_targets() { # SIDECAR FOUND LOST
  [[ $(count_events "$1" target-found) == "$2" && $(count_events "$1" target-lost) == "$3" ]]
}

has_published() { # WORKLOAD TRIGGER PID, result in DUMP (on this machine)
  local store
  store=$(volume "$1-dumps")/$1-pod-0
  DUMP=$(grep -lE "\"trigger\":\"$2\",.*\"pid\":$3," "$store"/*.json 2>/dev/null | tail -n 1)
  DUMP=${DUMP%.json}
  [[ -f $DUMP ]]
}

field_of() { # MANIFEST FIELD
  node -p 'JSON.stringify(JSON.parse(require("fs").readFileSync(process.argv[1]))[process.argv[2]])' "$1" "$2"
}

# Does not use the agent's code: the file must not end before the end of its last program header's data.
is_whole_core() { # FILE
  perl -e '
    -f $ARGV[0] && open(my $file, "<", $ARGV[0]) or die "$ARGV[0] is no file\n"; read($file, my $header, 64);
    my ($magic, $type, $start, $count) = unpack "a4 x12 S< x14 Q< x16 S<", $header;
    seek($file, $start, 0); read($file, my $table, 56 * $count); my $end = 0;
    for (0 .. $count - 1) { my ($from, $length) = unpack "x8 Q< x16 Q<", substr $table, 56 * $_; $end = $from + $length if $from + $length > $end }
    exit 1 unless $magic eq "\x7fELF" && $type == 4 && $count > 0 && -s $file >= $end;
    printf "  %s: %d bytes, %d segments\n", $ARGV[0] =~ s{.*/_data}{}r, -s $file, $count' "$1"
}

holds_text() { # FILE TEXT
  LC_ALL=C grep --quiet --text --fixed-strings "$2" "$1"
}

# Checks that the command prints the store's path and nothing else.
dump_on_demand() { # CONTAINER, result in DUMP (in the container)
  DUMP=$(timeout 60 podman exec "$1" dump) && [[ $DUMP == /store/*-pod-0/* && $DUMP != *$'\n'* ]]
}

in_store() { # WORKLOAD PATH-IN-CONTAINER, prints the path on this machine
  printf '%s%s\n' "$(volume "$1-dumps")" "${2#/store}"
}

status_shows() { # CONTAINER TEXT...
  local text json
  json=$(podman exec "$1" status) && node -e 'JSON.parse(process.argv[1])' "$json" || return
  for text in "${@:2}"; do
    [[ $json == *"$text"* ]] || return
  done
}

# The kubelet has a timeout of 10 s too.
probes_succeed() { # CONTAINER
  timeout 10 podman exec "$1" /opt/procdump/bin/status --live && timeout 10 podman exec "$1" /opt/procdump/bin/status --ready
}

probes_fail() { # CONTAINER
  not podman exec "$1" /opt/procdump/bin/status --live && not podman exec "$1" /opt/procdump/bin/status --ready
}

dumps_are_verified() { # CONTAINER COUNT
  local list
  list=$(podman exec "$1" dumps --verify) || return
  [[ $(grep -c '  verified$' <<<"$list") == "$2" && $(wc -l <<<"$list") == "$2" ]] || { printf '%s\n' "$list"; return 1; }
}

has_readonly_root() { # CONTAINER
  [[ $(podman exec "$1" sh -c ': >/written' 2>&1) == *'Read-only file system'* ]]
}

has_no_token() { # CONTAINER
  podman exec "$1" sh -c 'cd /var/run/secrets/kubernetes.io/serviceaccount && [ -z "$(ls -A)" ] && ! touch written 2>/dev/null'
}

has_private_shm() { # SIDECAR APP
  podman exec "$1" sh -c ': >/dev/shm/of-sidecar' && podman exec "$2" sh -c ': >/dev/shm/of-app && [ ! -e /dev/shm/of-sidecar ]' &&
    podman exec "$1" sh -c '[ ! -e /dev/shm/of-app ]'
}

sees_no_store() { # WORKLOAD, its application: neither the path nor the volume
  local mounts
  mounts=$(<"/proc/$(main_process "$1-pod-0-$1")/mountinfo")
  [[ $mounts != *' /store '* && $mounts != *"/$1-dumps/"* && $(</proc/$(main_process "$1-pod-0-procdump")/mountinfo) == *"/$1-dumps/"* ]]
}

is_undisturbed() { # CONTAINER
  local status
  status=$(<"/proc/$(main_process "$1")/status")
  [[ $status == *$'\nState:\tS'* && $status == *$'\nTracerPid:\t0\n'* ]]
}

stops_in_time() { # CONTAINER SECONDS
  local before milliseconds code
  before=$(date +%s%3N)
  podman stop --time 60 "$1" >/dev/null || true # it complains at times of a command that ended with the container
  read -r code milliseconds < <(podman inspect --format '{{.State.ExitCode}} {{.State.FinishedAt.UnixMilli}}' "$1")
  milliseconds=$((milliseconds - before))
  printf '  exit code %s after %s ms\n' "$code" "$milliseconds"
  ((code == 0 && milliseconds < $2 * 1000))
}

# Prints the ids, on this machine, of a container's processes whose command line contains the text.
processes_of() { # CONTAINER TEXT
  local main file line
  main=$(main_process "$1")
  for file in /proc/[0-9]*/cmdline; do
    line=$(tr '\0' ' ' <"$file") || continue
    [[ $line == *"$2"* && /proc/$main/ns/mnt -ef ${file%cmdline}ns/mnt ]] && printf '%s\n' "${file//[!0-9]/}"
  done 2>/dev/null
  return 0
}

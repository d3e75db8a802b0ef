#!/usr/bin/env bash
# usage: agent-idle.sh TARGETS SECONDS [CROWD] - runs an idle agent with the given number of armed .NET targets. Prints
# the CPU time in hundredths of a second of the agent's processes without ProcDump, and their proportional and resident
# set in KiB. Targets and ProcDump are the stand-ins of the agent's tests. With CROWD, the spool has 20,000 files, and
# there are 20,000 stale sockets and 3,000 processes of the application. Exits with 77 without root, which the targets'
# mount namespaces need.
set -euo pipefail
readonly TARGETS=$1 SECONDS_MEASURED=$2 CROWD=${3-}
readonly FILES=20000 SOCKETS=20000 PROCESSES=3000
readonly STAND_INS=$PWD/test/agent
# After this time, the first sweep of the store is over, which the first looks start.
SETTLE_SECONDS=8
# After this time, the agent has found each file, and the files are too old to be the beginning of a dump.
[[ ! $CROWD ]] || SETTLE_SECONDS=110
CHILDREN=()

leave() {
  local child
  set +e
  for child in "${CHILDREN[@]}"; do kill -KILL "$child"; done
  # Each ProcDump ends by itself with its target.
  sleep 0.5
  rm -rf "${WORK:?}"
} 2>/dev/null

start_targets() {
  local i
  for ((i = 0; i < TARGETS; i++)); do
    # shellcheck disable=SC2016
    unshare --mount bash -c 'exec -a webapi perl "$0"' "$STAND_INS/stand-in-dotnet" &
    CHILDREN+=("$!")
  done
}

make_crowd() {
  # Plain files are enough for stale sockets: the agent examines only their names, because their processes have ended.
  perl -e 'my ($spool, $files, $sockets, $tmp) = @ARGV;
    mkdir $_ for "$spool/webapi-0", map { "$spool/$_" } 0 .. 49;
    for (1 .. $files) { open my $f, ">", "$spool/" . $_ % 50 . "/no-dump-$_" or die; print $f "text"; }
    for (1 .. $sockets) { open my $f, ">", "$tmp/dotnet-diagnostic-" . (4194304 + $_) . "-$_-socket" or die; }' \
    "$WORK/spool" "$FILES" "$SOCKETS" "$WORK/tmp"
  # They end with their first process, which ends with unshare.
  unshare --mount --pid --fork --kill-child perl -e 'for (1 .. $ARGV[0]) { fork or do { sleep; exit } } sleep' "$PROCESSES" &
  CHILDREN+=("$!")
}

start_agent() {
  "$WORK/bin/procdump-agent" run --contract 3 --plan "$(node test/agent/plan.mjs --runtime dotnet --container procdump \
    --dump-directory "$WORK/spool" --store "$WORK/store" --spool-size 100000 --drain-timeout 5 --retain-age 1000000 --dumps-per-process 2 \
    --dumps-per-pod 5 --cooldown 0 --crash-dumps --watch cpu -pc System.Runtime:cpu-usage 80)" >"$WORK/log" 2>&1 &
  AGENT=$!
  CHILDREN+=("$AGENT")
}

all_are_armed() {
  (($(grep -c '"event":"procdump-started"' "$WORK/log") == TARGETS))
}

# The agent, with the children that it has reaped, and its live children except ProcDump.
list_processes() { # prints process ids
  local stat
  printf '%s\n' "$AGENT"
  for stat in /proc/[0-9]*/stat; do
    read -r -a fields 2>/dev/null <"$stat" || continue
    [[ ${fields[3]} != "$AGENT" || $(tr '\0' ' ' <"${stat%stat}cmdline") == *procdump\ * ]] || printf '%s\n' "${fields[0]}"
  done
}

count_ticks() {
  local pid fields ticks=0
  for pid in $(list_processes); do
    read -r -a fields 2>/dev/null <"/proc/$pid/stat" || continue
    ticks=$((ticks + fields[13] + fields[14] + fields[15] + fields[16]))
  done
  printf '%s\n' "$ticks"
}

((EUID == 0)) || { printf '\n==== NOT RUN: the bench of the idle agent needs root ====\n\n' >&2; exit 77; }
WORK=$(mktemp -d)
trap leave EXIT
trap 'exit 130' INT TERM
mkdir "$WORK"/{bin,tmp,spool,store,control}
ln -s "$STAND_INS/stand-in-procdump" "$WORK/bin/procdump"
test/agent/build "$WORK/bin/procdump-agent" hooks
: >"$WORK/bin/gcore"
export PATH=$WORK/bin:$PATH TMPDIR=$WORK/tmp POD_NAME=webapi-0 STAND_IN_DIR=$WORK/control PROCDUMP_STATE_DIR=$WORK/state
[[ ! $CROWD ]] || make_crowd
start_targets
sleep 1
start_agent
sleep "$SETTLE_SECONDS"
all_are_armed || { cat "$WORK/log" >&2; exit 1; }
before=$(count_ticks)
sleep "$SECONDS_MEASURED"
after=$(count_ticks)
all_are_armed
memory=$(for pid in $(list_processes); do
  cat "/proc/$pid/smaps_rollup" 2>/dev/null || true
done | awk '/^Pss:/ { pss += $2 } /^Rss:/ { rss += $2 } END { printf "%s\t%s", pss, rss }')
printf '%s\t%s\n' "$((after - before))" "$memory"

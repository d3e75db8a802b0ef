# shellcheck shell=bash
# A pod on the test machine: targets run in their own mount namespaces, like containers.

HERE=$BATS_TEST_DIRNAME
# The agent, built by `run` with the hooks for tests.
AGENT_PROGRAM=${AGENT_PROGRAM:?}

setup() {
  T=$(mktemp -d)
  chmod 0755 "$T"
  mkdir -m 0777 "$T/bin" "$T/tmp" "$T/data" "$T/control"
  ln -s "$HERE/stand-in-procdump" "$T/bin/procdump"
  cp "$AGENT_PROGRAM" "$T/bin/procdump-agent"
  for name in dump dumps status; do ln "$T/bin/procdump-agent" "$T/bin/$name"; done
  : >"$T/bin/gcore"
  export PATH=$T/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  export TMPDIR=$T/tmp POD_NAME=webapi-0 STAND_IN_DIR=$T/control
  export PROCDUMP_STATE_DIR=$T/state PROCDUMP_BACKOFF=1 PROCDUMP_POLL=0.1 PROCDUMP_LOOK=1
  export PROCDUMP_MEMORY_LIMIT_FILE=$T/memory-limit PROCDUMP_ANNOTATION_FILE=$T/annotation PROCDUMP_TERMINATION_LOG=$T/termination PROCDUMP_INCOMPLETE_SECONDS=1
  export PROCDUMP_FAULT_FILE=$T/control/fault PROCDUMP_AT_copying="while [[ -e $T/hangs ]]; do sleep 0.1; done"
  LOG=$T/log
  CHILDREN=()
  AGENT=''
}

teardown() {
  local child
  rm -f "$T/control/deaf" "$T/control/slow" "$T/control/dotnet-slow"
  if [[ $AGENT ]]; then kill -KILL "$AGENT" || true; fi
  for child in "${CHILDREN[@]}"; do kill -KILL "$child" || true; done
  # In this process namespace, an id from a nested namespace belongs to another process.
  for child in $(cut -d' ' -f2 "$T/control/calls.d"); do
    if grep -q stand-in-procdump "/proc/$child/cmdline" || grep -q "$T/bin/procdump" "/proc/$child/cmdline"; then kill -KILL "$child" || true; fi
  done
  umount -l "$T/store" || true
  # A remaining publisher may write for a moment longer.
  rm -rf "${T:?}" || { sleep 1 && rm -rf "${T:?}"; }
} 2>/dev/null

# Sets TARGET.
start_native() { # NAME
  unshare --mount bash -c 'exec -a "$0" sleep 300' "$1" 3>&- &
  TARGET=$!
  CHILDREN+=("$TARGET")
  eventually target_is_called "$1"
}

target_is_called() { # NAME
  [[ $(tr '\0' ' ' <"/proc/$TARGET/cmdline") == "$1 "* ]]
}

start_dotnet() { # NAME
  unshare --mount bash -c 'exec -a "$0" perl "$1"' "$1" "$HERE/stand-in-dotnet" 3>&- &
  TARGET=$!
  CHILDREN+=("$TARGET")
  [[ -e $T/control/dotnet-no-socket ]] || eventually compgen -G "$T/tmp/dotnet-diagnostic-$TARGET-*-socket"
}

end_target() {
  kill -KILL "$TARGET"
  wait "$TARGET" || true
} 2>/dev/null

plan_of() { # OPTION...
  node "$HERE/plan.mjs" "$@"
}

start_planned() { # OPTION...
  start_agent_raw run --contract 3 --plan "$(plan_of "$@")"
}

# Starts the agent with a valid plan and the given options.
start_agent() { # RUNTIME ARGUMENT...
  local runtime=$1
  shift
  start_planned --runtime "$runtime" --container webapi --dump-directory "$T/data" \
    --dumps-per-process "${PER_PROCESS:-2}" --dumps-per-pod "${PER_POD:-5}" --cooldown "${COOLDOWN:-0}" "$@"
}

# Starts the agent with a spool, a store and the given options.
start_spooling_agent() { # RUNTIME ARGUMENT...
  local runtime=$1
  shift
  mkdir -p "$T/spool" "$T/store"
  start_planned --runtime "$runtime" --container procdump --dump-directory "$T/spool" \
    --store "$T/store" --spool-size "${SPOOL_MIB:-1000}" --drain-timeout "${DRAIN:-20}" \
    --dumps-per-process "${PER_PROCESS:-2}" --dumps-per-pod "${PER_POD:-5}" --cooldown "${COOLDOWN:-0}" "$@"
}

# Creates a complete core file with BYTES of data.
make_core() { # FILE BYTES
  mkdir -p "${1%/*}"
  perl -I"$HERE" -MCore -e 'Core::create($ARGV[0], $ARGV[1], 0)' "$1" "$2"
}

start_agent_raw() { # ARGUMENT...
  "$T/bin/procdump-agent" "$@" >>"$LOG" 2>>"$T/stderr" 3>&- &
  AGENT=$!
  eventually test -s "$LOG"
}

stop_agent() {
  kill -TERM "$AGENT"
  wait "$AGENT"
}

eventually() { # COMMAND...
  local tries
  for ((tries = 0; tries < ${TRIES:-100}; tries++)); do
    if "$@" >/dev/null 2>&1; then return; fi
    sleep 0.05
  done
  echo "never came true: $*"
  cat "$LOG" "$T/stderr" 2>/dev/null
  return 1
}

# Succeeds if a line with this event also contains the texts.
logged() { # EVENT TEXT...
  local line text
  while IFS= read -r line; do
    [[ $line == *"\"event\":\"$1\""* ]] || continue
    for text in "${@:2}"; do [[ $line == *"$text"* ]] || continue 2; done
    return 0
  done <"$LOG"
  return 1
}

count_events() { # EVENT
  grep -c "\"event\":\"$1\"" "$LOG" || true
}

happened() { # EVENT COUNT
  (($(count_events "$1") >= $2))
}

agent_lives() { kill -0 "$AGENT"; }

status_says() { # TEXT
  [[ $("$T/bin/status") == *"$1"* ]]
}

target_runs() { [[ $(cut -d')' -f2 "/proc/$TARGET/stat") == ' S '* ]]; }

in_store() { find "$T/store" -type f -printf '%P\n' | LC_ALL=C sort; }

spool_is_empty() { [[ ! $(find "$T/spool" -type f) ]]; }

# Counts the dumps of this pod in the store that agree with their manifests.
verified() {
  dumps --verify 2>/dev/null | grep -cE ' verified(  incomplete)?$' || true
}

is_published() { # COUNT
  spool_is_empty && [[ $(verified) == "$1" ]]
}

# Makes the calls of the store block until the file `hangs` is removed.
hang_store() { touch "$T/hangs"; }

# Mounts a store of the given size.
limit_store() { # KIB
  mkdir -p "$T/store"
  mount -t tmpfs -o "size=${1}k" none "$T/store"
}

dump_files() {
  find "$T/data" -type f
}

# A negated command in the middle of a test does not make the test fail.
never_logged() { # EVENT TEXT...
  if logged "$@"; then
    echo "was logged: $*"
    return 1
  fi
}

find_dump() { [[ $(dump_files) ]]; }

# Starts the agent with the user of the .NET images, and as a program that nobody may read, as in the sidecar's image.
start_agent_of_app() { # RUNTIME ARGUMENT...
  local runtime=$1
  shift
  mkdir -p "$T/spool" "$T/store"
  chown -R 1654:1654 "$T"
  chown root:root "$T/bin/procdump-agent"
  chmod 0711 "$T/bin/procdump-agent"
  as_app "$T/bin/procdump-agent" run --contract 3 --plan "$(plan_of --runtime "$runtime" --container procdump \
    --dump-directory "$T/spool" --store "$T/store" --spool-size 1000 --drain-timeout 20 --dumps-per-process 2 \
    --dumps-per-pod 5 --cooldown 0 "$@")" >>"$LOG" 2>>"$T/stderr" 3>&- &
  AGENT=$!
  eventually test -s "$LOG"
}

# setpriv still has its capabilities when it executes a program, and so may read it: another program comes between.
as_app() {
  setpriv --reuid 1654 --regid 1654 --clear-groups --bounding-set -all --inh-caps -all bash -c 'exec "$@"' as_app "$@"
}

# Processes of another container whose diagnostics sockets do not answer. Each takes MEBIBYTES for SECONDS.
start_mute_runtimes() { # COUNT MEBIBYTES SECONDS
  unshare --mount perl -MSocket -e 'my ($count, $mebibytes, $seconds, $folder) = @ARGV;
    for (1 .. $count) { next if fork; open my $stat, "<", "/proc/$$/stat"; my $start = (split / /, <$stat> =~ s/.*\) //r)[19];
      socket my $socket, AF_UNIX, SOCK_STREAM, 0; my $path = "$folder/dotnet-diagnostic-$$-$start-socket";
      bind $socket, sockaddr_un($path) or die $!; listen $socket, 5; my $memory = "x" x ($mebibytes << 20); sleep $seconds;
      unlink $path; exit }
    sleep $seconds + 1' "$1" "$2" "$3" "$T/tmp" 3>&- &
  CHILDREN+=("$!")
}

crash_folder_has() { [[ $(stat -c %a "$T/spool/crash") == "$1" ]]; } # MODE

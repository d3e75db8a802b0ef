# shellcheck shell=bash
# Finding target processes, with builtins only: this runs all the time.

declare -A FOUND=() FOUND_NAME=() TARGETS=() TARGET_NAME=() STOPPED=()
FIND_PROBLEM='' LOOK_AT=0
# How long a new target may go unseen while another one is known: looking for it reads all of /proc.
readonly LOOK_SECONDS=${PROCDUMP_LOOK:-5}

# The name ProcDump knows: argv[0] after its last slash, cut at the first blank.
read_name() { # PID, result in PROCESS_NAME_READ
  local word=''
  { IFS= read -r -d '' word <"/proc/$1/cmdline"; } 2>/dev/null || [[ $word ]] || return 1
  word=${word##*/}
  PROCESS_NAME_READ=${word%% *}
}

# Each container has a mount namespace of its own, whatever else the pod shares; a root folder could be looked alike.
# One that may not be read belongs to another user and so not to this container.
is_own_container() { # PID
  [[ /proc/$1/ns/mnt -ef /proc/self/ns/mnt ]]
}

# The image's loader may not be read, so the kernel shows nothing of the sidecar's processes, not even to each other. What
# is hidden and has the sidecar's own user could not be dumped in any case.
is_hidden() { # PID
  [[ ! -e /proc/$1/ns/mnt ]]
}

is_sidecar_process() { # PID
  local own
  is_own_container "$1" && return 0
  is_hidden "$1" || return 1
  read_identity self
  own=${IDENTITY%%:*}
  read_identity "$1" && [[ ${IDENTITY%%:*} == "$own" ]]
}

# The target's runtime writes its dumps itself, so it has the dump directory. Where that may not be looked at, the access to the target is reported.
shares_dump_directory() { # PID
  [[ ! -d /proc/$1/root/. || /proc/$1/root$DUMP_DIRECTORY -ef $DUMP_DIRECTORY ]]
}

find_targets() {
  FOUND=() FOUND_NAME=()
  ((EPOCHSECONDS >= LOOK_AT)) || ! keep_known_targets || return 0
  LOOK_AT=$((EPOCHSECONDS + LOOK_SECONDS))
  FOUND=() FOUND_NAME=() FIND_PROBLEM='' UNIX_SOCKETS=()
  if [[ $RUNTIME == dotnet ]]; then
    find_dotnet_targets
  elif [[ $PROCESS_NAME ]]; then
    find_named_targets
  else
    find_main_target
  fi
}

# Fails when one has ended or none is known.
keep_known_targets() {
  local pid
  ((${#TARGETS[@]})) || return 1
  for pid in "${!TARGETS[@]}"; do
    is_alive "$pid" "${TARGETS[$pid]}" || return 1
    FOUND[$pid]=${TARGETS[$pid]} FOUND_NAME[$pid]=${TARGET_NAME[$pid]}
    # Seen twice while its ProcDump lives, this is another's doing; a traced process is in state t.
    if [[ ${PROCESS[state]} == T ]]; then note_stopped "$pid"; else unset "STOPPED[$pid]"; fi
  done
}

note_stopped() { # PID
  STOPPED[$1]=$((${STOPPED[$1]-0} + 1))
  ((STOPPED[$1] != 2)) || save_armed
}

# The runtime makes its socket a moment after the start. A .NET process armed before is taken for a native one.
find_dotnet_targets() {
  local socket pid start foreign=''
  for socket in "${TMPDIR:-/tmp}"/dotnet-diagnostic-*-socket; do
    [[ $socket =~ /dotnet-diagnostic-([0-9]+)-([0-9]+)-socket$ && -S $socket ]] || continue
    pid=${BASH_REMATCH[1]} start=${BASH_REMATCH[2]}
    # A runtime that was killed leaves its socket behind.
    if ! is_alive "$pid" "$start" || ! read_name "$pid"; then continue; fi
    [[ ! $PROCESS_NAME || $PROCESS_NAME_READ == "$PROCESS_NAME" ]] || continue
    is_own_container "$pid" && continue
    if ! shares_dump_directory "$pid"; then
      foreign="found .NET process $pid ($PROCESS_NAME_READ), in whose container $DUMP_DIRECTORY is another folder or none, so its runtime cannot write dumps there: mount the sidecar's volume at this path in the container of the target"
    elif ! is_listed_socket " $socket"; then
      FIND_PROBLEM="found $socket, but /proc/net/unix does not name it so, and ProcDump would take the process for a native one: set TMPDIR of the target exactly to '${TMPDIR:-/tmp}'"
    else
      FOUND[$pid]=$start FOUND_NAME[$pid]=$PROCESS_NAME_READ
    fi
  done
  # Beside a target it is a neighbour that has the diagnostics directory too, as dotnet-monitor has.
  ((${#FOUND[@]})) || [[ $FIND_PROBLEM ]] || FIND_PROBLEM=$foreign
}

is_listed_socket() { # PART of a path
  local line
  ((${#UNIX_SOCKETS[@]})) || mapfile -t UNIX_SOCKETS </proc/net/unix
  for line in "${UNIX_SOCKETS[@]}"; do
    [[ $line == *"$1"* ]] && return 0
  done
  return 1
}

find_named_targets() {
  local folder pid
  for folder in /proc/[0-9]*; do
    pid=${folder#/proc/}
    if read_name "$pid" && [[ $PROCESS_NAME_READ == "$PROCESS_NAME" ]] && ! is_sidecar_process "$pid"; then
      add_native_target "$pid"
    fi
  done
}

# The first process of a container has no parent inside the shared process namespace, and neither have the commands
# that `kubectl exec` brought in later: the oldest is the container's own. Each exec passes through a process of root that
# is hidden for some milliseconds: it never outvotes a process that can be seen.
find_main_target() {
  local folder pid other main='' main_start=0 containers=0 hidden='' hidden_start=0
  for folder in /proc/[0-9]*; do
    pid=${folder#/proc/}
    if ((pid == 1)) || ! read_process "$pid" || [[ ${PROCESS[parent]} != 0 ]] || is_sidecar_process "$pid"; then continue; fi
    if is_hidden "$pid"; then
      if [[ ! $hidden ]] || ((PROCESS[start] < hidden_start)); then hidden=$pid hidden_start=${PROCESS[start]}; fi
      continue
    fi
    if [[ $main && /proc/$pid/ns/mnt -ef /proc/$main/ns/mnt ]]; then
      ((PROCESS[start] < main_start)) || continue
    else
      other=$main containers=$((containers + 1))
    fi
    main=$pid main_start=${PROCESS[start]}
  done
  main=${main:-$hidden}
  if ((containers > 1)); then
    FIND_PROBLEM="found main processes of several containers ($other and $main), expected one: name the process with ProcDumpTarget.native({ processName })"
  elif [[ $main ]] && read_name "$main"; then
    add_native_target "$main"
  fi
}

# A native dump of a .NET process is its whole address space, hundreds of GB. Its socket shows in /proc/net/unix
# even where its folder is not shared, because a pod has one network namespace.
add_native_target() { # PID
  read_process "$1" && [[ ${PROCESS[state]} != [ZX] ]] || return 0
  if is_listed_socket "/dotnet-diagnostic-$1-"; then
    FIND_PROBLEM="found process $1 ($PROCESS_NAME_READ) to be a .NET process, expected a native one: use ProcDumpTarget.dotnet()"
    return 0
  fi
  FOUND[$1]=${PROCESS[start]} FOUND_NAME[$1]=$PROCESS_NAME_READ
}

# IDENTITY of a process, "UID:GID" where all its ids agree (ptrace asks for all), and its effective capabilities.
read_identity() { # PID
  local key a b c line=''
  IDENTITY='' CAPABILITIES=0
  while read -r key a b c line; do
    case $key in
      Uid:) [[ $a == "$b" && $b == "$c" ]] && IDENTITY=$a || IDENTITY="$a/$b/$c" ;;
      Gid:) [[ $a == "$b" && $b == "$c" ]] && IDENTITY+=":$a" || IDENTITY+=":$a/$b/$c" ;;
      CapEff:) CAPABILITIES=$((16#$a)) ;;
    esac
  done 2>/dev/null <"/proc/$1/status"
}

# ACCESS_PROBLEM says why ProcDump may not be able to read the target.
check_access() { # PID NAME
  local own own_capabilities lacking=''
  ACCESS_PROBLEM=''
  read_identity self
  own=$IDENTITY own_capabilities=$CAPABILITIES
  read_identity "$1" || return 0
  if [[ $own == 0:* && $own != "$IDENTITY" ]]; then
    # Without these root fails: to signal the target (5), to read it (19), to use its socket and mask (1).
    ((own_capabilities >> 19 & 1)) || lacking+=' SYS_PTRACE'
    ((own_capabilities >> 5 & 1)) || lacking+=' KILL'
    ((own_capabilities >> 1 & 1)) || lacking+=' DAC_OVERRIDE'
    [[ ! $lacking ]] || ACCESS_PROBLEM="ProcDump runs as root without$lacking, target $1 ($2) as $IDENTITY: add the capabilities with TargetAccess.privileged()"
  elif [[ $own != "$IDENTITY" ]]; then
    ACCESS_PROBLEM="ProcDump runs as $own, target $1 ($2) as $IDENTITY, and must have its user and its group: run the sidecar as the same user, TargetAccess.sameUser({ uid: ${IDENTITY%:*}, gid: ${IDENTITY#*:} })"
  fi
}

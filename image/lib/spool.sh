# shellcheck shell=bash
# Will the next dump fit? More than the spool may hold gets the whole pod evicted, the application with it.

# Used is counted in allocated blocks, as the kubelet does where it enforces the size limit of an emptyDir.
SPOOL_USED=0 DISK_FREE=0 MEASURED_AT=-1 ESTIMATED_AT=0
declare -A BLOCKED=()
# How many monitors of a target may be armed.
declare -A FITTING=()
# Of all that a target of this pod ever needed, for crash dumps.
LARGEST_ESTIMATE=0
readonly MIB=1048576
# The node's disk fills up by others, too: this much of it is left alone.
readonly DISK_RESERVE=$((64 * MIB))
# A measurement forks, so it follows changes of the spool, and time only where others may have filled the disk.
readonly MEASURE_SECONDS=300
readonly ESTIMATE_SECONDS=10

measure_spool() {
  local blocks size used
  if read -r used _ < <(du -s -B1 "$DUMP_DIRECTORY" 2>/dev/null); then SPOOL_USED=$used; fi
  if read -r blocks size < <(stat -f -c '%a %S' "$DUMP_DIRECTORY" 2>/dev/null); then DISK_FREE=$((blocks * size)); fi
  MEASURED_AT=$EPOCHSECONDS
}

# Result in ROOM: bytes that may still be written.
calculate_room() {
  ROOM=$((SPOOL_MIB * MIB - SPOOL_USED))
  ((ROOM <= DISK_FREE - DISK_RESERVE)) || ROOM=$((DISK_FREE - DISK_RESERVE))
}

estimate_dump() { # PID, result in ESTIMATE
  ESTIMATE=$((128 * MIB))
  if [[ $RUNTIME == dotnet ]]; then estimate_dotnet "$1"; else estimate_native "$1"; fi
}

# The runtime's full dump holds the files that are mapped, too: 80 MB were seen of 20 resident, 230 of 84.
estimate_dotnet() { # PID
  local key kib=0 amount
  while read -r key amount _; do
    [[ $key != VmRSS: && $key != VmSwap: ]] || kib=$((kib + amount))
  done 2>/dev/null <"/proc/$1/status" || return 0 # it has just ended
  ESTIMATE=$((kib * 1024 * 5 / 4 + 128 * MIB))
}

# ProcDump writes every mapping that the filter chooses in full, touched or not; writable ones and the program always.
estimate_native() { # PID
  local mask=$((16#${DUMP_MASK:-33})) range mode inode path first='' bit
  ESTIMATE=$MIB
  while read -r range mode _ _ inode path; do
    [[ $path != '[vsyscall]' && $path != '[vvar'* ]] || continue
    if [[ $inode != 0 ]]; then bit=4; else bit=1; fi
    [[ $mode != ???s ]] || bit=$((bit * 2))
    [[ $first || $inode == 0 ]] || first=$path
    if [[ $mode == ?w* || $path && $path == "$first" ]] || ((mask & bit)); then
      ESTIMATE=$((ESTIMATE + 16#${range#*-} - 16#${range%-*}))
    elif ((bit == 4 && mask & 16)); then
      ESTIMATE=$((ESTIMATE + 4096))
    fi
  done 2>/dev/null <"/proc/$1/maps" || return 0 # it has just ended
}

mark_spool_changed() {
  MEASURED_AT=-1
}

must_measure() {
  local age=$((EPOCHSECONDS - MEASURED_AT))
  ((MEASURED_AT < 0 || age >= MEASURE_SECONDS)) || { ((${#BLOCKED[@]})) && ((age >= ESTIMATE_SECONDS)); }
}

# Each target's dumps need their own room, because all may fire at once.
check_room() {
  local pid
  [[ $SPOOL_MIB ]] || return 0
  if must_measure; then
    measure_spool
  elif ((EPOCHSECONDS - ESTIMATED_AT < ESTIMATE_SECONDS)) && [[ ${!TARGETS[*]} == "${ESTIMATED_FOR-}" ]]; then
    return 0
  fi
  ESTIMATED_AT=$EPOCHSECONDS ESTIMATED_FOR=${!TARGETS[*]}
  calculate_room
  # Before a target is known: the spool is made for two of its dumps.
  ((LARGEST_ESTIMATE)) || LARGEST_ESTIMATE=$((SPOOL_MIB * MIB / 2))
  for pid in "${!BLOCKED[@]}"; do
    [[ -v TARGETS[$pid] ]] || forget_block "$pid"
  done
  for pid in "${!TARGETS[@]}"; do
    judge_target "$pid"
  done
  calculate_room # what is armed has written nothing yet
}

# Up only with a margin, so that a target at the edge is not armed and disarmed in turns.
judge_target() { # PID
  local margin=0 before=${FITTING[$1]-${#MONITORS[@]}}
  estimate_dump "$1"
  ((ESTIMATE <= LARGEST_ESTIMATE)) || LARGEST_ESTIMATE=$ESTIMATE
  [[ ! -v BLOCKED[$1] ]] || margin=$((ESTIMATE / 20))
  if ((ESTIMATE + margin > ROOM)); then
    FITTING[$1]=0
    [[ -v BLOCKED[$1] ]] || block_target "$1"
    return 0
  fi
  [[ ! -v BLOCKED[$1] ]] || unblock_target "$1"
  fit_monitors "$1" "$before"
}

# Two monitors may fire in the same moment. The estimate of one dump has a quarter to spare, which not each of several needs.
fit_monitors() { # PID BEFORE
  local count=1 margin=0 each=$((ESTIMATE * 3 / 4))
  ROOM=$((ROOM - ESTIMATE))
  while ((count < ${#MONITORS[@]})); do
    ((count < $2)) || margin=$((ESTIMATE / 20))
    ((each + margin <= ROOM)) || break
    ROOM=$((ROOM - each)) count=$((count + 1))
  done
  FITTING[$1]=$count
  if ((count < ${#MONITORS[@]})); then
    set_reason "monitors:$1" "only the first $count of ${#MONITORS[@]} monitors are armed for process $1: the spool of $SPOOL_MIB MiB has no room for a dump by each of them at once; wait for the publication, or raise the spool's sizeLimit"
  else
    clear_reason "monitors:$1"
  fi
}

explain_room() { # PID, result in TEXT
  TEXT="the next dump of process $1 may need $((ESTIMATE / MIB)) MiB, expected at most $((ROOM > 0 ? ROOM / MIB : 0)) MiB: the spool holds $((SPOOL_USED / MIB)) of $SPOOL_MIB MiB, its disk has $((DISK_FREE / MIB)) MiB free; wait for the publication, or raise the spool's sizeLimit"
}

block_target() { # PID
  local TEXT
  explain_room "$1"
  BLOCKED[$1]=1
  set_reason "spool:$1" "no ProcDump is armed: $TEXT"
}

forget_block() { # PID
  unset "BLOCKED[$1]"
  clear_reason "spool:$1"
}

forget_fitting() { # PID
  unset "FITTING[$1]"
  clear_reason "monitors:$1"
}

unblock_target() { # PID
  forget_block "$1"
  log_event info spool-fits pid "$1" reason 'the next dump fits the spool again'
}

# shellcheck shell=bash
# Every dump of this pod once, on disk, so that neither a restarted container nor a removed file resets the caps.

# Settled files, complete, incomplete or other.
declare -A SETTLED=() SETTLED_BYTES=()
declare -A TAKEN_BY_RUN=() TAKEN_BY_PROCESS=() LAST_DUMP=() LAST_MONITOR=() LAST_START=() LAST_NAME=()
TAKEN=0 INCOMPLETE=0
# No monitor can have these names: an underscore is not allowed in theirs.
readonly ON_DEMAND=on_demand CRASH=in_crash BY_HAND=by_hand

load_ledger() {
  local time status pid start monitor path
  LEDGER=$STATE_DIRECTORY/ledger
  [[ -e $LEDGER ]] || return 0
  while IFS=$'\t' read -r time status pid start monitor path; do
    count_dump "$time" "$status" "$pid" "$start" "$monitor" "$path"
  done <"$LEDGER"
}

# A path whose file is gone may be written again. One whose dump is published was: its file is another dump.
forget_gone() {
  local path
  declare -A waiting=()
  for path in "${QUEUE[@]}"; do waiting[$path]=1; done
  for path in "${!SETTLED[@]}"; do
    [[ -e $path && (! $STORE || ${waiting[$path]-}) ]] || forget_settled "$path"
  done
}

forget_settled() { # PATH
  # In double quotes, in -v and in arithmetic bash would expand a file name a second time, commands in it included.
  [[ ! $1 ]] || unset 'SETTLED[$1]' 'SETTLED_BYTES[$1]'
}

# Incomplete dumps count too: they froze the target and filled the disk like the others, and a createdump that
# always dies half way would otherwise be started for ever.
count_dump() { # TIME STATUS PID START MONITOR PATH
  local run=$3:$4:$5 earlier=${SETTLED[$6]-}
  SETTLED[$6]=$2
  [[ $earlier != incomplete ]] || INCOMPLETE=$((INCOMPLETE - 1))
  [[ $2 != incomplete ]] || INCOMPLETE=$((INCOMPLETE + 1))
  # Who asks for a dump need not wait, nor does it hold back the triggers.
  case $5 in
    "$ON_DEMAND" | "$BY_HAND" | "$CRASH") ;;
    *) LAST_DUMP[$3:$4]=$1 LAST_MONITOR[$3:$4]=$5 ;;
  esac
  [[ $2 != complete ]] || TAKEN_BY_RUN[$run]=$((${TAKEN_BY_RUN[$run]-0} + 1))
  [[ $earlier != incomplete ]] || return 0
  TAKEN=$((TAKEN + 1))
  # A person who asks for a dump does not use up what the triggers may take of this process.
  [[ $5 == "$ON_DEMAND" || $5 == "$BY_HAND" ]] || TAKEN_BY_PROCESS[$3:$4]=$((${TAKEN_BY_PROCESS[$3:$4]-0} + 1))
}

# Whose dump is this? Results in DUMP_PID, DUMP_START, DUMP_MONITOR.
attribute_dump() { # FILE
  DUMP_PID=0 DUMP_START=0 DUMP_MONITOR=$BY_HAND
  if [[ ${1#"$POD_DIRECTORY"/} =~ ^([0-9]+)-([a-z0-9_-]+)/ ]]; then
    DUMP_PID=$((10#${BASH_REMATCH[1]})) DUMP_MONITOR=${BASH_REMATCH[2]}
  elif [[ $CRASH_DUMPS && $1 == "$DUMP_DIRECTORY"/crash/* ]]; then
    DUMP_MONITOR=$CRASH
    # The program's name and the host's may hold underscores, the numbers between them do not.
    [[ ! ${1##*/} =~ ^crash_.*_([0-9]+)_[^_]*_[0-9]+\.dmp$ ]] || DUMP_PID=$((10#${BASH_REMATCH[1]}))
  elif [[ ${1##*/} =~ _[0-9]{6}_[0-9]{6}\.([0-9]+)$ ]]; then
    DUMP_PID=$((10#${BASH_REMATCH[1]}))
  else
    recognise_target "${1##*/}"
  fi
  DUMP_START=${LAST_START[$DUMP_PID]-0}
}

# The name of a .NET dump holds no number, but begins with the name of its process.
recognise_target() { # NAME
  local pid
  ((${#TARGETS[@]} == 1)) || return 0
  for pid in "${!TARGETS[@]}"; do
    [[ $1 != "${TARGET_NAME[$pid]//[^A-Za-z0-9]/_}"_* ]] || DUMP_PID=$pid
  done
}

settle_dump() { # FILE STATUS
  local alive=false level=info bytes complete=true
  bytes=$(stat -c %s "$1" 2>/dev/null) || { forget_pending "$1"; return 0; }
  attribute_dump "$1"
  # The length of a native dump is right even when its target died during the write; the rest of it is zeros.
  if ! ((DUMP_PID)); then alive=null; elif is_alive "$DUMP_PID" "$DUMP_START"; then alive=true; fi
  if [[ $2 == complete ]]; then clear_reason "procdump:$DUMP_PID:$DUMP_START:$DUMP_MONITOR"; else level=warn complete=false; fi
  # Before the ledger: what it knows is not looked at again.
  if [[ $STORE ]] && ! hand_over "$1" "$complete" "$alive"; then
    report_full_state
    return 0
  fi
  if printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$EPOCHSECONDS" "$2" "$DUMP_PID" "$DUMP_START" "$DUMP_MONITOR" "$1" 2>/dev/null >>"$LEDGER"; then
    clear_reason state
  else
    report_full_state
  fi
  count_dump "$EPOCHSECONDS" "$2" "$DUMP_PID" "$DUMP_START" "$DUMP_MONITOR" "$1"
  forget_pending "$1"
  SETTLED_BYTES[$1]=$bytes SWEEP_AT=0
  mark_spool_changed
  log_event "$level" "dump-$2" pid "$DUMP_PID" monitor "$DUMP_MONITOR" path "$1" bytes "$bytes" targetAlive "$alive" count "$TAKEN"
}

# The dump stays in the spool, unsettled, and is looked at again: a full disk must end neither it nor the agent.
report_full_state() {
  set_reason state "could not write to $STATE_DIRECTORY, expected room for a few KB: free space on the node's disk, or give the pod more ephemeral-storage"
}

hand_over() { # FILE COMPLETE ALIVE
  local trigger=$DUMP_MONITOR command='' WORDS=() WRITER=()
  case $DUMP_MONITOR in
    "$BY_HAND") trigger=by-hand ;;
    "$CRASH") trigger=crash ;;
    "$ON_DEMAND")
      trigger=on-demand
      list_demand_words "$DUMP_PID" "${1%/*}"
      command="procdump ${WRITER[*]}"
      ;;
    *)
      command=${RUN_COMMAND[$DUMP_PID:$DUMP_START:$DUMP_MONITOR]-}
      # The agent before this one ran it.
      if [[ ! $command && -v MONITOR_OFFSET[$DUMP_MONITOR] ]] && resolve_words "$DUMP_MONITOR"; then
        command="procdump ${WORDS[*]} $DUMP_PID ${1%/*}"
      fi
      ;;
  esac
  describe_dump "$trigger" "$command" "${LAST_NAME[$DUMP_PID]-}" "$DUMP_PID" "$DUMP_START" "$3"
  enqueue "$1" "$2" "$FIELDS"
}

# shellcheck shell=bash
# The agent's side of publishing: one process at a time works on the store, and the agent never waits for it.

JOB_PID='' JOB_START='' JOB='' JOB_BEGAN=0 JOB_SLOW='' ADOPTED=''
SWEEP_AT=0 PUBLISHED=0 PUBLISH_ERROR=''
# By number, in the order of the dumps, so that the oldest goes first.
QUEUE=() RETRY_AT=() RETRY_DELAY=()
readonly SWEEP_SECONDS=3600
readonly LONGEST_RETRY=300
# A copy is called slow below 5 MiB/s and given up below a quarter: a dead server may never answer, a slow one does.
readonly SLOW_SECONDS=${PROCDUMP_SLOW_SECONDS:-60}

load_queue() {
  local file number
  mkdir -p "$QUEUE_DIRECTORY"
  for file in "$QUEUE_DIRECTORY"/*; do
    number=${file##*/}
    [[ $number =~ ^[0-9]+$ ]] || continue
    if read_entry "$number" && [[ -e ${ENTRY[source]} ]]; then
      QUEUE[10#$number]=${ENTRY[source]}
    else
      # Published before the agent died, or removed by a person.
      forget_entry "$number"
    fi
  done
}

load_store_jobs() {
  local lines
  if [[ -e $PUBLISHED_LIST ]]; then
    mapfile -t lines <"$PUBLISHED_LIST"
    PUBLISHED=${#lines[@]}
  fi
  adopt_publisher
}

# A publisher that outlived its agent works on: two at once would meet on the same files.
adopt_publisher() {
  local words=()
  read -r -a words 2>/dev/null <"$STATE_DIRECTORY/publisher.pid" || return 0
  ((${#words[@]} >= 3)) && is_alive "${words[0]}" "${words[1]}" || return 0
  JOB_PID=${words[0]} JOB_START=${words[1]} JOB=${words[*]:2} JOB_BEGAN=$EPOCHSECONDS ADOPTED=1
  log_event info publisher-adopted reason "process $JOB_PID goes on with: $JOB"
}

# A file that is settled a second time keeps its number.
enqueue() { # SOURCE COMPLETE MANIFEST-FIELDS
  local number last=0 found=''
  for number in "${!QUEUE[@]}"; do
    last=$number
    [[ ${QUEUE[number]} != "$1" ]] || found=$number
  done
  number=${found:-$((last + 1))}
  # A number that is still on disk belongs to a dump whose publication has just ended.
  while [[ ! $found && -e $QUEUE_DIRECTORY/$number ]]; do number=$((number + 1)); done
  { printf '%s\n' "$1" "$2" "$EPOCHSECONDS" "$3" >"$QUEUE_DIRECTORY/$number.new"; } 2>/dev/null || return 1
  mv -f "$QUEUE_DIRECTORY/$number.new" "$QUEUE_DIRECTORY/$number" || return 1
  QUEUE[number]=$1
  unset "RETRY_AT[$number]" "RETRY_DELAY[$number]"
  [[ $2 == true ]] || RETRY_AT[number]=$((EPOCHSECONDS + INCOMPLETE_SECONDS))
}

follow_store() {
  if [[ $JOB_PID ]] && is_alive "$JOB_PID" "$JOB_START"; then
    watch_job
    return 0
  fi
  [[ ! $JOB_PID ]] || end_job
  ! choose_job || start_job
}

# Retention first: a store that is full may have room after it. Not while the pod is going.
choose_job() { # result in JOB
  local number
  JOB=''
  if ((!STOPPING)) && is_due "$SWEEP_AT" "$SWEEP_SECONDS" && [[ $STORE || $RETAIN_AGE$RETAIN_COUNT$RETAIN_MIB ]]; then
    JOB=sweep
    return 0
  fi
  for number in "${!QUEUE[@]}"; do
    # What the ledger does not know yet has not been counted.
    if [[ ${SETTLED[${QUEUE[number]}]-} ]] && is_due "${RETRY_AT[number]-0}" "$LONGEST_RETRY"; then
      JOB="publish $number"
      return 0
    fi
  done
  return 1
}

# A clock that was set back must not hold anything back for longer than it would have waited.
is_due() { # AT LONGEST-WAIT
  (($1 <= EPOCHSECONDS || $1 > EPOCHSECONDS + $2))
}

start_job() {
  local words
  read -r -a words <<<"$JOB"
  # A process group of its own, so that all of its commands can be ended together.
  set -m
  publisher "${words[@]}" 2>"$STATE_DIRECTORY/publisher.stderr" </dev/null &
  set +m
  JOB_PID=$! JOB_BEGAN=$EPOCHSECONDS JOB_SLOW=''
  if read_process "$JOB_PID"; then JOB_START=${PROCESS[start]}; else JOB_START=0; fi
}

watch_job() {
  local mib=0 seconds=$((EPOCHSECONDS - JOB_BEGAN)) source=''
  [[ $JOB != publish* ]] || source=${QUEUE[${JOB#* }]-}
  [[ ! $source ]] || mib=$((${SETTLED_BYTES[$source]-0} / 1048576))
  if ((seconds > 2 * SLOW_SECONDS + mib * 4)); then
    stop_job KILL
  elif ((seconds > SLOW_SECONDS + mib / 5)) && [[ ! $JOB_SLOW ]]; then
    JOB_SLOW=1
    set_reason store "the store has not finished '$JOB' ($mib MiB) after $seconds s, expected $((SLOW_SECONDS + mib / 5)) s at most: check its connection and its limits; the dumps are safe in the spool"
  fi
}

stop_job() { # SIGNAL
  [[ $JOB_PID ]] || return 0
  kill "-$1" -- "-$JOB_PID" 2>/dev/null || kill "-$1" "$JOB_PID" 2>/dev/null || return 0
}

# Whether the dump is published is told by its entry in the queue, not by an exit code: an adopted process has none.
end_job() {
  local code=0 text='' number=${JOB#* }
  [[ $ADOPTED ]] || wait "$JOB_PID" 2>/dev/null || code=$?
  IFS= read -r text 2>/dev/null <"$STATE_DIRECTORY/publisher.error" || true
  JOB_PID='' ADOPTED=''
  if ((code)) && [[ ! $text ]]; then
    IFS= read -r text <"$STATE_DIRECTORY/publisher.stderr" || text="the publisher ended with exit code $code after $((EPOCHSECONDS - JOB_BEGAN)) s: check the connection of the store"
  fi
  if [[ $JOB == sweep ]]; then
    end_sweep "$code" "$text"
  elif [[ -e $QUEUE_DIRECTORY/$number ]]; then
    postpone_publication "$number" "$text"
  else
    finish_publication "$number" "$text"
  fi
  mark_spool_changed
}

end_sweep() { # CODE TEXT
  SWEEP_AT=$((EPOCHSECONDS + SWEEP_SECONDS))
  if (($1)); then
    set_reason sweep "retention in the store failed: $2"
  else
    clear_reason sweep
    [[ $PUBLISH_ERROR ]] || clear_reason store
  fi
}

postpone_publication() { # NUMBER TEXT
  local delay=${RETRY_DELAY[$1]-$BACKOFF} longest=$LONGEST_RETRY
  ((!STOPPING)) || longest=$BACKOFF
  ((delay <= longest)) || delay=$longest
  RETRY_AT[$1]=$((EPOCHSECONDS + delay)) RETRY_DELAY[$1]=$((delay * 2))
  PUBLISH_ERROR=$2 SWEEP_AT=0
  log_event warn publish-failed path "${QUEUE[$1]}" reason "$2" seconds "$delay" left "${#QUEUE[@]}"
  set_reason store "a dump could not be published, it stays in the spool and is tried again: $2"
}

# A dump that went through shows that the store works again.
retry_at_once() {
  local number
  for number in "${!RETRY_DELAY[@]}"; do unset "RETRY_AT[$number]"; done
}

finish_publication() { # NUMBER TEXT
  local source=${QUEUE[$1]-}
  unset "QUEUE[$1]" "RETRY_AT[$1]" "RETRY_DELAY[$1]"
  retry_at_once
  forget_settled "$source"
  [[ $source != "$DUMP_DIRECTORY"/crash/* ]] || renew_crash_mode
  [[ $2 ]] || PUBLISHED=$((PUBLISHED + 1))
  PUBLISH_ERROR='' SWEEP_AT=0
  clear_reason store
}

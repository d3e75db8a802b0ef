# shellcheck shell=bash
# From SIGTERM to the end: what is being written is finished, then what is spooled is published while there is time.

readonly TERMINATION_LOG=${PROCDUMP_TERMINATION_LOG:-/dev/termination-log}

# A native dump that is being written ends first. The runtime of a .NET target finishes its dump without ProcDump,
# but nobody would count it.
drain() {
  local end=$((EPOCHSECONDS + ${DRAIN_TIMEOUT:-0}))
  log_event info stopping left "${#QUEUE[@]}"
  # The wait for the next try was for a store to recover; now is the last chance.
  RETRY_AT=() RETRY_DELAY=()
  while is_dumping "$end" || { is_publishing && ((EPOCHSECONDS < end)); }; do
    beat
    end_runs
    pause 0.2
    read_outputs
    reap_runs
    scan_dumps
    follow_demand
    ((EPOCHSECONDS >= end)) || follow_store
  done
  stop_job KILL
  write_status
  take_leave
}

# What others write into the spool is waited for as long as there is time, and may be a file that is open for ever.
is_dumping() { # END
  ((${#RUN_PID[@]})) || [[ $DEMAND_PID ]] || { ((${#PENDING_BYTES[@]})) && [[ ! $STORE || $EPOCHSECONDS -lt $1 ]]; }
}

is_publishing() {
  [[ $JOB_PID ]] || ((${#QUEUE[@]}))
}

take_leave() {
  local text="took $TAKEN dumps"
  [[ ! $STORE ]] || text+=", published $PUBLISHED, left ${#QUEUE[@]} unpublished in $DUMP_DIRECTORY"
  ((${#QUEUE[@]} == 0)) || [[ ! $PUBLISH_ERROR ]] || text+=": $PUBLISH_ERROR"
  log_event info stopped reason "$text" left "${#QUEUE[@]}"
  [[ ! -w $TERMINATION_LOG ]] || printf '%s\n' "$text" >"$TERMINATION_LOG" || return 0
}

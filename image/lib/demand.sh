# shellcheck shell=bash
# A dump on demand without exec: a new value of the pod's annotation, which the kubelet puts into a file.

readonly ANNOTATION_FILE=${PROCDUMP_ANNOTATION_FILE:-/etc/procdump/dump}
readonly DEMAND_LOG=$STATE_DIRECTORY/demand.log
ANNOTATION='' DEMAND_PID='' DEMAND_START=''

read_annotation() { # result in VALUE
  VALUE=''
  [[ -e $ANNOTATION_FILE ]] || return 0
  { IFS= read -r -d '' VALUE <"$ANNOTATION_FILE"; } 2>/dev/null || return 0
}

# The value at the very first start is from before this pod's time; later on the last one seen counts.
load_annotation() {
  local VALUE
  if [[ -e $STATE_DIRECTORY/annotation ]]; then
    IFS= read -r -d '' ANNOTATION <"$STATE_DIRECTORY/annotation" || true
  else
    read_annotation
    remember_annotation "$VALUE"
  fi
}

remember_annotation() { # VALUE
  ANNOTATION=$1
  { printf '%s' "$1" >"$STATE_DIRECTORY/annotation"; } 2>/dev/null || report_full_state
}

follow_demand() {
  local VALUE
  if [[ $DEMAND_PID ]]; then
    is_alive "$DEMAND_PID" "$DEMAND_START" || end_demand
    return 0
  fi
  ((STOPPING)) && return 0
  read_annotation
  [[ $VALUE != "$ANNOTATION" ]] || return 0
  remember_annotation "$VALUE"
  [[ $VALUE ]] || return 0
  log_event info demand-accepted value "$VALUE"
  dump --no-wait >"$DEMAND_LOG" 2>"$DEMAND_LOG.errors" </dev/null &
  DEMAND_PID=$!
  read_process "$!" && DEMAND_START=${PROCESS[start]} || DEMAND_START=0
}

end_demand() {
  local code=0 line lines=()
  wait "$DEMAND_PID" 2>/dev/null || code=$?
  DEMAND_PID=''
  { mapfile -t lines <"$DEMAND_LOG"; } 2>/dev/null || report_full_state
  for line in "${lines[@]}"; do log_event info demand-complete path "$line"; done
  ((code)) || return 0
  { mapfile -t lines <"$DEMAND_LOG.errors"; } 2>/dev/null || report_full_state
  for line in "${lines[@]}"; do log_event error demand-failed reason "$line"; done
}

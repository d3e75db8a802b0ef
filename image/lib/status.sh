# shellcheck shell=bash
# What `status` prints: written when it changes, and only then.

declare -A REASONS=()
STATUS_WRITTEN=''

set_reason() { # KEY TEXT
  [[ ${REASONS[$1]-} != "$2" ]] || return 0
  REASONS[$1]=$2
  log_event error degraded reason "$2"
}

clear_reason() { # KEY
  unset "REASONS[$1]"
}

clear_reasons_of() { # PREFIX
  local key
  for key in "${!REASONS[@]}"; do
    [[ $key != "$1"* ]] || clear_reason "$key"
  done
}

describe_state() { # results in STATE, REASON
  local text
  STATE=ok REASON=''
  if ((${#REASONS[@]})); then
    STATE=degraded
    for text in "${REASONS[@]}"; do
      REASON+="${REASON:+; }$text"
    done
  elif ((${#TARGETS[@]} == 0)); then
    STATE=waiting REASON=$WAITING_FOR
  elif ((${#LIMITED[@]})); then
    for text in "${LIMITED[@]}"; do
      REASON+="${REASON:+; }$text"
    done
  fi
}

list_targets() { # result in LIST
  local pid
  LIST=''
  for pid in "${!TARGETS[@]}"; do
    quote_json "${TARGET_NAME[$pid]}"
    LIST+="${LIST:+,}{\"pid\":$pid,\"name\":$QUOTED}"
  done
}

list_monitors() { # result in LIST
  local key
  LIST=''
  for key in "${!RUN_PID[@]}"; do
    split_key "$key"
    LIST+="${LIST:+,}{\"name\":\"$RUN_MONITOR\",\"pid\":$RUN_TARGET,\"procdumpPid\":${RUN_PID[$key]}}"
  done
}

write_status() {
  local text
  describe_state
  quote_json "$REASON"
  text="{\"state\":\"$STATE\",\"reason\":$QUOTED,\"contract\":$CONTRACT,\"runtime\":\"$RUNTIME\","
  list_targets
  text+="\"targets\":[$LIST],"
  list_monitors
  text+="\"monitors\":[$LIST],\"dumpsTaken\":$((TAKEN - INCOMPLETE)),\"dumpsIncomplete\":$INCOMPLETE,"
  text+="\"dumpsPerProcess\":${DUMPS_PER_PROCESS:-null},\"dumpsPerPod\":${DUMPS_PER_POD:-null}}"
  [[ $text != "$STATUS_WRITTEN" ]] || return 0
  printf '%s\n' "$text" >"$STATE_DIRECTORY/status.json.new"
  mv -f "$STATE_DIRECTORY/status.json.new" "$STATE_DIRECTORY/status.json"
  STATUS_WRITTEN=$text
}

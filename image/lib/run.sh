# shellcheck shell=bash
# Runs: one ProcDump for one target process and one monitor, known by the key PID:START:MONITOR.

declare -A RUN_PID=() RUN_START=() RUN_OUTPUT=() RUN_LINE=() RUN_BEGAN=() RUN_ASKED=() RUN_AFTER=() RUN_DELAY=() RUN_DONE=()
# What was run, also after it has ended: for the manifest of its dump.
declare -A RUN_COMMAND=()
# ProcDump is given this long after SIGINT: it hangs without a word where TMPDIR is not writable.
readonly STOP_SECONDS=5
# A profiler leaves the target some 7 s after its ProcDump; armed sooner, the new one is refused or blind.
readonly PROFILER_SECONDS=10
readonly LONGEST_DELAY=600
# The keys of the runs whose targets may be resumed.
readonly ARMED_LIST=$STATE_DIRECTORY/armed

split_key() { # KEY, result in RUN_TARGET, RUN_TARGET_START, RUN_MONITOR, RUN_FOLDER
  RUN_TARGET=${1%%:*} RUN_MONITOR=${1##*:} RUN_TARGET_START=${1#*:}
  RUN_TARGET_START=${RUN_TARGET_START%:*}
  RUN_FOLDER=$POD_DIRECTORY/$RUN_TARGET-$RUN_MONITOR
}

uses_profiler() { # MONITOR
  local word
  for word in "${MONITOR_WORDS[@]:MONITOR_OFFSET[$1]:MONITOR_LENGTH[$1]}"; do
    [[ $word == -e || $word == -gcm || $word == -gcgen ]] && return 0
  done
  return 1
}

start_run() { # KEY
  local output
  split_key "$1"
  resolve_words "$RUN_MONITOR"
  skip_taken_thresholds "${TAKEN_BY_RUN[$1]-0}"
  # ProcDump has no pause between the dumps of these; the agent arms it anew for each.
  ! uses_profiler "$RUN_MONITOR" || ask_for_one_dump
  if ! prepare_folder "$RUN_TARGET" "$RUN_FOLDER" 2>/dev/null; then
    set_reason "folder:$1" "found $DUMP_DIRECTORY not writable for the sidecar, expected it to hold $RUN_FOLDER: check the volume's mount and owner"
    postpone_run "$1"
    return 0
  fi
  clear_reason "folder:$1"
  # A pipe that only the agent reads, polled by its loop: no reader process per ProcDump.
  exec {output}<> <(:)
  launch_procdump "$output" "${WORDS[@]}" "$RUN_TARGET" "$RUN_FOLDER" &
  RUN_PID[$1]=$! RUN_OUTPUT[$1]=$output RUN_LINE[$1]='' RUN_BEGAN[$1]=$EPOCHSECONDS
  read_process "$!" && RUN_START[$1]=${PROCESS[start]} || RUN_START[$1]=0
  RUN_COMMAND[$1]="procdump ${WORDS[*]} $RUN_TARGET $RUN_FOLDER"
  save_armed
  log_event info procdump-started pid "$RUN_TARGET" monitor "$RUN_MONITOR" procdumpPid "$!" arguments "${WORDS[*]} $RUN_TARGET $RUN_FOLDER"
}

launch_procdump() { # DESCRIPTOR WORD...
  local output=$1 other
  shift
  exec >"/proc/self/fd/$output" 2>&1 </dev/null
  for other in "${RUN_OUTPUT[@]}" "$output" "$PAUSE"; do
    exec {other}>&-
  done
  # Its profiler library and status socket must be readable for an application of another user.
  umask 022
  # A pipe would be fully buffered: nothing in the log until 4 KB, and all lost on SIGKILL.
  exec stdbuf -oL procdump "$@"
}

read_outputs() {
  local key
  for key in "${!RUN_OUTPUT[@]}"; do
    read_output "$key"
  done
}

# Bounded, so that a ProcDump that logs without end cannot keep the loop from its work.
read_output() { # KEY
  local line left=200 descriptor=${RUN_OUTPUT[$1]}
  while ((left-- > 0)) && read -r -t 0 -u "$descriptor"; do
    if IFS= read -r -t 0.1 -u "$descriptor" line; then
      log_output "$1" "${RUN_LINE[$1]}$line"
      RUN_LINE[$1]=''
    else
      RUN_LINE[$1]+=$line
    fi
  done
}

log_output() { # KEY LINE
  local level=info message=$2
  [[ $message ]] || return 0
  if [[ $message =~ ^\[[0-9:]{8}\ -\ (DEBUG|INFO|WARN|CRITICAL|ERROR)\]:\ ?(.*)$ ]]; then
    message=${BASH_REMATCH[2]}
    case ${BASH_REMATCH[1]} in
      CRITICAL | ERROR) level=error ;;
      *) level=${BASH_REMATCH[1],,} ;;
    esac
  fi
  split_key "$1"
  remember_version "$message"
  check_claim "$1" "$message"
  # A dump that failed shows nowhere else: ProcDump goes on, or ends with an exit code that tells nothing.
  [[ $level != error ]] || set_reason "procdump:$1" "ProcDump for monitor '$RUN_MONITOR' of process $RUN_TARGET said: $message"
  log_event "$level" procdump-output pid "$RUN_TARGET" monitor "$RUN_MONITOR" message "$message"
}

# ProcDump reports success also where the runtime wrote nothing. The line comes when the file is there, and this is
# read before anything could have published and removed it.
check_claim() { # KEY MESSAGE
  local path=${2##*generated: }
  [[ $2 == 'Core dump '*'generated: /'* && ! -e $path && ! ${SETTLED[$path]-} ]] || return 0
  log_event error dump-missing pid "$RUN_TARGET" monitor "$RUN_MONITOR" path "$path" reason 'ProcDump reported this dump and there is no such file'
  set_reason "procdump:$1" "ProcDump for monitor '$RUN_MONITOR' of process $RUN_TARGET reported $path and there is no such file: check that the dump directory is the same volume at the same path in both containers"
}

reap_runs() {
  local key
  for key in "${!RUN_PID[@]}"; do
    # bash has buried a child that ended; that its number has a new owner is looked for now and then.
    if ((POLLS % 8)) && kill -0 "${RUN_PID[$key]}" 2>/dev/null; then continue; fi
    is_alive "${RUN_PID[$key]}" "${RUN_START[$key]}" || end_run "$key"
  done
}

# The exit code is logged and not believed: 0 may be a failure and 255 may follow a good dump.
end_run() { # KEY
  local code=0 descriptor=${RUN_OUTPUT[$1]}
  wait "${RUN_PID[$1]}" 2>/dev/null || code=$?
  read_output "$1"
  log_output "$1" "${RUN_LINE[$1]}"
  exec {descriptor}>&-
  split_key "$1"
  resume_target
  log_event info procdump-ended pid "$RUN_TARGET" monitor "$RUN_MONITOR" procdumpPid "${RUN_PID[$1]}" exitCode "$code"
  ((EPOCHSECONDS - RUN_BEGAN[$1] < LONGEST_DELAY)) || unset "RUN_DELAY[$1]"
  unset "RUN_PID[$1]" "RUN_START[$1]" "RUN_OUTPUT[$1]" "RUN_LINE[$1]" "RUN_BEGAN[$1]" "RUN_ASKED[$1]"
  save_armed
  postpone_run "$1"
}

may_resume() {
  local word
  ((${STOPPED[$RUN_TARGET]-0} < 2)) || return 1
  for word in "${MONITOR_WORDS[@]:MONITOR_OFFSET[$RUN_MONITOR]:MONITOR_LENGTH[$RUN_MONITOR]}"; do
    [[ $word != -sig ]] || return 1
  done
}

# A ProcDump that dies may leave its target stopped for ever. Not resumed are a target that a debugger holds (state t),
# one that was stopped before, and the target of a signal trigger: who chose that accepted it to stand still.
resume_target() {
  is_alive "$RUN_TARGET" "$RUN_TARGET_START" && [[ ${PROCESS[state]} == T ]] && may_resume || return 0
  kill -CONT "$RUN_TARGET" 2>/dev/null || return 0
  log_event warn target-resumed pid "$RUN_TARGET" monitor "$RUN_MONITOR" reason 'ProcDump left it stopped'
}

# For the agent of a container that was killed with all its ProcDumps.
save_armed() {
  local key text='' RUN_TARGET RUN_TARGET_START RUN_MONITOR RUN_FOLDER
  for key in "${!RUN_PID[@]}"; do
    split_key "$key"
    ! may_resume || text+=$key$'\n'
  done
  { printf '%s' "$text" >"$ARMED_LIST"; } 2>/dev/null || return 0
}

resume_orphans() {
  local key keys=()
  [[ ! -r $ARMED_LIST ]] || mapfile -t keys <"$ARMED_LIST"
  for key in "${keys[@]}"; do
    split_key "$key"
    [[ ! -v MONITOR_OFFSET[$RUN_MONITOR] ]] || resume_target
  done
}

postpone_run() { # KEY
  local delay=${RUN_DELAY[$1]-$BACKOFF}
  RUN_DELAY[$1]=$((delay * 2 < LONGEST_DELAY ? delay * 2 : LONGEST_DELAY))
  split_key "$1"
  if uses_profiler "$RUN_MONITOR" && ((delay < PROFILER_SECONDS)); then
    delay=$PROFILER_SECONDS
  fi
  RUN_AFTER[$1]=$((EPOCHSECONDS + delay))
}

# During a native dump ProcDump traces its target, before the file exists and until it is closed.
is_writing() { # KEY
  local line
  split_key "$1"
  has_unsettled_file "$RUN_FOLDER" && return 0
  while read -r line; do
    [[ $line == TracerPid:*[[:space:]]"${RUN_PID[$1]}" ]] && return 0
  done 2>/dev/null <"/proc/$RUN_TARGET/status"
  return 1
}

# SIGINT, never SIGTERM, which ProcDump swallows and then is deaf to SIGINT too. Never during a native dump: ProcDump
# finishes it, with the target frozen, and then deletes the file.
stop_run() { # KEY
  [[ $RUNTIME == dotnet ]] && ((STOPPING)) || ! is_writing "$1" || return 0
  if [[ ! -v RUN_ASKED[$1] ]]; then
    RUN_ASKED[$1]=$EPOCHSECONDS
    kill -INT "${RUN_PID[$1]}" 2>/dev/null || return 0
  elif ((EPOCHSECONDS - RUN_ASKED[$1] >= STOP_SECONDS)); then
    log_event warn procdump-killed procdumpPid "${RUN_PID[$1]}" reason "it did not end $STOP_SECONDS s after SIGINT"
    kill -KILL "${RUN_PID[$1]}" 2>/dev/null || return 0
  fi
}

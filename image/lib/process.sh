# shellcheck shell=bash
# What /proc tells of a process, with builtins only.

declare -A PROCESS=()

# Results in PROCESS: state, parent and start (field 22, which with the pid names a process once and for all).
# mapfile, because it costs a quarter of any other way to split the line, and every look reads several of them.
read_process() { # PID
  local fields=() i name=1
  mapfile -t -d ' ' fields 2>/dev/null <"/proc/$1/stat" || return 1
  # The command name, of up to 15 characters, may hold blanks and parentheses.
  for ((i = 2; i < 10; i++)); do
    [[ ${fields[i]-} != *')' ]] || name=$i
  done
  ((${#fields[@]} >= name + 21)) || return 1
  PROCESS[state]=${fields[name + 1]} PROCESS[parent]=${fields[name + 2]} PROCESS[start]=${fields[name + 20]}
}

# A zombie answers kill(pid, 0) but can no longer be dumped.
is_alive() { # PID START
  read_process "$1" && [[ ${PROCESS[start]} == "$2" && ${PROCESS[state]} != [ZX] ]]
}

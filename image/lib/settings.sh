# shellcheck shell=bash
# What the agent and the commands `dump` and `dumps` share.

RUNTIME='' PROCESS_NAME='' DUMP_DIRECTORY='' DUMP_MASK=''

save_settings() { # FILE
  printf '%s\n' "$RUNTIME" "$PROCESS_NAME" "$DUMP_DIRECTORY" "$DUMP_MASK" "$POD_NAME" >"$1"
}

load_settings() { # FILE
  local lines
  mapfile -t lines <"$1"
  RUNTIME=${lines[0]} PROCESS_NAME=${lines[1]} DUMP_DIRECTORY=${lines[2]} DUMP_MASK=${lines[3]} POD_NAME=${lines[4]}
}

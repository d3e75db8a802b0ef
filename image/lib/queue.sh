# shellcheck shell=bash
# The dumps that wait for publication, one file each in the state directory: source, complete, time, manifest fields.

declare -A ENTRY=()
readonly QUEUE_DIRECTORY=$STATE_DIRECTORY/queue
# One line per published dump: source, a tab, path in the store. For `dump`, which waits for its own.
readonly PUBLISHED_LIST=$STATE_DIRECTORY/published

# Fails for an entry that is gone; results in ENTRY.
read_entry() { # NUMBER
  local lines
  [[ -r $QUEUE_DIRECTORY/$1 ]] || return 1
  mapfile -t lines <"$QUEUE_DIRECTORY/$1"
  ((${#lines[@]} == 4)) || return 1
  ENTRY=([source]=${lines[0]} [complete]=${lines[1]} [time]=${lines[2]} [fields]=${lines[3]})
}

forget_entry() { # NUMBER
  rm -f "$QUEUE_DIRECTORY/$1" "$QUEUE_DIRECTORY/$1.name" "$QUEUE_DIRECTORY/$1.new"
}

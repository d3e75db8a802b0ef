# shellcheck shell=bash
# As BASH_ENV: ends the agent as an unexpected error would, at its next command, once there is the file `fault`.
set -o functrace
trap '[[ $0 != */procdump-agent || $BASHPID != "$$" || ! -e $STAND_IN_DIR/fault ]] || { rm "$STAND_IN_DIR/fault"; exit 1; }' DEBUG
